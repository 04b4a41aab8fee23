"""What it costs to have a group of lines on the disk for good, beside a bare sync of as much."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.day import SESSION
from bench.figures import Figure, at_most, told
from bench.running import Room
from livetiming.events import Changed
from livetiming.events.log import Group, LogWriter, RealDisk, open_log
from livetiming.services.demo.simulation import START_AT

_ROUNDS = 800
_CARS = tuple(str(n) for n in range(6))


def measure(room: Room) -> Iterator[Figure]:
    """Medians of commits and bare syncs that take turns, of the same bytes in the same folder."""
    folder = room.folder / "durable"
    folder.mkdir()
    commits, bare = _interleaved(folder)
    yield told("commit_us", median(commits) * 1e6, "µs")
    yield told("bare_sync_us", median(bare) * 1e6, "µs")
    yield at_most("durable_ratio", median(commits) / median(bare), "× bare sync", 1.5)


def _interleaved(folder: Path) -> tuple[list[float], list[float]]:
    commits: list[float] = []
    bare: list[float] = []
    beside = os.open(folder / "beside", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        with closing(open_log(RealDisk(), folder, SESSION).log) as log:
            for n in range(_ROUNDS):
                group = _group(log, n)
                if n % 2:
                    bare.append(_bare(beside, group.text))
                    commits.append(_commit(log, group))
                else:
                    commits.append(_commit(log, group))
                    bare.append(_bare(beside, group.text))
    finally:
        os.close(beside)
    return commits, bare


def _group(log: LogWriter, n: int) -> Group:
    """A group of one line of the usual length."""
    order = None if n else (0, _CARS)
    log.append(Changed({car: {"int": 1_000_000 + n} for car in _CARS}, order=order), START_AT + n)
    group = log.take()
    assert group is not None
    return group


def _commit(log: LogWriter, group: Group) -> float:
    began = perf_counter()
    log.commit(group)
    return perf_counter() - began


def _bare(file: int, data: bytes) -> float:
    began = perf_counter()
    os.write(file, data)
    os.fdatasync(file)
    return perf_counter() - began
