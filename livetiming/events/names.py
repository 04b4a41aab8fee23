"""What may name things in a log: sessions, cars, columns and classes.

Source of every rule: docs/log-format.md, section "Values".
"""

from __future__ import annotations

import re

from livetiming.errors import BadValue
from livetiming.events.plain import shown, text

MAX_CAR_ID = 32

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_CLASS = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SESSION = re.compile(r"[0-9a-f]{32}")
_FORBIDDEN_NAMES = frozenset({"id", "constructor", "prototype"})
_FORBIDDEN_CARS = frozenset({"__proto__", "constructor", "prototype"})


class SessionId(str):
    """A session's id: the only text that ever becomes a file name or a topic.

    Raises: `BadValue` unless it is 32 lower-case hexadecimal digits.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> SessionId:
        """Check the text."""
        return super().__new__(cls, _matching(_SESSION, text, "session id", "32 digits of 0-9a-f"))


def service_class(text: str) -> str:
    """Check the name of a service class."""
    return _matching(_CLASS, text, "service class", "small letters, digits and _")


def name(text: str) -> str:
    """Check the id of a column, a session field or a timing line."""
    matched = _matching(_NAME, text, "name", "small letters, digits and _, a letter first")
    if matched in _FORBIDDEN_NAMES:
        raise BadValue(f"name: {text!r} is reserved")
    return matched


def car_id(key: str) -> str:
    """Make a car id of the provider's own key for the car.

    Raises: `BadValue` where nothing is left, or more than 32 characters are.
    """
    return known_id(text(key) or "")


def same_id(car: str) -> str:
    """Check that a car id is as `car_id` makes it."""
    if car_id(car) != car:
        raise BadValue(f"car id: expected it clean, as `car_id` makes it, got {shown(car)}")
    return car


def known_id(car: str) -> str:
    """Check the length of a car id, and that no object has it by nature."""
    if not 1 <= len(car) <= MAX_CAR_ID or car in _FORBIDDEN_CARS:
        raise BadValue(f"car id: expected 1 to {MAX_CAR_ID} characters, got {shown(car)}")
    return car


def _matching(pattern: re.Pattern[str], value: str, what: str, expected: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadValue(f"{what}: expected {expected}, got {shown(value)}")
    return value
