"""A relay in a process, and another side that means ill: nothing here is harmed."""

import base64
import hashlib
import socket
import threading
import time
from contextlib import contextmanager, suppress
from random import Random

import pytest

from livetiming.events import SessionId
from livetiming.network.names import (
    LIST,
    PUBLIC_DIRECTORY,
    SESSIONS,
    events_topic,
)
from livetiming.network.wamp import connect
from livetiming.network.wire import Answer, Listing, write_answer, write_beacon, write_listing
from livetiming.projections.directory import DIRECTORY
from tests.cli.programs import environment, wait_for
from tests.network.made_log import AT, MadeLog
from tests.network.running import in_reactor, reactor_in_thread, running_router
from tests.services.relay.stage import IDS, entry
from tests.services.relay.whole import listed
from tests.system.comparing import is_recorded, recording_of, shows_the_same
from tests.system.parts import Part
from tests.system.running import SESSION, System
from tests.system.watching import Watcher


class Hostile:
    """Joins a router as one of its own, and says what nobody should.

    Args:
        router: the other side's.
        session: one of those that the victim has itself.
    """

    def __init__(self, router, session):
        self.router = router
        self.forged = MadeLog(time.time_ns() // 1_000_000 + 10**9, SessionId(session))
        self.forged.write_laps(100)
        self.asked = []
        self.rounds = 0

    def __enter__(self):
        in_reactor(self._start)
        return self

    def __exit__(self, *_):
        in_reactor(self._stop)

    def _start(self):
        reactor = reactor_in_thread()
        secret = self.router.secret
        self.connection = connect(reactor, self.router.url, lambda: secret, Random(1))
        self.connection.register(SESSIONS, self._answer, prefix=True)
        self.connection.register(LIST, self._list)
        self._again()

    def _stop(self):
        self._next.cancel()
        return self.connection.close()

    def _again(self):
        self._next = reactor_in_thread().callLater(0.2, self._again)
        if not self.connection.joined:
            return
        self.rounds += 1
        publish, forged = self.connection.publish, self.forged
        count = (1_000, 2_600)[self.rounds % 2]
        publish(PUBLIC_DIRECTORY, self._list(count), retained=True)
        for session in (forged.session, *IDS[:20]):
            topic = events_topic(session)
            publish(topic, *write_beacon(forged.beacon()))
            publish(topic, AT, 1, "00" * 8, "x" * 200_000 + "\n")
            publish(topic, AT, 1, "00" * 8, "[" * 50_000 + "\n")

    def _list(self, count=1_000):
        """The victim's own session first, then so many others."""
        log = self.forged
        ids = [log.session, *IDS, *(f"{number:032x}" for number in range(10**6, 10**6 + count))]
        entries = [
            entry(log, session=str(each), name="", description="", started_at=2**52 - number)
            for number, each in enumerate(ids)
        ]
        return write_listing(Listing(at=AT, sessions=tuple(entries)))

    def _answer(self, procedure, *args):
        self.asked.append(procedure)
        lines = tuple(self.forged.lines[1:20])
        wrong = [
            write_answer(Answer(AT, 10**9, 1, b"\1" * 8, lines)),
            write_answer(Answer(AT, 10**9, 1, bytes(8), lines[::-1])),
            write_answer(Answer(AT, 10**9, 1, bytes(8), (b"x" * 300_000,))),
            "[" * 100_000,
            "",
        ]
        return wrong[len(self.asked) % len(wrong)]


@pytest.mark.timeout(300)
def test_a_hostile_aggregator_harms_nothing_of_ours(tmp_path):
    (tmp_path / "near").mkdir()
    with (
        running_router(tmp_path / "far") as far,
        System(tmp_path / "near") as near,
        Watcher(near.router.url, SESSION, 1) as watcher,
        Hostile(far, SESSION) as hostile,
    ):
        near.service.has(5)
        wait_for(lambda: SESSION in listed(near.router.url), "our own session", 60)
        command = ("livetiming-service", "relay", f"--url={far.url}", "--max-sessions=5")
        relay = Part("relay", near.folder, near.environment, command).start()
        try:
            wait_for(lambda: len(hostile.asked) >= 20, "a relay that asks", 60)
            assert not any(SESSION in each for each in hostile.asked)
            assert relay.is_alive
            assert relay.end() == 0
        finally:
            relay.clean_up()
        assert "Traceback" not in relay.said
        assert len(relay.said.splitlines()) < 40
        assert near.service.is_alive
        assert set(listed(near.router.url)) == {SESSION}
        logs = {path.name[:32] for path in near.service.state_dir.glob("*.jsonl")}
        assert logs == {SESSION, str(DIRECTORY)}
        near.close()
        recording = recording_of(near.folder, SESSION)
        lines = is_recorded(near.service.log, recording)
        wait_for(lambda: watcher.seq == lines, "a viewer at the end", 60)
        shows_the_same(near.service.log, recording, [watcher])
        near.check_said()


class Flood:
    """A server that shakes hands as a router does, and then sends a message without an end."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.sent = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with suppress(OSError):
            while True:
                taken, _ = self.socket.accept()
                with taken, suppress(OSError):
                    self.sent.append(0)
                    self._flood(taken)

    def _flood(self, taken):
        head = b""
        while b"\r\n\r\n" not in head:
            head += taken.recv(4096)
        key = next(
            line.split(b": ", 1)[1]
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"sec-websocket-key")
        )
        accept = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        taken.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Protocol: wamp.2.cbor\r\nSec-WebSocket-Accept: "
            + base64.b64encode(accept)
            + b"\r\n\r\n"
        )
        taken.sendall(b"\x02\x7e\xff\xff" + bytes(65_535))
        while self.sent[-1] < 300:
            taken.sendall(b"\x00\x7f" + (2**20).to_bytes(8, "big") + bytes(2**20))
            self.sent[-1] += 1


@contextmanager
def flood():
    server = Flood()
    try:
        yield server
    finally:
        server.socket.close()


def test_a_message_without_an_end_is_hung_up_on(tmp_path):
    with flood() as server:
        command = ("livetiming-service", "relay", f"--url=ws://127.0.0.1:{server.port}/ws")
        relay = Part("relay", tmp_path, environment(), command).start()
        try:
            wait_for(lambda: len(server.sent) >= 3, "three tries", 60)
            assert relay.end() == 0
        finally:
            relay.clean_up()
    assert max(server.sent) <= 16, server.sent  # megabytes, most of them in the sockets' buffers
    assert "Traceback" not in relay.said
