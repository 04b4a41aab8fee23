"""Frames over TCP, from a real server on the loopback, read by a reactor of their own."""

import threading
from contextlib import suppress

from twisted.internet.defer import Deferred
from twisted.internet.epollreactor import EPollReactor

from livetiming.errors import FeedError
from livetiming.services.transports import LengthSplitter, LineSplitter, TcpFrames
from tests.services.line_server import LineServer

PATIENCE_S = 20


def follow(port, splitter, *, runs=1, **options):
    """Run the transport so many times: the frames, and how each run failed."""
    reactor = EPollReactor()
    frames, errors = [], []

    async def runs_of():
        transport = TcpFrames("127.0.0.1", port, splitter, **options)
        for _ in range(runs):
            try:
                await transport.run(reactor, lambda channel, frame: frames.append(frame))
            except FeedError as error:
                errors.append(str(error))
        patience.cancel()
        assert reactor.getDelayedCalls() == []
        reactor.stop()

    reactor.callWhenRunning(lambda: Deferred.fromCoroutine(runs_of()))
    patience = reactor.callLater(PATIENCE_S, reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert len(errors) == runs
    return frames, errors


def sends(*pieces, then=lambda: None):
    def serve(connection, _number):
        for piece in pieces:
            connection.sendall(piece)
        then()

    return serve


def lengths():
    return LengthSplitter(10, int, max_body=100_000)


def documents():
    return LineSplitter(b"<EOM>")


def test_documents_are_cut_at_their_end_marks_whatever_pieces_they_came_in():
    text = b'{"a": 1}<EOM>{"b":\n2}<EOM><EO>M<EOM>{"cut'
    pieces = [text[n : n + 1] for n in range(len(text))]
    with LineServer(sends(*pieces)) as server:
        frames, errors = follow(server.port, documents)
    assert frames == [b'{"a": 1}', b'{"b":\n2}', b"<EO>M"]
    assert errors == [f"127.0.0.1:{server.port} hung up"]


def test_a_connection_that_breaks_in_mid_frame_begins_with_a_whole_one_the_next_time():
    with LineServer(sends(b"0000000003one0000000003tw")) as server:
        frames, errors = follow(server.port, lengths, runs=3)
    assert frames == [b"one"] * 3
    assert errors == [f"127.0.0.1:{server.port} hung up"] * 3


def test_garbage_in_place_of_a_header_makes_the_connection_anew():
    gone = threading.Event()

    def serve(connection, number):
        connection.sendall(b"0000000003oneGARBAGE...0000000003two")
        with suppress(ConnectionResetError):
            connection.recv(1)
        gone.set()

    with LineServer(serve) as server:
        frames, (error, _) = follow(server.port, lengths, runs=2)
        assert gone.wait(PATIENCE_S)
    assert frames == [b"one"] * 2
    start = f"127.0.0.1:{server.port} sent no frame: expected a header, got b'GARBAGE...': "
    assert error.startswith(start)


def test_a_frame_that_is_said_to_be_huge_is_not_waited_for():
    with LineServer(sends(b"9999999999", b"x" * 1000)) as server:
        frames, (error,) = follow(server.port, lengths)
    assert frames == []
    assert "sent no frame: expected a body of at most 100000 bytes" in error


def test_many_frames_come_through_whole():
    wanted = [b"frame %d" % n * 50 for n in range(5000)]
    data = b"".join(b"%010d" % len(body) + body for body in wanted)
    with LineServer(sends(data)) as server:
        frames, _ = follow(server.port, lengths)
    assert frames == wanted


def test_a_server_that_is_silent_is_given_up():
    with LineServer(lambda connection, _: connection.recv(1)) as server:
        _, (error,) = follow(server.port, lengths, idle_s=0.1)
    assert error == f"127.0.0.1:{server.port} was silent for 0.1 s"
