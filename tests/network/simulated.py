"""A router in memory, and connections to it: what WAMP promises and no more.

Messages take a while, may be lost, and answers may overtake them. What a connection sends while the
router is away is gone, as are calls under way.
"""

import json
from random import Random

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from livetiming.network.connection import CALL_S, NOT_JOINED, TIMEOUT, CallFailed, Refused
from livetiming.network.names import NO_SUCH_PROCEDURE

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
        self.up = True
        self.connections: list[SimulatedConnection] = []
        self.retained: dict[str, tuple] = {}
        self.calls: list[tuple[float, str, tuple]] = []

    def connect(self, name: str) -> "SimulatedConnection":
        connection = SimulatedConnection(self, name)
        self.connections.append(connection)
        connection.rejoin()
        return connection

    def kill(self) -> None:
        """Everybody is thrown off; what it remembered is gone."""
        self.up = False
        self.retained.clear()
        for connection in list(self.connections):
            connection.drop()

    def restart(self) -> None:
        self.up = True
        for connection in self.connections:
            connection.rejoin()

    def delay(self) -> float:
        low, high = self.delay_s
        return low + (high - low) * self.rng.random()

    def later(self, connection, function, *args) -> None:
        """Do something after a leg, unless the connection was thrown off meanwhile."""
        joined = connection.attempt

        def arrive():
            if connection.attempt == joined and connection.joined:
                function(*args)

        self.clock.callLater(self.delay(), arrive)

    def deliver(self, sender, topic, args) -> None:
        for connection in self.connections:
            if connection is sender or not connection.joined:
                continue
            for subscription in list(connection.subscriptions):
                if subscription.topic != topic or not subscription.ready_now:
                    continue
                if self.rng.random() >= self.lost:
                    self.later(connection, subscription.hear, args)

    def callee(self, procedure):
        """Exact names first, the newest of them; then the longest prefix."""
        found = [
            (not r.prefix, len(r.procedure), r.number, r)
            for connection in self.connections
            for r in connection.registrations
            if r.made and r.answers(procedure)
        ]
        return max(found)[-1] if found else None


class SimulatedConnection:
    """See `livetiming.network.connection.Connection`."""

    def __init__(self, router: SimulatedRouter, name: str) -> None:
        self.router = router
        self.name = name
        self.attempt = 0
        self.cut = False
        """Whether the network between it and the router is cut."""
        self.closed = False
        self.subscriptions: list[_Subscription] = []
        self.registrations: list[_Registration] = []
        self.waiting: list[Deferred] = []
        self._told: list = []
        self._joined = False

    @property
    def joined(self) -> bool:
        return self._joined

    # --- what worlds do to it

    def drop(self) -> None:
        """Thrown off: what was under way fails."""
        self._joined = False
        self.attempt += 1
        for kept in (*self.subscriptions, *self.registrations):
            kept.made = kept.ready_now = False
        waiting, self.waiting = self.waiting, []
        for deferred in waiting:
            deferred.errback(CallFailed(NOT_JOINED))

    def rejoin(self) -> None:
        if self.joined or self.closed or self.cut or not self.router.up:
            return
        self._joined = True
        for subscription in self.subscriptions:
            subscription.make()
        for registration in self.registrations:
            registration.make()
        self.router.later(self, self._tell)

    def close(self) -> None:
        """Its process is gone."""
        self.closed = True
        self.drop()
        self.waiting.clear()
        self.router.connections.remove(self)

    def _tell(self) -> None:
        for told in list(self._told):
            told()

    # --- Connection

    def on_join(self, told) -> None:
        self._told.append(told)
        if self.joined:
            self.router.later(self, told)

    def publish(self, topic, *args, retained=False) -> None:
        _check(args)
        if self.joined:
            if retained:
                self.router.retained[topic] = args
            self.router.later(self, self.router.deliver, self, topic, args)

    def call(self, procedure, *args) -> Deferred:
        _check(args)
        result: Deferred = Deferred()
        if not self.joined:
            result.errback(CallFailed(NOT_JOINED))
            return result
        self.router.calls.append((self.router.clock.seconds(), procedure, args))
        self.waiting.append(result)
        limit = self.router.clock.callLater(CALL_S, self._failed, result, CallFailed(TIMEOUT))
        result.addBoth(lambda value: (limit.active() and limit.cancel(), value)[1])
        self.router.later(self, self._call, procedure, args, result)
        return result

    def _call(self, procedure, args, result) -> None:
        registration = self.router.callee(procedure)
        if registration is None:
            self.router.later(self, self._failed, result, CallFailed(NO_SUCH_PROCEDURE))
            return
        callee = registration.connection
        joined = callee.attempt

        def ask():
            if callee.attempt != joined or not callee.joined:
                self.router.later(self, self._failed, result, CallFailed(CANCELED))
                return
            answering = maybeDeferred(registration.ask, procedure, args)
            answering.addCallbacks(answer, refuse)

        def answer(value):
            _check((value,))
            if callee.attempt == joined:
                self.router.later(self, self._answered, result, value)
            else:
                self.router.later(self, self._failed, result, CallFailed(CANCELED))

        def refuse(failure: Failure):
            error = failure.value
            name = error.error if isinstance(error, Refused) else "wamp.error.runtime_error"
            if not isinstance(error, Refused):
                self.router.clock.callLater(0, failure.raiseException)
            self.router.later(self, self._failed, result, CallFailed(name, str(error)))

        self.router.clock.callLater(self.router.delay(), ask)

    def _answered(self, result, value) -> None:
        if result in self.waiting:
            self.waiting.remove(result)
            result.callback(value)

    def _failed(self, result, error) -> None:
        if result in self.waiting:
            self.waiting.remove(result)
            result.errback(error)

    def subscribe(self, topic, take, ready=None):
        subscription = _Subscription(self, topic, take, ready)
        self.subscriptions.append(subscription)
        if self.joined:
            subscription.make()
        return subscription

    def register(self, procedure, answer, *, prefix=False, shared=False):
        registration = _Registration(self, procedure, answer, prefix, shared)
        self.registrations.append(registration)
        if self.joined:
            registration.make()
        return registration


class _Subscription:
    def __init__(self, connection, topic, take, ready):
        self.connection, self.topic, self.take, self.ready = connection, topic, take, ready
        self.made = self.ready_now = False

    def make(self):
        self.connection.router.later(self.connection, self._made)

    def _made(self):
        if self not in self.connection.subscriptions or self.ready_now:
            return
        self.made = self.ready_now = True
        if self.topic in self.connection.router.retained:
            args = self.connection.router.retained[self.topic]
            self.connection.router.later(self.connection, self.hear, args)
        if self.ready is not None:
            self.ready()

    def hear(self, args):
        if self in self.connection.subscriptions:
            self.take(*args)

    def stop(self):
        if self in self.connection.subscriptions:
            self.connection.subscriptions.remove(self)


class _Registration:
    _numbers = 0

    def __init__(self, connection, procedure, answer, prefix, shared):
        self.connection, self.procedure, self.answer = connection, procedure, answer
        self.prefix, self.shared = prefix, shared
        self.made = self.ready_now = False
        self.number = 0

    def make(self):
        self.connection.router.later(self.connection, self._made)

    def _made(self):
        if self not in self.connection.registrations:
            return
        _Registration._numbers += 1
        self.made, self.number = True, _Registration._numbers

    def answers(self, procedure):
        if not self.connection.joined:
            return False
        return procedure.startswith(self.procedure) if self.prefix else procedure == self.procedure

    def ask(self, procedure, args):
        return self.answer(procedure, *args) if self.prefix else self.answer(*args)

    def stop(self):
        if self in self.connection.registrations:
            self.connection.registrations.remove(self)


def _check(args) -> None:
    """What would not survive JSON would not survive the wire."""
    for value in args:
        assert json.loads(json.dumps(value)) == value, value
