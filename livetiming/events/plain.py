"""One text or one number of any origin, cleaned or refused.

Source of every rule: docs/log-format.md, section "Values".
"""

from __future__ import annotations

import math
import reprlib
import unicodedata

from livetiming.errors import BadValue
from livetiming.events.model import MAX_FRACTION, MAX_INTEGER, MAX_STRING

_LOOKED_AT = 16 * MAX_STRING
"""Characters of a text that are looked at: ten megabytes of blanks are not worth two seconds."""
_DROPPED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def text(value: str, limit: int = MAX_STRING) -> str | None:
    """Clean a string: NFC, no control characters or line separators, trimmed, cut.

    Returns: the cleaned string, or `None` where nothing is left.
    Raises: `BadValue` where it is no string.
    """
    if not isinstance(value, str):
        raise BadValue(f"text: expected a text, got {shown(value)}")
    if len(value) > _LOOKED_AT:
        value = value[:_LOOKED_AT]
    if value.isascii() and value.isprintable():
        return value.strip()[:limit].rstrip() or None
    kept = "".join(c for c in value if unicodedata.category(c) not in _DROPPED_CATEGORIES)
    return unicodedata.normalize("NFC", kept).strip()[:limit].rstrip() or None


def number(value: float) -> int | float:
    """Clean a number: an exact integer, or rounded to four decimals; integral means integer.

    Raises: `BadValue` for booleans, NaN, infinities and what JavaScript cannot hold exactly.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue(f"number: expected a number, got {shown(value)}")
    if isinstance(value, float):
        return _fraction(value)
    if abs(value) > MAX_INTEGER:
        raise BadValue(f"number: expected at most {MAX_INTEGER} either way, got {shown(value)}")
    return int(value)


def _fraction(value: float) -> int | float:
    if not math.isfinite(value):
        raise BadValue(f"number: expected a finite number, got {value!r}")
    rounded = float(round(value, 4))
    if rounded.is_integer():
        return number(int(rounded))
    if abs(rounded) > MAX_FRACTION:
        raise BadValue(f"number: expected at most {MAX_FRACTION} either way, got {value!r}")
    return rounded


def integer(field: str, value: int, least: int = -MAX_INTEGER) -> int:
    """Check an integer.

    Raises: `BadValue`, naming the field.
    """
    if type(value) is not int or not least <= value <= MAX_INTEGER:
        raise BadValue(f"{field}: expected an integer within 2^53, got {shown(value)}")
    return value


class _Short(reprlib.Repr):
    def repr_int(self, x: int, level: int) -> str:
        """Python itself refuses to write integers of more than 4,300 digits."""
        bits = x.bit_length()
        return f"an integer of {bits} bits" if bits > 128 else str(x)


_short = _Short()
_short.maxstring = _short.maxother = 80


def shown(value: object) -> str:
    """Show a value of any sort and size in a message."""
    return _short.repr(value)
