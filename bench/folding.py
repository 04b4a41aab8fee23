"""How long it takes to find, to record, to fold and to read back what changed.

Processor time, so that other programs on the machine count as little as can be.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time

from bench.day import read
from bench.figures import Figure, at_least, at_most, told
from bench.running import Room
from livetiming.events import Changed, Event, State, apply
from livetiming.events.log import RealDisk, open_reader

_PASSES = 15
"""Of which the best counts: a passing neighbour on the machine slows most of them down."""
_APPLIED = 20_000


def measure(room: Room) -> Iterator[Figure]:
    """Microseconds of the three steps of a service, lines a second of a reader."""
    day = room.day
    gc.collect()
    gc.freeze()
    yield at_most("diff_us", day.diff_us, "µs", 60)
    yield told("append_us", day.append_us, "µs")
    events = [event for _, event in islice(read(day.logs[24]), _APPLIED)]
    yield told("apply_us", min(_apply_us(events) for _ in range(_PASSES)), "µs")
    rates = sorted(_lines_s(day.logs[24], day.lines) for _ in range(_PASSES))
    yield told("replay_median_lines_s", median(rates), "lines/s")
    yield at_least("replay_lines_s", rates[-1], "lines/s", 200_000)


def _apply_us(events: list[Event]) -> float:
    """Microseconds of folding one `changed`."""
    state, taken_s, changed = State(), 0.0, 0
    for event in events:
        began = process_time()
        state = apply(state, event)
        if isinstance(event.payload, Changed):
            taken_s += process_time() - began
            changed += 1
    return taken_s / changed * 1e6


def _lines_s(path: Path, expected: int) -> float:
    """Lines a second through the reader: opened, checked, chained and folded."""
    began = process_time()
    with open_reader(RealDisk(), path) as reader:
        found = sum(1 for _ in reader.events())
    assert found == expected
    return found / (process_time() - began)
