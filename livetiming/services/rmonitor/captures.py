"""Raw RMonitor captures, as they lie in archives, as frames with arrival times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from livetiming.errors import BadCapture
from livetiming.services import BadFrame, CaptureHints, Frame
from livetiming.services.rmonitor.lines import read
from livetiming.services.rmonitor.records import Heartbeat, Init
from livetiming.units import HOUR_US

MAX_LINE = 64 * 1024
FIRST_DAY = date(2000, 1, 1)
"""Where neither the capture nor the user knows the date."""

_HALF_DAY_US = 12 * HOUR_US
_HEAD = 200

_STAMP = re.compile(rb"##(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})(?:\|.*)?")
_OFFSET = re.compile(rb"(\d{1,12}) (?=\$)")
_BOM = b"\xef\xbb\xbf"


class Dating(Protocol):
    """How the lines of a capture get their arrival times."""

    def take(self, line: bytes) -> tuple[int, bytes] | None:
        """Read a line.

        Returns: when it arrived, epoch ms, and what arrived; `None` where nothing did.
        """


def read_captures(paths: Sequence[Path], hints: CaptureHints) -> Iterator[Frame]:
    """Read capture files, one after the other; time never goes back.

    Args:
        paths: of one feed, oldest first; one without a date goes on where the one before ended.
        hints: the first day and the zone, for captures without dates.
    Returns: a frame for each line of the feed.
    Raises: `BadCapture` where a file has no line of RMonitor.
    """
    last = 0
    for path in paths:
        if last:
            hints = hints._replace(date=datetime.fromtimestamp(last / 1000, hints.timezone).date())
        dating = _dating(path, hints)
        for line in _lines(path):
            taken = dating.take(line)
            if taken is not None:
                last = max(last, taken[0])
                yield Frame(last, "", taken[1])


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        first = True
        for line in iter(lambda: file.readline(MAX_LINE), b""):
            text = line.removeprefix(_BOM) if first else line
            first = False
            if text := text.strip():
                yield text


def _dating(path: Path, hints: CaptureHints) -> Dating:
    """Choose by what the file has: stamps, milliseconds, or nothing but heartbeats."""
    head = list(islice(_lines(path), _HEAD))
    stamps = (stamp[1] for line in head if (stamp := _STAMP.fullmatch(line)))
    if (first := next(stamps, None)) is not None:
        return Stamped(_instant(first) or 0)
    if any(_OFFSET.match(line) for line in head):
        plain = (_OFFSET.sub(b"", line, count=1) for line in _lines(path))
        return Offset(_start(plain, hints))
    if any(line.startswith(b"$") for line in head):
        return TimeOfDay(_start(_lines(path), hints))
    raise BadCapture(f"{path}: none of its first {_HEAD} lines is RMonitor")


class Stamped:
    """`##2025-04-26 13:58:48.222`, UTC, before each burst.

    Args:
        at: the first stamp.
    """

    def __init__(self, at: int) -> None:
        self._at = at

    def take(self, line: bytes) -> tuple[int, bytes] | None:
        """A stamp that is cut is handed on, so that it is counted as what it is."""
        stamp = _STAMP.fullmatch(line)
        instant = None if stamp is None else _instant(stamp[1])
        if instant is None:
            return self._at, line
        self._at = instant
        return None


def _instant(stamp: bytes) -> int | None:
    try:
        moment = datetime.strptime(stamp.decode(), "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None
    return _epoch_ms(moment)


class LocalTime:
    """A local day and time of day that only go on.

    Args:
        day: the day.
        time_of_day_us: since its midnight.
        zone: of both.
    """

    def __init__(self, day: date, time_of_day_us: int, zone: ZoneInfo) -> None:
        self.day = day
        self.time_of_day_us = time_of_day_us
        self._zone = zone

    def show(self, time_of_day_us: int) -> None:
        """Half a day back is past midnight; a little back is a clock that was set."""
        if time_of_day_us >= 2 * _HALF_DAY_US:
            return
        if self.time_of_day_us - time_of_day_us > _HALF_DAY_US:
            self.day += timedelta(days=1)
        elif time_of_day_us < self.time_of_day_us:
            return
        self.time_of_day_us = time_of_day_us

    def begin(self, day: date, time_of_day_us: int) -> None:
        """A genuine `$I` tells the date; never an earlier one."""
        if day > self.day:
            self.day, self.time_of_day_us = day, time_of_day_us

    @property
    def at(self) -> int:
        """This moment, epoch ms."""
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=self._zone)
        return _epoch_ms(midnight + timedelta(microseconds=self.time_of_day_us))


def _epoch_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


class TimeOfDay:
    """No stamps at all, as in 2009: the heartbeats tell the time, to the second.

    Args:
        start: the day and the first heartbeat's time.
    """

    def __init__(self, start: LocalTime) -> None:
        self._now = start
        self._at = start.at

    def take(self, line: bytes) -> tuple[int, bytes]:
        """Every line has the time of the latest heartbeat, its own if it is one."""
        if line.startswith((b"$F", b"$I")):
            _follow(self._now, line)
            self._at = max(self._at, self._now.at)
        return self._at, line


class Offset:
    """`<ms since start> $…`; the start is dated by heartbeats.

    Args:
        start: the day and the first heartbeat's time.
    """

    def __init__(self, start: LocalTime) -> None:
        self._start_at = start.at
        self._at = start.at

    def take(self, line: bytes) -> tuple[int, bytes]:
        """A line that has lost its number has that of the line before."""
        offset = _OFFSET.match(line)
        if offset is None:
            return self._at, line
        self._at = max(self._at, self._start_at + int(offset[1]))
        return self._at, line[offset.end() :]


def _start(lines: Iterable[bytes], hints: CaptureHints) -> LocalTime:
    """Find the day a capture begins: back from its first genuine `$I`, else the hint."""
    now: LocalTime | None = None
    first_us = 0
    for line in lines:
        record = _clockwork(line)
        if isinstance(record, Heartbeat) and record.time_of_day_us is not None:
            if now is None:
                first_us = record.time_of_day_us
                now = LocalTime(FIRST_DAY, first_us, hints.timezone)
            now.show(record.time_of_day_us)
        elif isinstance(record, Init) and record.day is not None:
            passed = now.day - FIRST_DAY if now is not None else timedelta()
            time_us = first_us if now is not None else record.time_of_day_us or 0
            return LocalTime(record.day - passed, time_us, hints.timezone)
    return LocalTime(hints.date or FIRST_DAY, first_us, hints.timezone)


def _follow(now: LocalTime, line: bytes) -> None:
    record = _clockwork(line)
    if isinstance(record, Init) and record.day is not None:
        now.begin(record.day, record.time_of_day_us or 0)
    elif isinstance(record, Heartbeat) and record.time_of_day_us is not None:
        now.show(record.time_of_day_us)


def _clockwork(line: bytes) -> Heartbeat | Init | None:
    """A heartbeat or an init, if the line is one; reading is the parser's work, not ours."""
    if not line.startswith((b"$F", b"$I")):
        return None
    try:
        record = read(line.decode("latin-1"))
    except BadFrame:
        return None
    return record if isinstance(record, Heartbeat | Init) else None
