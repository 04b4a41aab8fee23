"""The table: which column of the feed is which of ours, and how its texts are read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from livetiming.events import Cell, Laps
from livetiming.racing import Mark, columns
from livetiming.units import parse_duration_us

COLUMNS = columns(
    *("num", "state", "team", "driver", "laps", "gap", "last", "best", "s1", "s2", "s3", "pits")
)
MAX_TEXT = 256
MAX_COUNT = 99_999
UNREAD = "unread"
"""What a text is that is none of its column."""

_NOTHING = frozenset({"", "-", "--"})
_GAP_IN_LAPS = re.compile(r"\+?([1-9][0-9]{0,3}) ?(?:laps?|tours?|l\.?|t\.?)", re.IGNORECASE)
_MARKS = {"ti": Mark.PB, "tb": Mark.SB}


class Reading(NamedTuple):
    """How the cells of a column are read.

    Args:
        column: ours.
        read: makes the value of a text that says something; `UNREAD` where it cannot.
        marked: whether the cell's class says what the value is worth.
    """

    column: str
    read: Callable[[str], str | int | Laps]
    marked: bool = False


def count(text: str) -> int | str:
    """Read a number of laps, of stops, of a place."""
    if text.isascii() and text.isdecimal() and len(text) <= 5:
        return int(text)
    return UNREAD


def _time(text: str) -> int | str:
    value_us = parse_duration_us(text)
    return UNREAD if value_us is None else value_us


def _gap(text: str) -> int | Laps | str:
    match = _GAP_IN_LAPS.fullmatch(text)
    return _time(text.removeprefix("+")) if match is None else Laps(int(match[1]))


def _text(text: str) -> str:
    return text


READINGS = {
    "no": Reading("num", _text),
    "dr": Reading("team", _text),
    "llp": Reading("last", _time, marked=True),
    "blp": Reading("best", _time, marked=True),
    "gap": Reading("gap", _gap),
    "tlp": Reading("laps", count),
    "pit": Reading("pits", count),
    "s1": Reading("s1", _time, marked=True),
    "s2": Reading("s2", _time, marked=True),
    "s3": Reading("s3", _time, marked=True),
}
"""By the type of the feed's column."""
DRIVER = Reading("driver", _text)
"""The column `dr` with the class `drteam`: who of the team drives."""


def cell(reading: Reading, style: str, text: str) -> Cell | None:
    """Read a cell.

    Args:
        reading: of its column.
        style: its class.
        text: what it shows.
    Returns: `None` where it shows nothing, `UNREAD` where that cannot be read.
    """
    shown = text[:MAX_TEXT].strip()
    if shown in _NOTHING:
        return None
    value = reading.read(shown)
    mark = _MARKS.get(style) if reading.marked and value != UNREAD else None
    return value if mark is None else (value, mark)
