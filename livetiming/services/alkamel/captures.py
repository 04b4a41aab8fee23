"""Lap-by-lap files as frames in the order in which the cars crossed the line.

A file is grouped by car, and has a time of day without a date; so it is read whole, which bounds
what an import needs: one file of at most `MAX_FILE` bytes at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from livetiming.errors import BadCapture
from livetiming.services import BadFrame, CaptureHints, Frame
from livetiming.services.alkamel.rows import (
    FILE,
    ROWS,
    Header,
    decoded,
    fields_of,
    is_header,
    time_of,
)
from livetiming.services.alkamel.titles import title_of
from livetiming.units import HOUR_US

MAX_FILE = 64 * 1024 * 1024
FIRST_DAY = date(2000, 1, 1)
"""Where the user does not know the date."""
DAY_US = 24 * HOUR_US


def read_captures(paths: Sequence[Path], hints: CaptureHints) -> Iterator[Frame]:
    """Read lap-by-lap files, one after the other.

    Args:
        paths: files, oldest first, or folders of them; of the files of one session that end with
            an hour each only the last hour's is read, since each holds all before it.
        hints: the day on which the first begins, and the zone of the times of day.
    Returns: for each file its name, its header and its rows, in the order of the crossings.
    Raises: `BadCapture` where a file is no lap-by-lap file.
    """
    day, last = hints.date or FIRST_DAY, 0
    for path in _chosen(_files(paths)):
        table = _Table(path)
        start = _instant(day, table.start_us, hints.timezone)
        while start < last:
            day += timedelta(days=1)
            start = _instant(day, table.start_us, hints.timezone)
        for frame in table.frames(start):
            last = frame.at
            yield frame


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix.lower() == ".csv")
        else:
            yield path


def _name(path: Path) -> str:
    return f"{path.absolute().parent.name}/{path.name}"


def _chosen(paths: Iterable[Path]) -> list[Path]:
    """Leave out each file that a later hour of the same session holds too."""
    given = [(path, title_of(_name(path))) for path in paths]
    latest: dict[str, int] = {}
    for _, title in given:
        if title.hour is not None:
            latest[title.stem] = max(title.hour, latest.get(title.stem, 0))
    return [path for path, title in given if title.hour in (None, latest.get(title.stem))]


def _instant(day: date, time_us: int, zone: ZoneInfo) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return round((midnight + timedelta(microseconds=time_us)).timestamp() * 1000)


class _Row(NamedTuple):
    text: str
    number: str
    elapsed_us: int | None
    hour_us: int | None


class _Table:
    """A file, read whole.

    Args:
        path: of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = _lines(path)
        self._first = next(lines, "")
        self._rows = list(_rows(path, self._first, lines))
        self.start_us = _start_us(self._rows)

    def frames(self, start: int) -> Iterator[Frame]:
        """All that is in it, when it happened.

        Args:
            start: of the session, epoch ms.
        """
        yield Frame(start, FILE, self._path.name)
        yield Frame(start, ROWS, self._first)
        timed = zip(_times_us(self._rows, self.start_us), self._rows, strict=True)
        for elapsed_us, row in sorted(timed, key=_by_time):
            yield Frame(start + (elapsed_us + 500) // 1000, ROWS, row.text)


def _by_time(pair: tuple[int, _Row]) -> int:
    return pair[0]


def _lines(path: Path) -> Iterator[str]:
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise BadCapture(f"{path}: {size} bytes, expected at most {MAX_FILE}")
        data = path.read_bytes()
    except OSError as error:
        raise BadCapture(f"{path}: cannot be read: {error.strerror}") from error
    for line in data.splitlines():
        if text := decoded(line).strip():
            yield text


def _rows(path: Path, first: str, lines: Iterable[str]) -> Iterator[_Row]:
    try:
        header = Header(first)
    except BadFrame as error:
        raise BadCapture(f"{path}: is no lap-by-lap file: {error}") from error
    for text in lines:
        if is_header(text):
            continue
        fields = fields_of(text)
        yield _Row(
            text,
            header.value(fields, "NUMBER"),
            time_of(header.value(fields, "ELAPSED")),
            time_of(header.value(fields, "HOUR")),
        )


def _start_us(rows: Iterable[_Row]) -> int:
    """The time of day of the start: all cars share it, and it is that of most of the rows."""
    starts = Counter(
        (row.hour_us - row.elapsed_us) % DAY_US
        for row in rows
        if row.hour_us is not None and row.elapsed_us is not None
    )
    return starts.most_common(1)[0][0] if starts else 0


def _times_us(rows: Iterable[_Row], start_us: int) -> Iterator[int]:
    """The time elapsed of each row; without one by the time of day, else with the row before."""
    last_us, number = 0, None
    for row in rows:
        if row.number != number:
            last_us, number = 0, row.number
        if row.elapsed_us is not None:
            last_us = row.elapsed_us
        elif row.hour_us is not None:
            last_us += (row.hour_us - start_us - last_us) % DAY_US
        yield last_us
