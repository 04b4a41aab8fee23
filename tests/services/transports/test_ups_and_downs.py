"""An hour of ups and downs on a clock: whatever a server does, nothing of it is left behind."""

import base64
import gc
import hashlib
import random
import re
from types import CoroutineType

import pytest
from twisted.internet.error import (
    ConnectError,
    ConnectionAborted,
    ConnectionDone,
    ConnectionLost,
    TCPTimedOutError,
)
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.services.feedwatch import FeedWatch
from livetiming.services.transports import HttpPolling, Poll, TcpLines, WebSocket
from livetiming.services.world import World

HOUR_S, STEP_S = 3600, 0.5
FEW = 30
"""Objects that may come and go."""
_ACCEPT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Line(StringTransport):
    """Our end of a connection."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.is_up = True

    def setTcpKeepAlive(self, enabled):  # noqa: N802 - Twisted's name
        """Nothing: it is no socket."""

    setTcpNoDelay = setTcpKeepAlive  # noqa: N815 - Twisted's name

    def abortConnection(self):  # noqa: N802 - Twisted's name
        self.clock.callLater(0, self.end, ConnectionAborted())

    def loseConnection(self):  # noqa: N802 - Twisted's name
        self.clock.callLater(0, self.end, ConnectionDone())

    def end(self, error):
        if self.is_up:
            self.is_up = False
            self.clock.lines.remove(self)
            self.protocol.connectionLost(Failure(error))


class Weather(MemoryReactorClock):
    """A network with a server of some protocol in it, neither of which can be relied on.

    Args:
        answers: what the server says to all that it heard on a line, and then now and then.
        chance: decides what goes wrong.
    """

    def __init__(self, answers, chance):
        super().__init__()
        self.answers, self.chance = answers, chance
        self.lines, self.happened = [], []

    def connectTCP(self, host, port, factory, timeout=30, bindAddress=None):  # noqa: N802, N803
        connector = super().connectTCP(host, port, factory, timeout, bindAddress)
        self.tcpClients.clear()
        self.connectors.clear()
        happens = self.chance.choice(["refused", "lost", *["accepted"] * 4])
        self.happened.append(happens)
        if happens == "accepted":
            self.callLater(0, self.accept, connector, factory)
        else:
            after_s, error = (
                (0.1, ConnectError()) if happens == "refused" else (timeout, TCPTimedOutError())
            )
            self.callLater(after_s, self.refuse, connector, factory, error)
        return connector

    def refuse(self, connector, factory, error):
        if not connector.stoppedConnecting:
            factory.clientConnectionFailed(connector, Failure(error))

    def accept(self, connector, factory):
        if connector.stoppedConnecting:
            return
        line = Line(self)
        line.protocol = factory.buildProtocol(None)
        if line.protocol is None:
            return
        line.silent_from = self.seconds() + self.chance.choice([0, 5, 60, 300])
        line.ends_at = self.seconds() + self.chance.choice([0, 1, 30, 120, 600])
        self.lines.append(line)
        line.protocol.makeConnection(line)

    def go_on(self):
        self.advance(STEP_S)
        for line in list(self.lines):
            if self.seconds() >= line.ends_at:
                line.end(self.chance.choice([ConnectionLost, ConnectionDone])())
            elif self.seconds() < line.silent_from:
                heard = line.value()
                line.clear()
                data = self.answers(self.chance, heard)
                if data:
                    line.protocol.dataReceived(data)


def lines(chance, _heard):
    return chance.choice([b"", b"", b"a line\n", b"half ", b"\n"])


def pages(chance, heard):
    if not heard:
        return b""
    return chance.choice(
        [
            *[b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 3\r\n\r\none'] * 9,
            *[b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo"] * 9,
            *[b"HTTP/1.1 304 Not Modified\r\n\r\n"] * 9,
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut",
            b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 3\r\n\r\n",
            b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n",
            b"garbage",
        ]
    )


def messages(chance, heard):
    key = re.search(rb"Sec-WebSocket-Key: (\S+)", heard)
    if key:
        accept = base64.b64encode(hashlib.sha1(key[1] + _ACCEPT).digest())
        head = b"HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        return head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    return chance.choice([*[b"\x81\x03one", b""] * 20, b"\x81\x09cut", b"\x88\x00", b"\xff"])


FEEDS = {
    "lines": (lines, lambda: TcpLines("127.0.0.1", 50000)),
    "pages": (
        pages,
        lambda: HttpPolling(
            [
                Poll("a", "http://127.0.0.1/a", 5),
                Poll("b", "http://127.0.0.1/b", 7, required=False),
            ],
            allow_private=True,
            random=random.Random(3),
        ),
    ),
    "messages": (messages, lambda: WebSocket("ws://127.0.0.1/", allow_private=True)),
}


def kept():
    """How many objects of a connection are alive; a log event in waiting holds its logger."""
    gc.collect()
    return sum(map(is_of_a_connection, gc.get_objects()))


def is_of_a_connection(found):
    kind = type(found)
    if kind is Logger or not isinstance(kind.__module__, str):
        return False
    return kind is CoroutineType or kind.__module__.startswith(
        ("twisted.", "autobahn.", "livetiming.")
    )


class Watching:
    """A feed that is watched on such a network."""

    def __init__(self, feed, seed):
        answers, transport = FEEDS[feed]
        self.network = Weather(answers, random.Random(seed))
        world = World(
            *(self.network, None, lambda: 0, self.network.seconds),
            *(random.Random(seed), None, print),
        )
        self.told, self.frames = set(), 0
        self.watch = FeedWatch(world, transport(), 30, self._deliver, self._become)
        self.over = self.watch.start()

    def _deliver(self, _channel, _data):
        self.frames += 1
        return True

    def _become(self, feed):
        self.told.add(str(feed.status))

    def go_on(self, seconds):
        """How many objects there are then, and the most timers and connections meanwhile."""
        most_timers = most_lines = 0
        for _ in range(int(seconds / STEP_S)):
            self.network.go_on()
            most_timers = max(most_timers, len(self.network.getDelayedCalls()))
            most_lines = max(most_lines, len(self.network.lines))
        return kept(), most_timers, most_lines


def is_weather(call):
    return isinstance(getattr(call.func, "__self__", None), Weather)


@pytest.mark.parametrize("feed", FEEDS)
def test_an_hour_of_ups_and_downs_leaves_nothing_behind(feed, said):
    watching = Watching(feed, seed=13)
    first, _, _ = watching.go_on(HOUR_S / 4)
    then, timers, connections = watching.go_on(HOUR_S * 3 / 4)
    assert watching.told == {"live", "stale", "lost"}
    assert watching.frames > 50
    assert not [line for line in said if not line[1].startswith(("feed ", "http://127.0.0.1/b"))]
    assert set(watching.network.happened) == {"refused", "lost", "accepted"}
    assert timers <= 12
    assert connections <= 2
    assert len(watching.network.happened) > 2 * FEW
    assert then - first < FEW, "objects that stay"
    watching.watch.stop()
    watching.network.advance(0)
    assert watching.over.called
    assert watching.network.lines == []
    assert [call for call in watching.network.getDelayedCalls() if not is_weather(call)] == []
