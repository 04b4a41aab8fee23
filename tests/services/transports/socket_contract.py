"""What every transport over a WebSocket does, whatever is spoken over it.

Subclass `SocketContract` and give `dialect`, `transport`, `steps` and `said`.
"""

import socket
from itertools import count

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.testing import MemoryReactorClock

from livetiming.errors import FeedError
from livetiming.services.transports import Times
from tests.services.line_server import LineServer
from tests.services.transports.meeting import meet, meet_and_part
from tests.services.transports.socket_server import HANG_UP, SILENCE

QUICK = Times(connect_s=5, handshake_s=0.3, idle_s=0.3, ping_s=5)
IDLE = QUICK._replace(handshake_s=5)
PATIENT = Times(connect_s=5, handshake_s=5, idle_s=5, ping_s=5)
LIMIT = 64 * 1024


def frame(payload, *, length=None):
    """A text frame, as a server writes it: unmasked; its length may lie."""
    size = len(payload) if length is None else length
    head = bytes([0x81, size]) if size < 126 else bytes([0x81, 126]) + size.to_bytes(2, "big")
    return head + payload


class SocketContract:
    dialect = None
    """Of the server; see `SocketServer`."""
    steps = 0
    """Of a conversation, until the feed begins."""
    greeted = ()
    """What is delivered of the greeting."""

    def transport(self, port, *, times=PATIENT, max_message=LIMIT, allow_private=True):
        """Ours, for a server on that port."""
        raise NotImplementedError

    def record(self, text):
        """A record that holds a text."""
        raise NotImplementedError

    def said(self, record):
        """How the server says a record: a message of the WebSocket."""
        return record

    def meet(self, feed, **options):
        times = options.pop("times", PATIENT)
        return meet(self.dialect, lambda port: self.transport(port, times=times), feed, **options)

    def test_records_are_delivered_as_they_are_and_in_their_order(self):
        wanted = [self.record(f"number {n} ä\u2028'\"") for n in range(300)]

        async def feed(peer):
            peer.say(*map(self.said, wanted))
            peer.hang_up()

        met = self.meet(feed)
        assert met.heard == [*self.greeted, *wanted]
        assert met.server.steps == self.steps
        assert str(met.errors[0]).endswith(" hung up")

    def test_a_connection_that_ends_in_the_midst_of_a_frame_costs_that_frame(self):
        record = self.record("one")

        async def feed(peer):
            peer.say(self.said(record))
            peer.raw(frame(self.said(record).encode())[:-3])
            peer.hang_up()

        met = self.meet(feed)
        assert met.heard == [*self.greeted, record]
        assert str(met.errors[0]).endswith(" hung up")

    def test_what_comes_byte_by_byte_is_whole(self):
        record = self.record("slow")

        async def feed(peer):
            data = iter(frame(self.said(record).encode()) * 2)

            def drip():
                byte = next(data, None)
                if byte is None:
                    peer.hang_up()
                else:
                    peer.raw(bytes([byte]))
                    peer.factory.reactor.callLater(0, drip)

            drip()

        assert self.meet(feed).heard == [*self.greeted, record, record]

    def test_a_message_of_fragments_is_whole(self):
        record = self.record("in pieces")

        async def feed(peer):
            peer.beginMessage()
            said = self.said(record).encode()
            for at in range(0, len(said), 5):
                peer.sendMessageFrame(said[at : at + 5])
            peer.endMessage()
            peer.hang_up()

        assert self.meet(feed).heard == [*self.greeted, record]

    @pytest.mark.parametrize("text", ["x" * (LIMIT - 500), "ä" * (LIMIT // 2 - 500)])
    def test_a_message_up_to_the_limit_is_delivered(self, text):
        record = self.record(text)

        async def feed(peer):
            peer.say(self.said(record))
            peer.hang_up()

        assert self.meet(feed).heard == [*self.greeted, record]

    @pytest.mark.parametrize("length", [LIMIT + 1, 10 * LIMIT])
    def test_a_longer_message_ends_the_connection(self, length):
        async def feed(peer):
            peer.say(self.said(self.record("x" * length)))

        met = self.meet(feed)
        assert met.heard == list(self.greeted)
        assert str(met.errors[0]).endswith(f" sends a message of more than {LIMIT} bytes")

    def test_a_message_that_claims_to_be_longer_ends_the_connection_before_it_comes(self):
        async def feed(peer):
            peer.raw(bytes([0x81, 127]) + (1 << 40).to_bytes(8, "big"))

        met = self.meet(feed)
        assert str(met.errors[0]).endswith(f" sends a message of more than {LIMIT} bytes")

    def test_endless_fragments_end_the_connection(self):
        async def feed(peer):
            peer.beginMessage(doNotCompress=True)
            for _ in range(20):
                peer.sendMessageFrame(b"x" * (LIMIT // 10))

        met = self.meet(feed)
        assert str(met.errors[0]).endswith(f" sends a message of more than {LIMIT} bytes")

    def test_bytes_that_are_no_frame_end_the_connection(self):
        async def feed(peer):
            peer.raw(b"\xff\xff\xff\xff\xff\xff\xff\xff")

        (error,) = self.meet(feed).errors
        assert " breaks the WebSocket protocol: " in str(error)

    def test_text_that_is_none_ends_the_connection(self):
        async def feed(peer):
            peer.raw(frame(b"\xff\xfe"))

        met = self.meet(feed)
        assert met.heard == list(self.greeted)
        assert " breaks the WebSocket protocol: " in str(met.errors[0])

    def test_a_server_that_says_goodbye_is_told(self):
        async def feed(peer):
            peer.say(self.said(self.record("last")))
            peer.sendClose(3001, "the race is over")

        met = self.meet(feed)
        assert met.heard == [*self.greeted, self.record("last")]
        assert str(met.errors[0]).endswith(" closed the connection: 3001 the race is over")
        assert met.server.peers[0].closed[0], "the goodbye was answered"

    def test_silence_ends_the_connection(self):
        async def feed(peer):
            peer.say(self.said(self.record("last")))

        met = self.meet(feed, times=IDLE)
        assert met.heard == [*self.greeted, self.record("last")]
        assert str(met.errors[0]).endswith(" was silent for 0.3 s")

    def test_each_run_is_a_connection_of_its_own(self):
        number = count()

        async def feed(peer):
            peer.say(self.said(self.record(f"connection {next(number)}")))
            peer.hang_up()

        met = self.meet(feed, runs=3)
        wanted = [(*self.greeted, self.record(f"connection {n}")) for n in range(3)]
        assert met.heard == [record for run in wanted for record in run]
        assert len(met.server.peers) == len(met.errors) == 3
        assert met.server.steps == 3 * self.steps

    def test_a_server_may_hang_up_at_each_step(self):
        for step in range(self.steps):
            met = self.meet(lambda peer: None, stop_at=step, how=HANG_UP)
            (error,) = met.errors
            assert isinstance(error, FeedError)
            assert "127.0.0.1" in str(error), step
            assert "hung up" in str(error) or "broke the connection" in str(error), step

    def test_a_server_may_fall_silent_at_each_step(self):
        for step in range(self.steps):
            met = self.meet(lambda peer: None, stop_at=step, how=SILENCE, times=QUICK)
            (error,) = met.errors
            assert isinstance(error, FeedError)
            assert "within 0.3 s" in str(error) or "silent for 0.3 s" in str(error), step

    def test_a_run_that_is_cancelled_at_any_step_leaves_nothing(self):
        for step in range(self.steps):
            met = meet_and_part(self.dialect, self.transport, step)
            (error,) = met.errors
            assert isinstance(error, CancelledError)

    def test_a_run_that_is_cancelled_by_a_frame_hears_no_more(self):
        async def feed(peer):
            peer.raw(b"".join(frame(self.said(self.record(f"{n}")).encode()) for n in range(9)))

        met = self.meet(feed, enough=len(self.greeted) + 3)
        assert met.heard == [*self.greeted, *(self.record(f"{n}") for n in range(3))]
        assert isinstance(met.errors[0], CancelledError)

    @pytest.mark.parametrize(
        "garbage",
        [
            b"SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n\r\n",
            b"\xff\xfe" * 99 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
            b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n",
            b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1\r\n\r\n",
            b"HTTP/1.1 101 \xff\r\n\xff: \xff\r\n\r\n",
            b"x" * 300_000,
        ],
    )
    def test_garbage_in_place_of_a_server_is_told(self, garbage):
        def serve(connection, _number):
            connection.sendall(garbage)
            connection.settimeout(10)
            try:
                while connection.recv(65536):
                    pass
            except TimeoutError:
                raise AssertionError("the transport stays at garbage") from None

        with LineServer(serve) as server:
            met = meet(self.dialect, lambda _: self.transport(server.port, times=QUICK))
        (error,) = met.errors
        assert isinstance(error, FeedError)
        assert f"127.0.0.1:{server.port}" in str(error)
        assert len(str(error)) < 300
        assert met.heard == []

    def test_a_port_where_nobody_listens_is_told(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            met = meet(self.dialect, lambda _: self.transport(port))
        assert f"127.0.0.1:{port}" in str(met.errors[0])
        assert " cannot be reached: " in str(met.errors[0])

    def test_an_address_that_is_not_public_is_only_asked_where_that_is_allowed(self):
        met = meet(self.dialect, lambda port: self.transport(port, allow_private=False))
        assert str(met.errors[0]).endswith(" cannot be reached: 127.0.0.1 is no public address")
        assert met.server.steps == 0

    def test_a_connection_that_is_not_made_in_time_is_given_up(self):
        reactor = MemoryReactorClock()
        running = Deferred.fromCoroutine(self.transport(50000).run(reactor, lambda *_: None))
        errors = []
        running.addErrback(lambda failure: errors.append(failure.value))
        assert reactor.tcpClients[-1][:2] == ("127.0.0.1", 50000)
        assert reactor.tcpClients[-1][3] == PATIENT.connect_s
        assert not errors
        running.cancel()
        assert isinstance(errors[0], CancelledError)
        assert not reactor.getDelayedCalls()
