"""The synthetic day, recorded as a service records: compared, appended, committed, then sealed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import fmean, median
from time import process_time
from typing import NamedTuple

from bench.figures import Figure, between, told
from livetiming.events import Changed, Event, Passed, Picture, SessionId, diff
from livetiming.events.log import (
    Folded,
    LogWriter,
    RealDisk,
    SealedWriter,
    open_log,
    open_reader,
    seal_log,
)
from livetiming.racing import Kind
from livetiming.services.api import Fact, SessionSeen
from livetiming.services.demo.circuit import LOOPS
from livetiming.services.demo.simulation import START_AT, synthetic_day
from livetiming.services.demo.table import COLUMNS, TRACK
from livetiming.services.terms import Terms, describe

SESSION = SessionId("0123456789abcdef0123456789abcdef")
HOURS = (1, 6, 24)
HOUR_MS = 3_600_000


class Counts(NamedTuple):
    """What the day is made of; a benchmark of another day says nothing."""

    cars: int
    classes: int
    finished: int
    changed: int
    cells: int
    laps: int
    order_changes: int


class Day(NamedTuple):
    """The recorded day.

    Args:
        counts: what it is made of.
        logs: sealed logs of its first hours, by their number.
        stream: all event lines, each with its line feed.
        lines: how many.
        diff_us: microseconds of a `diff`, the median of the means of each hour.
        append_us: the same of an `append` of a change.
    """

    counts: Counts
    logs: dict[int, Path]
    stream: bytes
    lines: int
    diff_us: float
    append_us: float


class Stopwatch:
    """Times one call after another; the day's hours are compared, so that a busy one shows."""

    def __init__(self) -> None:
        self._hours: list[list[float]] = [[] for _ in range(48)]

    def add(self, at: int, seconds: float) -> None:
        """A call took so long."""
        self._hours[(at - START_AT) // HOUR_MS].append(seconds)

    @property
    def us(self) -> float:
        """Microseconds of a call: the median of the means of each hour."""
        return median(fmean(hour) for hour in self._hours if hour) * 1e6


class _Recording:
    """A log that the day is recorded into, and what is counted meanwhile."""

    def __init__(self, log: LogWriter) -> None:
        self.log = log
        self.diffs, self.appends = Stopwatch(), Stopwatch()
        self.changed = self.cells = self.laps = self.order_changes = 0
        seen = SessionSeen(
            key="24", name="24 Hours", description="Race", kind=Kind.RACE,
            columns=COLUMNS, track=TRACK,
        )  # fmt: skip
        log.append(describe(Terms(class_="demo"), seen, SESSION, writer=START_AT), START_AT)

    def moment(self, at: int, picture: Picture, facts: list[Fact]) -> None:
        """Record one picture, as the host does every 50 ms in which something arrived."""
        for fact in facts:
            self.log.append(fact.payload, at, fact.source_at)
            self.laps += isinstance(fact.payload, Passed) and fact.payload.lap_us is not None
        began = process_time()
        change = diff(self.log.state, picture)
        self.diffs.add(at, process_time() - began)
        if change is not None:
            self._change(change, at, picture.source_at)
        while group := self.log.take():
            self.log.commit(group)

    def _change(self, change: Changed, at: int, source_at: int | None) -> None:
        began = process_time()
        self.log.append(change, at, source_at)
        self.appends.add(at, process_time() - began)
        self.changed += 1
        self.cells += sum(map(len, change.cars.values()))
        self.order_changes += change.order is not None

    def counts(self) -> Counts:
        """What was recorded."""
        cars = self.log.state.cars.values()
        return Counts(
            cars=len(cars),
            classes=len({cells["class"] for cells in cars}),
            finished=sum(cells["state"] == "fin" for cells in cars),
            changed=self.changed,
            cells=self.cells,
            laps=self.laps,
            order_changes=self.order_changes,
        )


def record(folder: Path) -> Day:
    """Record the day and seal it, whole and its beginnings.

    Args:
        folder: for all of its files.
    """
    disk = RealDisk()
    gc.collect()
    gc.freeze()
    with closing(open_log(disk, folder, SESSION).log) as log:
        recording = _Recording(log)
        for at, picture, facts in synthetic_day():
            recording.moment(at, picture, facts)
        counts = recording.counts()
    logs = {hours: folder / f"{hours}h.jsonl.zst" for hours in HOURS}
    seal_log(disk, folder / SESSION, logs[24])
    lines = list(read(logs[24]))
    for hours in HOURS[:-1]:
        _seal_beginning(lines, logs[hours], hours)
    return Day(
        counts=counts,
        logs=logs,
        stream=b"".join(line + b"\n" for line, _ in lines),
        lines=len(lines),
        diff_us=recording.diffs.us,
        append_us=recording.appends.us,
    )


def read(path: Path) -> Iterator[tuple[bytes, Event]]:
    """All lines of a log with their events."""
    with open_reader(RealDisk(), path) as reader:
        yield from reader.events()


def _seal_beginning(lines: list[tuple[bytes, Event]], path: Path, hours: int) -> None:
    with SealedWriter(RealDisk(), path, Folded(SESSION)) as sealed:
        for line, event in lines:
            if event.at >= START_AT + hours * HOUR_MS:
                break
            sealed.add(line, event)
        sealed.finish()


def count(day: Day) -> Iterator[Figure]:
    """Whether the day is the one that the limits were set for."""
    counts = day.counts
    yield between("day_cars", counts.cars, "cars", 60, 60)
    yield between("day_finished", counts.finished, "cars", 60, 60)
    yield between("day_classes", counts.classes, "classes", 3, 3)
    yield between("day_crossings_a_lap", LOOPS, "crossings", 24, 24)
    yield between("day_changed", counts.changed, "events", 85_000, 95_000)
    yield between("day_cells", counts.cells, "cell changes", 540_000, 620_000)
    yield between("day_order_changes", counts.order_changes, "events", 1_000, 20_000)
    yield told("day_laps", counts.laps, "laps")
    yield told("day_lines", day.lines, "lines")
