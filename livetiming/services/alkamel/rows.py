"""The rows of a lap-by-lap file: a header and texts in, laps out."""

from __future__ import annotations

import re
from typing import NamedTuple

from livetiming.services import BadFrame
from livetiming.units import HOUR_US, parse_duration_us

FILE, ROWS = "file", "csv"
"""Channels: the name of a file, once before its rows; its header and rows as they stand in it."""
MAX_ROW = 8 * 1024
MAX_LAP = 100_000
MAX_TIME_US = 7 * 24 * HOUR_US
SECTORS = (1, 2, 3)
_NEEDED = ("NUMBER", "LAPNUMBER", "LAPTIME", "ELAPSED")
_SPEED = re.compile(r"\d{1,4}(?:\.\d{1,4})?", re.ASCII)
_COUNT = re.compile(r"\d{1,6}", re.ASCII)


class Timed(NamedTuple):
    """A time, and what the file thinks of it when all is over.

    Args:
        time_us: `None` where the file has none.
        rank: 0 nothing, 1 the best of its driver, 2 of its car, 3 of the session.
    """

    time_us: int | None
    rank: int


class Lap(NamedTuple):
    """One row: a car has completed a lap; an empty text or `None` is a blank.

    Args:
        number: of the car, as written: `007` is not `7`.
        lap: which one, from 1.
        lap_us: its time.
        total_us: since the start of the session.
        in_pit: whether the car crossed the line in the pit lane.
        timed: the lap and its sectors, by `lap`, `s1`, `s2`, `s3`.
        kph: mean of the lap.
        top_kmh: at the speed trap.
        pit_us: duration of the stop at the beginning of the lap.
        strange: what could not be read, by column.
    """

    number: str
    lap: int
    lap_us: int | None
    total_us: int | None
    in_pit: bool
    timed: dict[str, Timed]
    driver: str
    driver_number: str
    class_: str
    group: str
    team: str
    manufacturer: str
    flag: str
    kph: float | None
    top_kmh: float | None
    pit_us: int | None
    strange: dict[str, str]


def decoded(data: str | bytes) -> str:
    """The text of a row: UTF-8 as a rule, cp1252 in old files."""
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def fields_of(text: str) -> list[str]:
    """The fields of a row; they are never quoted."""
    return [field.strip() for field in text.strip("\ufeff\r\n").split(";")]


def time_of(text: str) -> int | None:
    """A time; `None` where there is none, or it is longer than any session."""
    value = parse_duration_us(text) if text else None
    return None if value is None or value > MAX_TIME_US else value


def is_header(text: str) -> bool:
    """Whether a row names columns."""
    return _bare(fields_of(text)[0]) == "NUMBER"


def _bare(name: str) -> str:
    """`LAP_NUMBER` of the WEC is `LAPNUMBER` with IMSA."""
    return name.replace("_", "").replace(" ", "").upper()


class Header:
    """The columns of a file.

    Args:
        text: its first line.
    Raises: `BadFrame` where a column is missing without which there are no laps.
    """

    def __init__(self, text: str) -> None:
        names = [_bare(name) for name in fields_of(text)]
        self._widths = {len(names), len(names) - (names[-1] == "")}
        self._places = {name: place for place, name in enumerate(names) if name}
        missing = [name for name in _NEEDED if name not in self._places]
        if missing:
            raise BadFrame("header", f"expected the columns {', '.join(_NEEDED)}; no {missing[0]}")

    def value(self, fields: list[str], name: str) -> str:
        """The text in a column; empty where the file has no such column, or the row ends early."""
        place = self._places.get(name)
        return fields[place] if place is not None and place < len(fields) else ""

    def read(self, text: str) -> Lap:
        """Read a row.

        Raises: `BadFrame` where it has another number of fields than the header, or which car,
            which lap and when cannot be read; it costs that row alone.
        """
        if len(text) > MAX_ROW:
            raise BadFrame("long row", f"{len(text)} characters of at most {MAX_ROW}")
        fields = fields_of(text)
        if len(fields) not in self._widths:
            count = f"expected {max(self._widths)} fields, got {len(fields)}"
            raise BadFrame("row", f"{count}: {text[:60]!r}")
        return _Row(self, fields).lap()


class _Row:
    """A row while it is read."""

    def __init__(self, header: Header, fields: list[str]) -> None:
        self._header = header
        self._fields = fields
        self._strange: dict[str, str] = {}

    def lap(self) -> Lap:
        number, lap_us, total_us = self["NUMBER"], self._needed("LAPTIME"), self._needed("ELAPSED")
        if not number:
            raise BadFrame("row", f"expected a car number: {self._shown()}")
        if lap_us is None and total_us is None:
            raise BadFrame("row", f"expected a lap time or the time elapsed: {self._shown()}")
        return Lap(
            number=number,
            lap=self._lap_number(),
            lap_us=lap_us,
            total_us=total_us,
            in_pit=self["CROSSINGFINISHLINEINPIT"] == "B",
            timed=self._timed(lap_us),
            driver=self["DRIVERNAME"],
            driver_number=self["DRIVERNUMBER"],
            class_=self["CLASS"],
            group=self["GROUP"],
            team=self["TEAM"],
            manufacturer=self["MANUFACTURER"],
            flag=self["FLAGATFL"],
            kph=self._speed("KPH"),
            top_kmh=self._speed("TOPSPEED"),
            pit_us=self._duration("PITTIME"),
            strange=self._strange,
        )

    def __getitem__(self, name: str) -> str:
        return self._header.value(self._fields, name)

    def _shown(self) -> str:
        return repr(";".join(self._fields)[:60])

    def _needed(self, name: str) -> int | None:
        text = self[name]
        value = time_of(text)
        if text and value is None:
            raise BadFrame("row", f"expected a time in {name}: {self._shown()}")
        return value

    def _lap_number(self) -> int:
        text = self["LAPNUMBER"]
        if not _COUNT.fullmatch(text) or not 1 <= int(text) <= MAX_LAP:
            raise BadFrame("row", f"expected the number of a lap: {self._shown()}")
        return int(text)

    def _timed(self, lap_us: int | None) -> dict[str, Timed]:
        found = {"lap": Timed(lap_us, self._rank("LAPIMPROVEMENT"))}
        for n in SECTORS:
            found[f"s{n}"] = Timed(self._duration(f"S{n}"), self._rank(f"S{n}IMPROVEMENT"))
        return found

    def _rank(self, name: str) -> int:
        text = self[name]
        if text in ("", "0", "1", "2", "3"):
            return int(text or 0)
        self._strange[name] = text
        return 0

    def _duration(self, name: str) -> int | None:
        text = self[name]
        value = time_of(text)
        if text and value is None:
            self._strange[name] = text
        return value or None

    def _speed(self, name: str) -> float | None:
        text = self[name]
        if _SPEED.fullmatch(text):
            return float(text) or None
        if text:
            self._strange[name] = text
        return None
