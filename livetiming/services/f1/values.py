"""Single values of the feed: texts and numbers in, integers out; `None` for what is cleared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from livetiming.events import Laps
from livetiming.services import BadFrame
from livetiming.services.f1.shown import shown
from livetiming.units import parse_duration_us, parse_instant

_REMEMBERED = 1024
MAX_COUNT = 100_000
_LAPS_DOWN = re.compile(r"\+?(\d{1,4}) ?L(?:APS?)?", re.ASCII | re.IGNORECASE)
_LEADER = re.compile(r"LAP \d{1,4}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?", re.ASCII)


def text(value: object) -> str:
    """A text, as it is; empty where it was cleared."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    raise _unlike("text", value)


def flag(value: object) -> bool:
    """A yes or no; no where it was cleared."""
    if type(value) is bool:
        return value
    if value is None or value == "":
        return False
    raise _unlike("true or false", value)


def count(value: object) -> int | None:
    """A whole number that is not negative, perhaps as text."""
    if type(value) is str:
        if value == "":
            return None
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else value
    if value is None or (type(value) is int and 0 <= value <= MAX_COUNT):
        return value
    raise _unlike("a count", value)


def number(value: object) -> int | float | None:
    """A number, as the feed tells of weather: as text."""
    said = text(value)
    if said == "":
        return None
    if _NUMBER.fullmatch(said) is None:
        raise _unlike("a number", value)
    return float(said)


def time_us(value: object) -> int | None:
    """The time of a lap or a sector, microseconds."""
    said = text(value)
    return None if said == "" else _time_us(said)


@lru_cache(_REMEMBERED)
def _time_us(said: str) -> int:
    found = parse_duration_us(said)
    if found is None:
        raise _unlike("a time", said)
    return found


@lru_cache(_REMEMBERED)
def gap(said: str) -> int | Laps | None:
    """A gap: `+1.234`, `+1:02.345`, `1L`; the leader of a race has `LAP 12`, which is none.

    Raises: `BadFrame` where it is none of them.
    """
    if said == "" or _LEADER.fullmatch(said):
        return None
    if found := _LAPS_DOWN.fullmatch(said):
        laps = int(found[1])
        return Laps(laps) if laps else None
    gap_us = parse_duration_us(said.removeprefix("+"))
    if gap_us is None:
        raise _unlike("a gap", said)
    return gap_us


def instant(value: object) -> int | None:
    """An instant, epoch ms; without a zone it is UTC.

    Raises: `BadFrame` where the text is none.
    """
    said = text(value)
    if said == "":
        return None
    found = parse_instant(said)
    if found is None or found < 0:
        raise _unlike("an instant", said)
    return found


def _unlike(expected: str, value: Any) -> BadFrame:
    return BadFrame("content", f"expected {expected}, got {shown(value)}")
