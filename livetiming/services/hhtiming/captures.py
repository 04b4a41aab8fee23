"""Stored sessions, `.hhreplay`: a receive time and a document a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from livetiming.errors import BadCapture
from livetiming.services import CaptureHints, Frame
from livetiming.services.hhtiming.replay import CHANNEL
from livetiming.services.hhtiming.replay_lines import MAX_DOCUMENT

_MAX_LINE = MAX_DOCUMENT + 100
_HEAD = 200
_LINE = re.compile(rb"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,7}))?\|(.*)")
_BOM = b"\xef\xbb\xbf"


def read_captures(paths: Sequence[Path], hints: CaptureHints) -> Iterator[Frame]:
    """Read stored sessions, one after the other; time never goes back.

    Args:
        paths: of one feed, oldest first.
        hints: the zone of the receive times.
    Returns: a frame for each line; one without a time is handed on whole, to be counted.
    Raises: `BadCapture` where a file does not begin as such a file does.
    """
    last = 0
    for path in paths:
        if not any(_LINE.fullmatch(line) for line in islice(_lines(path), _HEAD)):
            raise BadCapture(
                f"{path}: expected `yyyy-MM-dd HH:mm:ss.fffffff|base64` in its first {_HEAD} lines"
            )
        for line in _lines(path):
            found = _LINE.fullmatch(line)
            at = None if found is None else _instant(found[1], found[2], hints.timezone)
            if found is None or at is None:
                yield Frame(last, CHANNEL, line)
            else:
                last = max(last, at)
                yield Frame(last, CHANNEL, found[3])


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(_MAX_LINE), b""):
            if text := line.removeprefix(_BOM).strip():
                yield text


def _instant(stamp: bytes, fraction: bytes | None, zone: ZoneInfo) -> int | None:
    """Epoch ms of a local time, or `None` where it is none."""
    try:
        moment = datetime.strptime(stamp.decode(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None
    return round(moment.timestamp()) * 1000 + int((fraction or b"0")[:3].ljust(3, b"0"))
