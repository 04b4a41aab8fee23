"""Lines over TCP, from a real server on the loopback, read by a reactor of their own."""

import socket
import struct
import threading

import pytest
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.epollreactor import EPollReactor
from twisted.internet.testing import MemoryReactorClock, StringTransport

from livetiming.errors import FeedError
from livetiming.services.transports.tcp_frames import CONNECT_TIMEOUT_S, IDLE_TIMEOUT_S
from livetiming.services.transports.tcp_lines import TcpLines
from tests.services.line_server import LineServer

PATIENCE_S = 20


def follow(port, *, runs=1, host="127.0.0.1", heard=None, **options):
    """Run the transport so many times: the lines, and how each run failed."""
    reactor = EPollReactor()
    lines, errors = [], []

    def deliver(channel, line):
        assert channel == ""
        lines.append(line)
        if heard:
            heard.set()

    async def runs_of():
        transport = TcpLines(host, port, **options)
        for _ in range(runs):
            try:
                await transport.run(reactor, deliver)
            except FeedError as error:
                errors.append(str(error))
        reactor.stop()

    reactor.callWhenRunning(lambda: Deferred.fromCoroutine(runs_of()))
    patience = reactor.callLater(PATIENCE_S, reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert not patience.active() or len(errors) == runs
    return lines, errors


def sends(*pieces):
    def serve(connection, _number):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)

    return serve


def test_lines_are_delivered_as_they_are_whatever_pieces_they_came_in():
    text = b"one\r\ntwo\nthr"
    with LineServer(sends(*(text[n : n + 1] for n in range(len(text))), b"ee\n\n")) as server:
        lines, errors = follow(server.port)
    assert lines == [b"one\r", b"two", b"three", b""]
    assert errors == [f"127.0.0.1:{server.port} hung up"]


def test_a_line_without_end_when_the_server_hangs_up_is_none():
    with LineServer(sends(b"one\ntw")) as server:
        lines, _ = follow(server.port, runs=2)
    assert lines == [b"one", b"one"]


def test_lines_that_are_too_long_are_cut_and_garbage_does_no_harm():
    junk = bytes(range(256)).replace(b"\n", b"") * 10
    with LineServer(sends(b"x" * 500 + b"\nok\n", junk, b"\n\xff\n")) as server:
        lines, _ = follow(server.port, max_line=100)
    assert lines == [b"x" * 100, b"ok", junk[:100], b"\xff"]


def test_a_megabyte_of_lines_comes_through_whole():
    wanted = [b"line %d" % n for n in range(100_000)]
    with LineServer(sends(b"\n".join([*wanted, b""]))) as server:
        lines, _ = follow(server.port)
    assert lines == wanted


def test_each_run_is_a_connection_of_its_own():
    def serve(connection, number):
        connection.sendall(b"connection %d\n" % number)

    with LineServer(serve) as server:
        lines, errors = follow(server.port, runs=3)
    assert lines == [b"connection 0", b"connection 1", b"connection 2"]
    assert len(errors) == 3


def test_a_connection_that_breaks_is_told():
    heard = threading.Event()

    def serve(connection, _number):
        connection.sendall(b"one\n")
        heard.wait(PATIENCE_S)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with LineServer(serve) as server:
        _, (error,) = follow(server.port, heard=heard)
    assert f"127.0.0.1:{server.port} broke the connection: " in error


def test_a_port_where_nobody_listens_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        _, (error,) = follow(port)
    assert f"127.0.0.1:{port} cannot be reached: Connection was refused" in error


@pytest.mark.parametrize("host", ["no.such.host.invalid", "no host", "", "x" * 300, "ü.invalid"])
def test_a_host_that_does_not_exist_is_told(host):
    _, (error,) = follow(1, host=host)
    assert error.startswith(f"{host}:1 cannot be reached: ")


def test_a_private_address_is_not_connected_to_where_that_is_not_allowed():
    with LineServer(sends(b"one\n")) as server:
        lines, (error,) = follow(server.port, allow_private=False)
    assert lines == []
    assert error.endswith("cannot be reached: 127.0.0.1 is no public address")


def test_a_feed_that_comes_and_goes_says_nothing_of_its_own(said):
    with LineServer(sends(b"one\n")) as server:
        follow(server.port, runs=3)
    assert [text for _, text in said if "factory" in text] == []


class Connected:
    """The transport on a clock, connected to nobody."""

    def __init__(self):
        self.reactor = MemoryReactorClock()
        self.lines = []
        transport = TcpLines("127.0.0.1", 50000)
        self.running = ensureDeferred(
            transport.run(self.reactor, lambda channel, line: self.lines.append(line))
        )
        self.running.addErrback(self._failed)
        self.error = None

    def _failed(self, failure):
        self.error = failure.value

    def connect(self):
        factory = self.reactor.tcpClients[-1][2]
        self.protocol = factory.buildProtocol(None)
        self.transport = _Line(self.protocol)
        self.protocol.makeConnection(self.transport)
        return self


class _Line(StringTransport):
    def __init__(self, protocol):
        super().__init__()
        self.protocol = protocol

    def setTcpKeepAlive(self, enabled):  # noqa: N802 - Twisted's name
        self.alive = enabled

    def abortConnection(self):  # noqa: N802 - Twisted's name
        if self.connected:
            super().abortConnection()
            from twisted.internet.error import ConnectionAborted
            from twisted.python.failure import Failure

            self.connected = False
            self.protocol.connectionLost(Failure(ConnectionAborted()))


def test_a_silent_connection_is_given_up_after_a_while():
    connected = Connected().connect()
    connected.protocol.dataReceived(b"one\n")
    connected.reactor.advance(IDLE_TIMEOUT_S - 1)
    connected.protocol.dataReceived(b"t")
    connected.reactor.advance(IDLE_TIMEOUT_S - 1)
    assert connected.error is None
    connected.reactor.advance(1)
    assert str(connected.error) == f"127.0.0.1:50000 was silent for {IDLE_TIMEOUT_S:g} s"
    assert connected.lines == [b"one"]
    assert not connected.reactor.getDelayedCalls()


def test_a_server_that_does_not_answer_is_given_up():
    connected = Connected()
    assert connected.reactor.tcpClients[-1][3] == CONNECT_TIMEOUT_S


def test_a_run_that_is_cancelled_hangs_up():
    connected = Connected().connect()
    assert connected.transport.alive
    connected.running.cancel()
    assert not connected.transport.connected
    assert not connected.reactor.getDelayedCalls()
