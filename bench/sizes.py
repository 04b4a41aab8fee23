"""How big a line is, and a sealed log beside the smallest file that cannot be sought in."""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

from bench.figures import Figure, at_most, told
from bench.running import Room
from livetiming.events.log import RealDisk, open_reader


def measure(room: Room) -> Iterator[Figure]:
    """Sizes of the recorded day; `line_bytes` has the line feed in it."""
    day = room.day
    yield at_most("line_bytes", len(day.stream) / day.lines, "bytes", 280)
    with open_reader(RealDisk(), day.logs[24]) as reader:
        yield told("sealed_frames", reader.frames, "frames")
    sealed = day.logs[24].stat().st_size
    one_frame = len(zstandard.ZstdCompressor(level=19).compress(day.stream))
    yield told("sealed_mb", sealed / 1e6, "MB")
    yield at_most("sealed_ratio", sealed / one_frame, "× one frame", 1.5)
