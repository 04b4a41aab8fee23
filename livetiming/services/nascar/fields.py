"""Fields of the feed's documents, whatever stands in them: the value wanted, or none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from livetiming.units import parse_instant

Fields = Mapping[str, Any]

MAX_WHOLE = 10**9
_MAX_SECONDS = 10**7
_MAX_MPH = 10**4
_KM_PER_MILE = 1.609344
_MARKS = re.compile(r"^(?:[*#]|\s)+|(?:\s|[*#]|\(i\))+$")
_DIGITS = re.compile(r"-?\d{1,9}", re.ASCII)
_ZONED = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$", re.ASCII)
_DECIMAL = re.compile(r"\d{1,7}(?:\.\d{1,9})?", re.ASCII)


def records(value: object) -> list[Fields]:
    """The objects of a list; what is none is left out."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def record(value: object) -> Fields:
    """An object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def whole(fields: Fields, name: str) -> int | None:
    """An integer, be it written with a fraction or as text."""
    value = fields.get(name)
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    number = _number(value)
    if number is None or number != int(number) or abs(number) > MAX_WHOLE:
        return None
    return int(number)


def count(fields: Fields, name: str) -> int | None:
    """An integer of at least zero."""
    value = whole(fields, name)
    return None if value is None or value < 0 else value


def decimal(fields: Fields, name: str) -> float | None:
    """A number, be it written as text."""
    value = fields.get(name)
    if isinstance(value, str):
        return float(value) if _DECIMAL.fullmatch(value) else None
    return _number(value)


def duration_us(fields: Fields, name: str) -> int | None:
    """Seconds as microseconds; zero and -1 mean none.

    Whole milliseconds, since that is what is measured: 2023 has 2488.2979 for 2488.298.
    """
    seconds = decimal(fields, name)
    if seconds is None or not 0 < seconds < _MAX_SECONDS:
        return None
    return round(seconds * 1000) * 1000 or None


def speed_kmh(fields: Fields, name: str) -> float | None:
    """Miles an hour as kilometres an hour, to 1/100; zero means none."""
    mph = decimal(fields, name)
    return None if mph is None or not 0 < mph < _MAX_MPH else round(mph * _KM_PER_MILE, 2)


def text(fields: Fields, name: str) -> str:
    """Text without blanks around it; empty where there is none."""
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def instant(fields: Fields, name: str) -> int | None:
    """A date and time with its zone, as epoch ms; without a zone it is none."""
    return _instant(text(fields, name)) if _ZONED.search(text(fields, name)) else None


def instant_utc(fields: Fields, name: str) -> int | None:
    """A date and time that is UTC where it names no zone, as epoch ms."""
    return _instant(text(fields, name))


def _instant(words: str) -> int | None:
    try:
        at = parse_instant(words[:40])
    except OverflowError:
        return None
    return at if at is not None and at > 0 else None


def is_true(fields: Fields, name: str) -> bool | None:
    """A truth value; `None` where there is none."""
    value = fields.get(name)
    return value if isinstance(value, bool) else None


def person(name: str) -> str:
    """A driver's name without the marks of a rookie `#`, of who scores no points `(i)`, and `*`."""
    return _MARKS.sub("", name)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < 2**53 else None
