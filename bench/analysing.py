"""What the analysis costs: by the event, by the hour, by the live update, in memory."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

from bench.day import HOURS, read
from bench.figures import Figure, at_least, at_most, told
from bench.running import Room
from livetiming.events.log import RealDisk, open_reader
from livetiming.projections.analysis import Analysis, Source, document

_PASSES = 7
"""Of which the best counts; see `folding`."""
_MB = 1e6


def measure(room: Room) -> Iterator[Figure]:
    """Events a second, what they cost late in the day, the slowest update, megabytes kept."""
    day = room.day
    gc.collect()
    gc.freeze()
    rates, alone = [], []
    for _ in range(_PASSES):
        alone.append(_replay_s(day.logs[24]))
        rates.append(day.lines / _analyse_s(day.logs[24]))
    yield told("analysis_median_events_s", median(rates), "events/s")
    yield at_least("analysis_events_s", max(rates), "events/s", 100_000)
    yield told("analysis_of_replay", day.lines / max(rates) / min(alone), "times")
    costs = {hours: _event_us(day.logs[hours]) for hours in HOURS}
    for hours in HOURS:
        yield told(f"analysis_{hours}h_us", costs[hours], "µs/event")
    yield at_most("analysis_24h_to_1h", costs[24] / costs[1], "times", 1.25)
    yield from _updates(day.logs[24])
    yield from _memory(day.logs[24])


def _replay_s(path: Path) -> float:
    began = process_time()
    with open_reader(RealDisk(), path) as reader:
        for _ in reader.events():
            pass
    return process_time() - began


def _analyse_s(path: Path) -> float:
    """Read, checked, chained, folded to the state and analysed."""
    began = process_time()
    _analysed(path)
    return process_time() - began


def _analysed(path: Path) -> Analysis:
    analysis = Analysis()
    with open_reader(RealDisk(), path) as reader:
        folded = reader.start()
        for _, event in reader.events(folded):
            analysis.step(event, folded.state)
    return analysis


def _event_us(path: Path) -> float:
    """Microseconds of an event, all of the way from the file."""
    lines = sum(1 for _ in read(path))
    return min(_analyse_s(path) for _ in range(_PASSES)) / lines * 1e6


def _updates(path: Path) -> Iterator[Figure]:
    """What a step costs a service that is live, the garbage collector's share left out."""
    gc.disable()
    slowest = min(_slowest_s(path) for _ in range(3))
    gc.enable()
    yield at_most("analysis_slowest_step_ms", slowest * 1e3, "ms", 1)


def _slowest_s(path: Path) -> float:
    analysis, slowest = Analysis(), 0.0
    with open_reader(RealDisk(), path) as reader:
        folded = reader.start()
        for _, event in reader.events(folded):
            began = process_time()
            analysis.step(event, folded.state)
            slowest = max(slowest, process_time() - began)
    return slowest


def _memory(path: Path) -> Iterator[Figure]:
    """What is kept after a day, and how long and how big the document is."""
    tracemalloc.start()
    analysis = _analysed(path)
    gc.collect()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    yield at_most("analysis_kept_mb", kept / _MB, "MB", 60)
    yield at_most("analysis_peak_mb", peak / _MB, "MB", 300)
    began = process_time()
    text = document(Source("", 0, "", analysis.at), analysis.tables())
    yield told("analysis_document_s", process_time() - began, "s")
    yield told("analysis_document_mb", len(text) / _MB, "MB")
