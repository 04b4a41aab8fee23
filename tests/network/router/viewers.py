"""Viewers by the hundred in a process of their own, and some who read badly."""

import multiprocessing
import re
import select
import selectors
import struct
import time
from contextlib import contextmanager, suppress

from tests.network.raw import CALL, PING, PONG, PUBLISH, SUBSCRIBE, TEXT, HungUp, RawClient

TOPIC = "livetiming.public.directory"
SENT_AT = re.compile(rb"T(\d+\.\d+)T")


def _healthy(port, count, pipe):
    """Read whatever comes at once, and say how long it took from its publisher."""
    selector = selectors.DefaultSelector()
    for _ in range(count):
        client = RawClient(port)
        client.join()
        client.ask(SUBSCRIBE, {}, TOPIC)
        client.socket.setblocking(False)
        selector.register(client.socket, selectors.EVENT_READ, client)
    selector.register(pipe, selectors.EVENT_READ)
    pipe.send(count)
    latencies, lost = [], 0
    while True:
        for key, _ in selector.select():
            if key.data is None:
                if pipe.recv() == "end":
                    return
                pipe.send((latencies, lost))
                latencies = []
                continue
            try:
                latencies += _read(key.data)
            except HungUp:
                lost += 1
                selector.unregister(key.fileobj)


def _read(client):
    """The latencies of the events that are there; pings are answered."""
    client._more()
    found = []
    while (frame := _whole_frame(client)) is not None:
        opcode, payload = frame
        if opcode == PING:
            client.send_frame(PONG, payload)
        elif opcode == TEXT and (sent := SENT_AT.search(payload)):
            found.append(time.monotonic() - float(sent[1]))
    return found


def _whole_frame(client):
    buffer = client.buffer
    if len(buffer) < 2:
        return None
    head, size = 2, buffer[1] & 127
    if size == 126:
        head, size = 4, struct.unpack("!H", buffer[2:4])[0] if len(buffer) >= 4 else 1 << 30
    elif size == 127:
        head, size = 10, struct.unpack("!Q", buffer[2:10])[0] if len(buffer) >= 10 else 1 << 30
    if len(buffer) < head + size:
        return None
    client.buffer = buffer[head + size :]
    return buffer[0] & 15, buffer[head : head + size]


@contextmanager
def healthy_viewers(port, count):
    """So many of them; gives what says their latencies since it last did, and how many are lost."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_healthy, args=(port, count, theirs))
    process.start()

    def heard():
        ours.send("heard")
        assert ours.poll(60)
        return ours.recv()

    try:
        assert ours.poll(60)
        assert ours.recv() == count
        yield heard
    finally:
        ours.send("end")
        process.join(10)
        process.kill()


class Slow:
    """A viewer who subscribes and then reads badly.

    Args:
        kind: `stalled` reads nothing, `chatty` reads nothing and goes on asking, `trickle` reads a
            few bytes now and then.
    """

    def __init__(self, port, kind):
        self.kind = kind
        self.client = RawClient(port, receive_buffer=4096)
        self.client.join()
        self.client.ask(SUBSCRIBE, {}, TOPIC)
        self.client.socket.setblocking(False)
        self.began = time.monotonic()
        self.evicted_after_s = None
        self._poll = select.poll()
        self._poll.register(self.client.socket, select.POLLRDHUP)

    def turn(self):
        """Do what it does, ten times a second; notice the end."""
        if self.evicted_after_s is not None:
            return
        with suppress(BlockingIOError, HungUp, ConnectionError):
            if self.kind == "chatty":
                self.client.send(CALL, next(self.client.ids), {}, "livetiming.rpc.nobody.there")
            elif self.kind == "trickle":
                self.client.socket.recv(100)
        if self._poll.poll(0):
            self.evicted_after_s = time.monotonic() - self.began
            self.client.socket.close()


class Publisher:
    """A service that says something of a size so often a second, with the instant in it."""

    def __init__(self, router, size, per_s):
        self.client = RawClient(router.port, "cbor")
        self.client.join_as_service(router.secret)
        self.text = "x" * size
        self.per_s = per_s

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.socket.close()

    def publish_for(self, seconds, turn=lambda: None):
        """Publish for so long; call `turn` ten times a second."""
        end = time.monotonic() + seconds
        turned_at = 0.0
        while (now := time.monotonic()) < end:
            text = f"T{now:.6f}T{self.text}"
            self.client.send(PUBLISH, next(self.client.ids), {}, TOPIC, [text])
            if now - turned_at >= 0.1:
                turn()
                turned_at = now
            self._answer_pings()
            time.sleep(max(0.0, 1 / self.per_s - (time.monotonic() - now)))

    def _answer_pings(self):
        self.client.socket.setblocking(False)
        with suppress(BlockingIOError):
            self.client._more()
        self.client.socket.setblocking(True)
        while (frame := _whole_frame(self.client)) is not None:
            if frame[0] == PING:
                self.client.send_frame(PONG, frame[1])


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
