"""What the fields of a live document hold, which are numbers as often as texts of numbers."""

from __future__ import annotations

import re
from typing import Any

MAX_MS = 7 * 24 * 3600 * 1000
"""Longer than any session; an instant is later."""
MAX_INSTANT = 10**13
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


def fields_of(value: Any) -> dict[str, Any]:
    """The fields of a document; none where there is no document."""
    return value if isinstance(value, dict) else {}


def text_of(value: Any) -> str:
    """A text; empty where there is none."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if type(value) is int else ""


def number_of(value: Any) -> float | None:
    """A number."""
    if type(value) in (int, float):
        return float(value) if abs(value) < MAX_INSTANT else None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    return None


def count_of(value: Any) -> int | None:
    """A whole number from 0 on."""
    number = number_of(value)
    return None if number is None or number < 0 or number != int(number) else int(number)


def us_of(value: Any) -> int | None:
    """A duration, given in milliseconds; none of them is 0."""
    number = number_of(value)
    return round(number * 1000) if number is not None and 0 < number <= MAX_MS else None


def id_of(value: Any) -> str | None:
    """The id of a document: a text, or an id of Mongo in the JSON of Meteor."""
    if isinstance(value, dict):
        value = value.get("$value", value.get("value"))
    return value if isinstance(value, str) and 0 < len(value) <= 64 else None
