"""A connection to the router in memory: what is kept is made anew at each join."""

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.python.failure import Failure

from livetiming.network.connection import CALL_S, CallFailed, Refused
from livetiming.network.names import NO_SUCH_PROCEDURE, NOT_JOINED, TIMEOUT

NOTICED_S = (5.0, 15.0)
"""So long until a side of a half-open connection knows it."""
REGISTER_AGAIN_S = 2.0
"""A name that somebody else holds is asked for again after that."""


class SimulatedConnection:
    """See `livetiming.network.connection.Connection`."""

    def __init__(self, router, name: str) -> None:
        self.router = router
        self.name = name
        self.session = None
        self.cut = False
        """Whether the network between it and the router is cut."""
        self.swallowing = False
        """Whether what is sent either way is gone, and nobody is told."""
        self.closed = False
        self.subscriptions: list = []
        self.registrations: list = []
        self.waiting: list[Deferred] = []
        self._told: list = []

    @property
    def joined(self) -> bool:
        return self.session is not None

    # --- what worlds do to it

    def drop(self) -> None:
        """Thrown off: what was under way fails; the router knows it too."""
        if self.session is not None:
            self.session.end()
        self._leave()

    def _leave(self) -> None:
        """This side knows that the connection is gone."""
        if self.session is None:
            return
        self.session = None
        waiting, self.waiting = self.waiting, []
        for deferred in waiting:
            deferred.errback(CallFailed(NOT_JOINED))
        if self.router.reconnect_s is not None:
            self.come_back()

    def come_back(self) -> None:
        """Rejoin after a while, as clients do; at once where that is not simulated."""
        if self.router.reconnect_s is not None:
            self.router.clock.callLater(
                self.router.rng.uniform(*self.router.reconnect_s), self.rejoin
            )
        else:
            self.rejoin()

    def swallow(self) -> None:
        """From now on it is half open."""
        if self.swallowing:
            return
        self.swallowing = True
        if self.session is None:
            return
        clock, rng, session = self.router.clock, self.router.rng, self.session
        clock.callLater(rng.uniform(*NOTICED_S), session.end)
        clock.callLater(rng.uniform(*NOTICED_S), lambda: self.session is session and self._leave())

    def heal(self) -> None:
        """The network is back."""
        self.cut = self.swallowing = False
        if self.session is not None and not self.session.alive:
            self._leave()
        self.come_back()

    def rejoin(self) -> None:
        if self.joined or self.closed or self.cut or self.swallowing or not self.router.up:
            return
        self.session = self.router.welcome(self)
        for subscription in self.subscriptions:
            subscription.make()
        for registration in self.registrations:
            registration.make()
        self.router.leg(self.session, self._tell, list(self._told))

    def close(self) -> None:
        """Its process is gone."""
        self.closed = True
        self.waiting.clear()
        session, self.session = self.session, None
        if session is not None and not self.swallowing:
            session.end()
        if self in self.router.connections:
            self.router.connections.remove(self)

    def _tell(self, those) -> None:
        for told in those:
            told()

    # --- Connection

    def on_join(self, told) -> None:
        self._told.append(told)
        self._soon(told)

    def _soon(self, told) -> None:
        """The router's answers to what is kept have come; no message is waited for."""
        session = self.session

        def tell():
            if self.session is session and session is not None:
                told()

        self.router.clock.callLater(self.router.rng.uniform(*self.router.delay_s), tell)

    def publish(self, topic, *args, retained=False) -> None:
        _check(args)
        if self.session is not None:
            self.router.leg(self.session, self._publish, self.session, topic, args, retained)

    def _publish(self, session, topic, args, retained) -> None:
        if retained:
            self.router.retained[topic] = args
        self.router.deliver(session, topic, args)

    def call(self, procedure, *args) -> Deferred:
        _check(args)
        result: Deferred = Deferred()
        if self.session is None:
            result.errback(CallFailed(NOT_JOINED))
            return result
        clock = self.router.clock
        self.router.calls.append((clock.seconds(), procedure, args))
        self.router.tell("call", self.name, procedure, args)
        self.waiting.append(result)
        limit = clock.callLater(CALL_S, self.settled, result, CallFailed(TIMEOUT))
        result.addBoth(lambda value: (limit.active() and limit.cancel(), value)[1])
        call = self.session.begin_call(result)
        self.router.call_leg(self.session, self._route, call, procedure, args)
        return result

    def _route(self, call, procedure, args) -> None:
        made = self.router.callee(procedure)
        if made is None:
            call.end(CallFailed(NO_SUCH_PROCEDURE))
            return
        call.callee = made.session
        made.session.asked.append(call)
        self.router.call_leg(
            made.session, made.session.connection.asked, made, call, procedure, args
        )

    def asked(self, made, call, procedure, args) -> None:
        """Somebody calls what was registered here."""
        if made.registration not in self.registrations:
            self.router.call_leg(made.session, call.end, CallFailed(NO_SUCH_PROCEDURE))
            return

        def back(value):
            if not isinstance(value, CallFailed):
                _check((value,))
                self.router.tell("answer", self.name, procedure, (value,))
            self.router.call_leg(made.session, call.end, value)

        def refuse(failure: Failure):
            error = failure.value
            if not isinstance(error, Refused):
                self.router.clock.callLater(0, failure.raiseException)
            name = error.error if isinstance(error, Refused) else "wamp.error.runtime_error"
            back(CallFailed(name, str(error)))

        maybeDeferred(made.registration.ask, procedure, args).addCallbacks(back, refuse)

    def settled(self, result: Deferred, value) -> None:
        """A call ended."""
        if result not in self.waiting:
            return
        self.waiting.remove(result)
        if isinstance(value, CallFailed):
            result.errback(value)
        else:
            result.callback(value)

    def subscribe(self, topic, take, ready=None):
        subscription = _Subscription(self, topic, take, ready)
        self.subscriptions.append(subscription)
        subscription.make()
        return subscription

    def register(self, procedure, answer, *, prefix=False, shared=False):
        registration = _Registration(self, procedure, answer, prefix, shared)
        self.registrations.append(registration)
        registration.make()
        return registration


class _Subscription:
    def __init__(self, connection, topic, take, ready):
        self.connection, self.topic, self.take, self.ready = connection, topic, take, ready
        self.session = None

    def make(self):
        session = self.connection.session
        if session is not None:
            session.router.leg(session, self._made, session)

    def _made(self, session):
        if self not in self.connection.subscriptions or self.session is session:
            return
        router, self.session = session.router, session
        session.hearing.append(self)
        router.subscribe(self)
        if self.topic in router.retained:
            router.leg(session, self.hear, router.retained[self.topic])
        if self.ready is not None:
            self.ready()

    def hear(self, args):
        if self in self.connection.subscriptions:
            self.take(*args)

    def stop(self):
        if self in self.connection.subscriptions:
            self.connection.subscriptions.remove(self)
            self.connection.router.unsubscribe(self)


class _Registration:
    def __init__(self, connection, procedure, answer, prefix, shared):
        self.connection, self.procedure, self.answer = connection, procedure, answer
        self.prefix, self.shared = prefix, shared

    def make(self):
        session = self.connection.session
        if session is not None:
            session.router.leg(session, self._make, session)

    def _make(self, session):
        """The router refuses a name that somebody holds for himself."""
        if self not in self.connection.registrations:
            return
        if not self.shared and session.router.is_held(self.procedure, prefix=self.prefix):
            session.router.clock.callLater(REGISTER_AGAIN_S, self._again, session)
            return
        session.make(self)

    def _again(self, session):
        if self.connection.session is session:
            self.make()

    def ask(self, procedure, args):
        return self.answer(procedure, *args) if self.prefix else self.answer(*args)

    def stop(self):
        if self not in self.connection.registrations:
            return
        self.connection.registrations.remove(self)
        session = self.connection.session
        if session is not None:
            session.router.leg(session, self._unmake, session)

    def _unmake(self, session):
        session.made[:] = [made for made in session.made if made.registration is not self]


_PLAIN = (str, int, type(None))


def _check(args) -> None:
    """What would not survive JSON would not survive the wire."""
    for value in args:
        if isinstance(value, dict):
            assert all(isinstance(key, str) for key in value), value
            _check(value.values())
        else:
            assert isinstance(value, _PLAIN), value
