"""Raw Multiloop captures, line by line: the heartbeats in them tell the time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from livetiming.errors import BadCapture
from livetiming.services import BadFrame, CaptureHints, Frame
from livetiming.services.multiloop.lines import MAX_LINE, decoded, read
from livetiming.services.multiloop.records import Heartbeat

_HEAD = 500
_LATEST_MS = 2**42
"""The year 2109: a clock beyond it is a damaged one."""


def read_captures(paths: Sequence[Path], _hints: CaptureHints) -> Iterator[Frame]:
    """Read capture files, one after the other; time never goes back.

    Args:
        paths: of one feed, oldest first.
    Returns: a frame for each line, at the time of the heartbeat before it.
    Raises: `BadCapture` where a file does not begin with Multiloop.
    """
    last = 0
    for path in paths:
        last = max(last, _begin(path))
        for line in _lines(path):
            last = max(last, _clock(line) or 0)
            yield Frame(last, "", line)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(MAX_LINE), b""):
            if text := line.strip(b"\r\n \x00"):
                yield text


def _begin(path: Path) -> int:
    for line in islice(_lines(path), _HEAD):
        if (at := _clock(line)) is not None:
            return at
    raise BadCapture(f"{path}: none of its first {_HEAD} lines is a heartbeat of Multiloop")


def _clock(line: bytes) -> int | None:
    """The time in a heartbeat, if the line is one; reading is the parser's work, not ours."""
    if line[1:2] != b"H":
        return None
    try:
        read_line = read(decoded(line))
    except BadFrame:
        return None
    record = None if read_line is None else read_line.record
    is_time = isinstance(record, Heartbeat) and record.clock_at < _LATEST_MS
    return record.clock_at if is_time and isinstance(record, Heartbeat) else None
