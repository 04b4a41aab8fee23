"""What the analysis costs a service, line by line through the day, and how much it tells."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep
from typing import Any

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from bench.day import SESSION, read
from bench.figures import Figure, at_most, told
from bench.running import Room
from livetiming.events import State
from livetiming.events.log import Folded, FoldedLog, RealDisk
from livetiming.network.analysed import Folding
from livetiming.network.served import Served
from livetiming.network.wire import read_page
from livetiming.projections.analysis import TABLES, Analysis
from livetiming.services.analysing import Analysing
from livetiming.services.world import World

_BASE = tuple(Analysis().base)
_PASSES = 3
"""Of which the best counts: a passing neighbour on the machine makes everybody wait."""
_TICK_S = 0.001
_NOWHERE = Path("nowhere")


class _Air:
    """A connection that counts what is published."""

    joined = True

    def __init__(self) -> None:
        self.messages = self.bytes = 0

    def publish(self, _: str, *args: Any) -> None:
        self.messages += 1
        self.bytes += len(args[-1])


class _Service:
    """The part of a service that analyses, on a clock that follows the log's instants."""

    def __init__(self) -> None:
        self.air, self.clock = _Air(), Clock()
        world = World(
            self.clock, RealDisk(), lambda: 0, self.clock.seconds, random.Random(1), _now, print
        )
        self.analysing = Analysing(world, self.air, _NOWHERE, SESSION, lambda: 1)  # type: ignore[arg-type]
        self.served = Served(RealDisk(), _NOWHERE, FoldedLog(Folded(SESSION)))
        self.analysing.opened(self.served)
        self.step_s: list[float] = []
        self.tell_s: list[float] = []

    def take(self, line: bytes, at: int, start_at: int) -> None:
        """One more line is durable; the clock moves on to its instant."""
        wait_s = (at - start_at) / 1000 - self.clock.seconds()
        before = self.air.messages
        self._timed(self.tell_s, self.clock.advance, max(0.0, wait_s))
        if self.air.messages == before:
            self.tell_s.pop()
        self.served.add(line + b"\n", self._step)

    def _step(self, event: Any, state: State) -> None:
        self._timed(self.step_s, self.analysing.take, event, state)
        self.analysing.taken()

    def _timed(self, times: list[float], call: Callable[..., object], *args: object) -> None:
        began = perf_counter()
        call(*args)
        times.append(perf_counter() - began)


def _now(work: Callable[..., object], *args: object) -> Deferred[object]:
    return maybeDeferred(work, *args)


def measure(room: Room) -> Iterator[Figure]:
    """Milliseconds of an event, of a publication, of a page and of a table that is made."""
    lines = list(read(room.day.logs[24]))
    gc.collect()
    gc.freeze()
    service = _Service()
    start_at = lines[0][1].at
    for line, event in lines:
        service.take(line, event.at, start_at)
    yield from _costs("live_step", service.step_s)
    yield from _costs("live_tell", service.tell_s)
    yield told("live_messages", service.air.messages, "messages")
    yield told("live_bytes_s", service.air.bytes / (24 * 3600), "B/s")
    yield from _answers(service)
    stalls = [_stall_s(room.folder / SESSION) for _ in range(_PASSES)]
    yield at_most("live_refold_stall_ms", 1000 * min(stalls), "ms", 50)


def _stall_s(path: Path) -> float:
    """How long at most the reactor's thread waits while a day is folded again beside it."""
    folding = Thread(target=Folding(RealDisk(), path).fold, args=(2**63,))
    longest, before = 0.0, perf_counter()
    folding.start()
    while folding.is_alive():
        sleep(_TICK_S)
        now = perf_counter()
        longest, before = max(longest, now - before - _TICK_S), now
    return longest


def _costs(name: str, seconds: list[float]) -> Iterator[Figure]:
    ordered = sorted(seconds)
    yield told(f"{name}_mean_ms", 1000 * sum(ordered) / len(ordered), "ms")
    yield at_most(f"{name}_p999_ms", 1000 * ordered[len(ordered) * 999 // 1000], "ms", 1)
    yield told(f"{name}_max_ms", 1000 * ordered[-1], "ms")


def _answers(service: _Service) -> Iterator[Figure]:
    """Ask for all of the day, page by page."""
    slowest, size, pages = 0.0, 0, 0
    for table in TABLES:
        row = 0
        while True:
            began = perf_counter()
            text = service.analysing.answer(table, row, 10_000)
            text = text.result if isinstance(text, Deferred) else text
            took_s = perf_counter() - began
            if table in _BASE:
                slowest = max(slowest, took_s)
            elif row == 0:
                yield told(f"live_{table}_ms", took_s * 1000, "ms")
            page = read_page(text)
            size, pages, row = size + len(str(text)), pages + 1, page.next_row
            if not page.rows:
                break
    yield at_most("live_page_ms", slowest * 1000, "ms", 50)
    yield told("live_all_pages", pages, "pages")
    yield told("live_all_mb", size / 1e6, "MB")
