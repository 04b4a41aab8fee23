"""A router in memory, and connections to it: what WAMP promises and no more.

Messages take a while, overtake each other, and may be lost. What a connection sends while the
router is away is gone, as are calls under way. A connection may be half open: nothing comes
through, and neither side knows it until its own ping tells.
"""

from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from livetiming.network.connection import CallFailed
from tests.network.simulated_connection import SimulatedConnection

CANCELED = "wamp.error.canceled"


class SimulatedRouter:
    """Carries messages between connections.

    Args:
        clock: of the world.
        rng: how long each leg takes, and what is lost.
        delay_s: the shortest and the longest leg.
    """

    def __init__(self, clock: Clock, rng: Random, delay_s=(0.001, 0.02)) -> None:
        self.clock = clock
        self.rng = rng
        self.delay_s = delay_s
        self.lost = 0.0
        """The share of events that get lost."""
        self.lost_legs = 0.0
        """The share of the legs of calls that get lost."""
        self.late = 0.0
        """The share of the legs that take longer, up to `late_s`."""
        self.late_s = 3.0
        self.ordered = False
        """Whether messages never overtake each other on their way to or from one connection."""
        self.reconnect_s: tuple[float, float] | None = None
        """After so long a connection that was thrown off comes back; `None`: when told to."""
        self.up = True
        self.connections: list[SimulatedConnection] = []
        self.sessions: list[_Session] = []
        self.retained: dict[str, tuple] = {}
        self.calls: list[tuple[float, str, tuple]] = []
        self.told = None
        """Told of each message: what it is, who sends it, its name, its arguments."""
        self.numbers = 0
        self._subscribed: dict[str, list] = {}

    def connect(self, name: str) -> SimulatedConnection:
        connection = SimulatedConnection(self, name)
        self.connections.append(connection)
        connection.rejoin()
        return connection

    def welcome(self, connection: SimulatedConnection) -> "_Session":
        """A connection joins."""
        return _Session(connection)

    def kill(self) -> None:
        """Everybody is thrown off; what it remembered is gone."""
        self.up = False
        self.retained.clear()
        for session in list(self.sessions):
            session.end()
        for connection in list(self.connections):
            if not connection.swallowing:
                connection.drop()

    def restart(self) -> None:
        self.up = True
        for connection in list(self.connections):
            connection.come_back()

    def delay(self) -> float:
        low, high = self.delay_s
        if self.late and self.rng.random() < self.late:
            high = self.late_s
        return low + (high - low) * self.rng.random()

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def leg(self, session: "_Session", function, *args) -> None:
        """Do something after a leg, unless the session is over or nothing comes through."""

        def arrive():
            connection = session.connection
            if session.alive and connection.session is session and not connection.swallowing:
                function(*args)

        delay = self.delay()
        if self.ordered:
            now = self.clock.seconds()
            session.arrived_at = max(session.arrived_at, now + delay)
            delay = session.arrived_at - now
        self.clock.callLater(delay, arrive)

    def call_leg(self, session: "_Session", function, *args) -> None:
        """A leg of a call, which may be lost."""
        if not self.lost_legs or self.rng.random() >= self.lost_legs:
            self.leg(session, function, *args)

    def tell(self, *what) -> None:
        if self.told is not None:
            self.told(*what)

    def deliver(self, sender: "_Session", topic: str, args: tuple) -> None:
        self.tell("event", sender.connection.name, topic, args)
        for subscription in list(self._subscribed.get(topic, ())):
            session = subscription.session
            if session is not sender and (not self.lost or self.rng.random() >= self.lost):
                self.leg(session, subscription.hear, args)

    def subscribe(self, subscription) -> None:
        self._subscribed.setdefault(subscription.topic, []).append(subscription)

    def unsubscribe(self, subscription) -> None:
        hearing = self._subscribed.get(subscription.topic, [])
        if subscription in hearing:
            hearing.remove(subscription)

    def callee(self, procedure: str) -> "_Made | None":
        """Exact names first, the newest of them; then the longest prefix."""
        found = [made for session in self.sessions for made in session.made]
        found = [made for made in found if made.answers(procedure)]
        return max(found, key=_Made.rank) if found else None

    def is_held(self, procedure: str, *, prefix: bool) -> bool:
        return any(
            made.procedure == procedure and made.prefix == prefix
            for session in self.sessions
            for made in session.made
        )


class _Session:
    """A connection as the router sees it; it may outlive the other side."""

    def __init__(self, connection: SimulatedConnection) -> None:
        self.connection = connection
        self.router = connection.router
        self.alive = True
        self.arrived_at = 0.0
        self.made: list[_Made] = []
        self.asked: list[_Call] = []
        self.hearing: list = []
        self.router.sessions.append(self)

    def begin_call(self, result: Deferred) -> "_Call":
        """It asks something."""
        return _Call(self, result)

    def make(self, registration) -> None:
        """It answers at a name from now on."""
        self.made.append(_Made(registration, self))

    def end(self) -> None:
        """The router drops it: its calls fail, its names are free."""
        if not self.alive:
            return
        self.alive = False
        self.router.sessions.remove(self)
        for subscription in self.hearing:
            self.router.unsubscribe(subscription)
        self.made.clear()
        asked, self.asked = self.asked, []
        for call in asked:
            call.end(CallFailed(CANCELED))


class _Made:
    """A registration that the router knows."""

    def __init__(self, registration, session: _Session) -> None:
        self.registration = registration
        self.session = session
        self.procedure, self.prefix = registration.procedure, registration.prefix
        self.number = session.router.number()

    def answers(self, procedure: str) -> bool:
        return procedure.startswith(self.procedure) if self.prefix else procedure == self.procedure

    def rank(self):
        return (not self.prefix, len(self.procedure), self.number)


class _Call:
    """A call under way at the router."""

    def __init__(self, caller: _Session, result: Deferred) -> None:
        self.caller = caller
        self.result = result
        self.callee: _Session | None = None

    def end(self, value) -> None:
        """The router passes on how it ended."""
        if self.callee is not None and self in self.callee.asked:
            self.callee.asked.remove(self)
        self.caller.router.call_leg(self.caller, self.caller.connection.settled, self.result, value)
