"""Real connections to a real router, each through a network of its own that can be cut."""

import itertools
import random

import pytest

from livetiming.network.wamp import connect
from tests.cli.programs import wait_for
from tests.network.cutting import Cut, Cutter
from tests.network.running import in_reactor, reactor_in_thread

_numbers = itertools.count()


@pytest.fixture
def router(router):
    """The router; one that a test has broken comes back before the next."""
    wait_for(router.is_healthy, "the router's return", 60)
    return router


@pytest.fixture
def fresh():
    """A part of a name that no test has used."""
    return f"t{next(_numbers):031d}"


@pytest.fixture
def net(router):
    net = RealNet(router)
    yield net
    net.close()


@pytest.fixture
def said():
    """What was logged, as (level, text)."""
    from twisted.logger import formatEvent, globalLogPublisher

    heard = []

    def observe(event):
        failure = event.get("log_failure")
        text = formatEvent(event) if failure is None else f"{formatEvent(event)}: {failure.value}"
        heard.append((event["log_level"].name, event["log_namespace"], text))

    in_reactor(globalLogPublisher.addObserver, observe)
    yield heard
    in_reactor(globalLogPublisher.removeObserver, observe)


class RealNet:
    """See `tests.network.connection_contract`."""

    def __init__(self, router):
        self.router = router
        self.reactor = reactor_in_thread()
        self._cutters = {}

    def connect(self, secret=None, *, joined=True, **wishes):
        """A connection, joined unless that is not to be waited for."""
        cutter = in_reactor(Cutter(self.reactor, self.router.port).start)
        find = secret or (lambda: self.router.secret)

        def start():
            jitter = random.Random(len(self._cutters))
            return connect(self.reactor, cutter.url, find, jitter, **wishes)

        connection = in_reactor(start)
        self._cutters[connection] = cutter
        if joined:
            wait_for(lambda: connection.joined, "the join")
        return connection

    def connect_straight(self):
        """A joined connection without a network that can be cut; who asks for it closes it."""

        def start():
            return connect(
                self.reactor, self.router.url, lambda: self.router.secret, random.Random(1)
            )

        connection = in_reactor(start)
        wait_for(lambda: connection.joined, "the join")
        return connection

    def cutter(self, connection):
        return self._cutters[connection]

    def cut(self, connection, how=Cut.REFUSE, seconds=None):
        in_reactor(self._cutters[connection].cut, how, seconds)
        if how is Cut.REFUSE:
            wait_for(lambda: not connection.joined, "the loss", 2)

    def heal(self, connection):
        in_reactor(self._cutters[connection].heal)

    def do(self, function, *args):
        return in_reactor(function, *args)

    def ask(self, connection, procedure, *args):
        return in_reactor(connection.call, procedure, *args)

    def begin(self, connection, procedure, *args):
        """A call under way: its Deferred in a list, as the reactor would wait for it."""
        return in_reactor(lambda: [connection.call(procedure, *args)])

    def end(self, asked):
        return in_reactor(lambda: asked[0])

    def until(self, check, what):
        wait_for(check, what, 15)

    def settle(self, *connections):
        """The router answers in order: after an answer, everything before it was heard."""
        for connection in connections:
            self._settle(connection)

    def _settle(self, connection):
        wait_for(lambda: connection.joined, "the join")
        heard = []
        topic = f"livetiming.public.settle.{next(_numbers)}"
        kept = in_reactor(connection.subscribe, topic, print, lambda: heard.append(1))
        wait_for(lambda: heard, "an answer")
        in_reactor(kept.stop)

    def seconds(self):
        return self.reactor.seconds()

    def close(self):
        """Close all, and end the networks."""
        for connection, cutter in self._cutters.items():
            in_reactor(connection.close)
            in_reactor(cutter.stop)
