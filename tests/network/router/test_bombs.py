"""Reliability row 21: what one stranger sends holds nobody else up."""

import multiprocessing
import socket
import time
from contextlib import contextmanager, suppress

import pytest

from livetiming.network.router.strangers import MESSAGE_BYTES
from tests.network.raw import CALL, PUBLISH, SUBSCRIBE, SUBSCRIBED, HungUp, RawClient
from tests.network.router.bombs import LARGE, everything, of_cbor, of_json

STALL_S = 0.25
LOG_BYTES = 200_000
ALL_LOG_BYTES = 100_000_000


def watch(port, pipe):
    """Ask the router all the time; says for each question how long the longest answer took."""
    with RawClient(port) as viewer:
        viewer.join()
        worst = 0.0
        pipe.send(None)
        while True:
            began = time.monotonic()
            viewer.ask(CALL, {}, "livetiming.rpc.nobody.there")
            worst = max(worst, time.monotonic() - began)
            if pipe.poll():
                if pipe.recv() == "end":
                    return
                pipe.send(worst)
                worst = 0.0
            time.sleep(0.002)


@contextmanager
def another_viewer(router):
    """A viewer in a process of its own; gives what says its worst wait since it was last asked."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=watch, args=(router.port, theirs))
    process.start()

    def worst():
        ours.send("worst")
        assert ours.poll(60), "the viewer does not answer"
        return ours.recv()

    try:
        assert ours.poll(30)
        ours.recv()
        yield worst
    finally:
        ours.send("end")
        process.join(10)
        process.kill()


def throw(router, serializer, bomb, *, after_hello):
    """Throw a bomb; whether the router hung up within a moment."""
    with RawClient(router.port, serializer) as stranger:
        if after_hello:
            stranger.join()
        try:
            stranger.send_bytes(bomb)
        except HungUp:
            return True
        return stranger.hung_up(0.3)


def measure(router, bombs):
    """Throw bombs before and after HELLO; the worst stall and the most log that one made.

    A bomb with a long stall is thrown again, and the least counts: what a bomb costs it costs each
    time, and the machine has others to serve.
    """
    pids = router.crossbar_pids()
    stalls, logged = [], []
    with another_viewer(router) as worst:
        worst()
        for serializer, name, bomb in bombs:
            for after_hello in (False, True):
                before = router.errors.stat().st_size
                throw(router, serializer, bomb, after_hello=after_hello)
                logged.append((router.errors.stat().st_size - before, serializer, name))
                stall = worst()
                for _ in range(2 if stall > STALL_S / 2 else 0):
                    throw(router, serializer, bomb, after_hello=after_hello)
                    stall = min(stall, worst())
                stalls.append((stall, serializer, name, after_hello))
    assert router.crossbar_pids() == pids
    return max(stalls), max(logged)


def test_a_bomb_of_each_kind_holds_nobody_up(router):
    json, cbor = of_json(MESSAGE_BYTES), of_cbor(MESSAGE_BYTES)
    bombs = [
        *(("json", name, json[name]) for name in ("lists that never end", "deep beside deep")),
        *(
            ("cbor", name, cbor[name])
            for name in ("arrays that never end", "a decimal without end")
        ),
        ("json", "large", of_json(LARGE)["one key again and again"]),
        ("cbor", "large", of_cbor(LARGE)["a big float without end"]),
    ]
    stall, logged = measure(router, bombs)
    assert stall[0] <= STALL_S, stall
    assert logged[0] <= LOG_BYTES, logged


@pytest.mark.reliability
def test_no_bomb_of_any_kind_holds_anybody_up(router):
    bombs = list(everything())
    assert len(bombs) >= 2 * (14 + 14)
    stall, logged = measure(router, bombs)
    print(f"row 21: {len(bombs)} bombs, worst stall {stall}, most log {logged}")  # noqa: T201
    assert stall[0] <= STALL_S, stall
    assert logged[0] <= LOG_BYTES, logged
    assert router.errors.stat().st_size <= ALL_LOG_BYTES


def test_a_stranger_says_little_and_a_service_much(router):
    with RawClient(router.port, "cbor") as service, RawClient(router.port) as viewer:
        service.join_as_service(router.secret)
        viewer.join()
        topic = "livetiming.public.directory"
        assert viewer.ask(SUBSCRIBE, {}, topic)[0] == SUBSCRIBED
        service.send(PUBLISH, 1, {}, topic, ["x" * 700_000])
        assert viewer.message()[4] == ["x" * 700_000]
        viewer.send(SUBSCRIBE, 2, {"x": "x" * MESSAGE_BYTES}, topic)
        assert viewer.hung_up(2)


def test_a_message_in_parts_that_never_end_is_cut_off(router):
    with RawClient(router.port) as stranger:
        stranger.join()
        stranger.send_frame(1, b"[" + b" " * 8000, final=False)
        stranger.send_frame(0, b" " * 8000, final=False)
        assert not stranger.hung_up(0.2)
        stranger.send_frame(0, b" " * 8000, final=False)
        assert stranger.hung_up(2)


def test_a_body_is_not_taken(router):
    for head in ("Content-Length: 1000000000", "Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", router.port), timeout=10) as asked:
            asked.sendall(f"POST / HTTP/1.1\r\nHost: here\r\n{head}\r\n\r\n".encode())
            sent = 0
            with suppress(ConnectionError):
                while sent < 100_000_000:
                    sent += asked.send(b"8000\r\n" + bytes(0x8000) + b"\r\n")
            assert sent < 20_000_000
