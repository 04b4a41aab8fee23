"""What a field says: all of them are texts, and a text may be anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from livetiming.events import Laps
from livetiming.services import BadFrame
from livetiming.units import parse_duration_us

Row = Mapping[str, Any]

NOTHING = frozenset({"", "-", "--", "---"})
_MAX_DIGITS = 9
_LAPS = re.compile(r"R\s?(\d{1,4})", re.ASCII)
_SPEED = re.compile(r"\d{1,4}(?:\.\d{1,6})?", re.ASCII)
_LEADER = "LAP"


def rows(document: Row, name: str) -> list[Row]:
    """A list of objects, such as `RESULT`.

    Raises: `BadFrame` where it is something else.
    """
    found = document.get(name)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadFrame(name, f"expected a list of objects, got {type(found).__name__}")
    return found


def text(row: Row, name: str) -> str:
    """A text, also of what is a number after all; empty where there is none."""
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def number(row: Row, name: str) -> int | None:
    """A number that is not negative, or `None`."""
    found = text(row, name)
    return int(found) if found.isascii() and found.isdigit() and len(found) <= _MAX_DIGITS else None


def time_us(row: Row, name: str) -> int | None:
    """A time, microseconds; `None` for none, for zero and for a word such as `PIT`."""
    return parse_duration_us(text(row, name)) or None


def speed(row: Row, name: str) -> float | None:
    """A speed, km/h, or `None`; zero is none."""
    found = text(row, name)
    return (float(found) or None) if _SPEED.fullmatch(found) else None


def gap(row: Row, name: str) -> int | Laps | None:
    """A gap: seconds, or laps as in `R3`; `None` for the leader, whose field says its lap.

    Raises: `ValueError` where it is something else.
    """
    found = text(row, name).lstrip("+")
    if found in NOTHING or _LEADER in found.upper():
        return None
    if match := _LAPS.fullmatch(found):
        return Laps(int(match[1])) if int(match[1]) else None
    value_us = parse_duration_us(found)
    if value_us is None:
        raise ValueError(found)
    return value_us
