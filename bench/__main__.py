"""`python -m bench [TOPIC…]`: measures all topics, or some."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench import analysing, durable, folding, importing, load, memory, seeking, sizes
from bench.day import count
from bench.figures import Figure
from bench.running import Room, Topic, run


def _day(room: Room) -> Iterator[Figure]:
    yield from count(room.day)


TOPICS: dict[str, Topic] = {
    "day": _day,
    "size": sizes.measure,
    "fold": folding.measure,
    "analysis": analysing.measure,
    "seek": seeking.measure,
    "durable": durable.measure,
    "import": importing.measure,
    "memory": memory.measure,
    "load": load.measure,
}

if __name__ == "__main__":
    sys.exit(run(TOPICS, sys.argv[1:], Path("build")))
