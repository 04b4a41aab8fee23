import itertools
from random import Random

import pytest
from twisted.internet.task import Clock

from tests.network.connection_contract import ConnectionContract
from tests.network.simulated import SimulatedRouter


class SimulatedNet:
    """See `tests.network.connection_contract`."""

    def __init__(self, seed):
        self.clock = Clock()
        self.router = SimulatedRouter(self.clock, Random(seed))
        self._names = itertools.count()

    def connect(self):
        connection = self.router.connect(f"c{next(self._names)}")
        self.until(lambda: connection.joined, "the join")
        return connection

    def cut(self, connection):
        connection.cut = True
        connection.drop()

    def heal(self, connection):
        connection.cut = False
        connection.rejoin()

    def do(self, function, *args):
        return function(*args)

    def ask(self, connection, procedure, *args):
        return self.end(self.begin(connection, procedure, *args))

    def begin(self, connection, procedure, *args):
        ended = []
        connection.call(procedure, *args).addBoth(ended.append)
        return ended

    def end(self, ended):
        self.until(lambda: ended, "the end of the call")
        if isinstance(ended[0], Exception):
            raise ended[0]
        if hasattr(ended[0], "raiseException"):
            ended[0].raiseException()
        return ended[0]

    def until(self, check, what):
        for _ in range(3000):
            if check():
                return
            self.clock.advance(0.005)
        raise AssertionError(f"in 15 s not: {what}")

    def settle(self, *connections):
        for _ in range(40):
            self.clock.advance(0.005)

    def seconds(self):
        return self.clock.seconds()


class TestSimulatedConnection(ConnectionContract):
    """The one that most tests use; its events may overtake each other, as WAMP's do not."""

    @pytest.fixture
    def fresh(self):
        return "0" * 32

    @pytest.fixture(params=range(3))
    def net(self, request):
        return SimulatedNet(request.param)
