"""How long it takes to see a random moment, and that it does not matter how long the log is.

Processor time: the logs are in the memory of the machine, and other programs count little.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median, quantiles
from time import process_time

from bench.day import HOUR_MS
from bench.figures import Figure, at_most, told
from bench.running import Room
from livetiming.events.log import Instant, RealDisk, open_reader
from livetiming.services.demo.simulation import START_AT

_ROUNDS = 3
_SEEKS = 300
_P99_MS = 8
_FLAT = 1.5


def measure(room: Room) -> Iterator[Figure]:
    """Milliseconds from a closed file to the state at a random instant, by hours of the log.

    Each figure is the best of three rounds, of 300 seeks in each log.
    """
    gc.collect()
    gc.freeze()
    dice = random.Random(24)
    rounds = [_seek(room.day.logs, dice) for _ in range(_ROUNDS)]
    p50_ms = {hours: min(median(each[hours]) for each in rounds) for hours in room.day.logs}
    for hours in room.day.logs:
        p99_ms = min(quantiles(each[hours], n=100)[98] for each in rounds)
        yield told(f"seek_p50_ms_{hours}h", p50_ms[hours], "ms")
        yield at_most(f"seek_p99_ms_{hours}h", p99_ms, "ms", _P99_MS)
    first, *_, last = p50_ms
    yield at_most("seek_flat", p50_ms[last] / p50_ms[first], f"× {first} h", _FLAT)


def _seek(logs: Mapping[int, Path], dice: random.Random) -> dict[int, list[float]]:
    """Milliseconds of each seek; the logs take turns, so that a busy second hits them all."""
    taken: dict[int, list[float]] = {hours: [] for hours in logs}
    for _ in range(_SEEKS):
        for hours, path in logs.items():
            at = START_AT + dice.randrange(hours * HOUR_MS)
            began = process_time()
            with open_reader(RealDisk(), path) as reader:
                reader.at(Instant(at))
            taken[hours].append((process_time() - began) * 1e3)
    return taken
