"""What may stand in an event: every value is cleaned or refused here, where events are made.

Source of every rule: docs/log-format.md, section "Values".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

import msgspec

from livetiming.errors import BadValue
from livetiming.events.model import (
    MAX_FRACTION,
    MAX_INTEGER,
    MAX_STRING,
    Attribution,
    CellChange,
    Changed,
    Clock,
    Closed,
    Described,
    Feed,
    Laps,
    Passed,
    Payload,
    Plain,
    Posted,
    SessionChange,
    Versions,
)
from livetiming.racing import CarState, Column, Flag, Mark, SessionField

MAX_CARS = 200
MAX_COLUMNS = 64
MAX_CATEGORY = 32
MAX_CAR_ID = 32

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_CLASS = re.compile(r"[a-z][a-z0-9_]{0,63}")
_INSTANCE = re.compile(r"[a-z0-9_-]{1,32}")
_SESSION = re.compile(r"[0-9a-f]{32}")
_FORBIDDEN_NAMES = frozenset({"id", "constructor", "prototype"})
_FORBIDDEN_CARS = frozenset({"__proto__", "constructor", "prototype"})
_DROPPED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_CLOCK_FIELDS = frozenset({SessionField.ELAPSED, SessionField.REMAINING})
_COUNT_FIELDS = frozenset({SessionField.LAPS, SessionField.LAPS_REMAINING, SessionField.LAPS_TOTAL})
_SESSION_FIELDS = frozenset(str(field) for field in SessionField)


class SessionId(str):
    """A session's id: the only text that ever becomes a file name or a topic.

    Raises: `BadValue` unless it is 32 lower-case hexadecimal digits.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> SessionId:
        """Check the text."""
        if not _SESSION.fullmatch(text):
            raise BadValue(f"session id: expected 32 digits of 0-9a-f, got {text[:40]!r}")
        return super().__new__(cls, text)


def service_class(text: str) -> str:
    """Check the name of a service class."""
    return _matching(_CLASS, text, "service class", "small letters, digits and _")


def instance_name(text: str) -> str:
    """Check the name of one of several instances of a service class."""
    return _matching(_INSTANCE, text, "instance", "small letters, digits, _ and -")


def name(text: str) -> str:
    """Check the id of a column, a session field or a timing line."""
    if text in _FORBIDDEN_NAMES:
        raise BadValue(f"name: {text!r} is reserved")
    return _matching(_NAME, text, "name", "small letters, digits and _, a letter first")


def car_id(key: str) -> str:
    """Make a car id of the provider's own key for the car.

    Raises: `BadValue` where nothing is left, or more than 32 characters are.
    """
    cleaned = text(key)
    if cleaned is None or len(cleaned) > MAX_CAR_ID or cleaned in _FORBIDDEN_CARS:
        raise BadValue(f"car id: expected 1 to {MAX_CAR_ID} characters, got {key[:40]!r}")
    return cleaned


def text(value: str, limit: int = MAX_STRING) -> str | None:
    """Clean a string: NFC, no control characters or line separators, trimmed, cut.

    Returns: the cleaned string, or `None` where nothing is left.
    """
    if value.isascii() and value.isprintable():
        return value.strip()[:limit].rstrip() or None
    kept = "".join(c for c in value if unicodedata.category(c) not in _DROPPED_CATEGORIES)
    return unicodedata.normalize("NFC", kept).strip()[:limit].rstrip() or None


def number(value: float) -> int | float:
    """Clean a number: an exact integer, or rounded to four decimals; integral means integer.

    Raises: `BadValue` for booleans, NaN, infinities and what JavaScript cannot hold exactly.
    """
    if isinstance(value, bool) or not math.isfinite(value):
        raise BadValue(f"number: expected a finite number, got {value!r}")
    if isinstance(value, float):
        value = round(value, 4)
        value = int(value) if value.is_integer() else value
    limit = MAX_INTEGER if isinstance(value, int) else MAX_FRACTION
    if abs(value) > limit:
        raise BadValue(f"number: expected at most {limit} either way, got {value!r}")
    return value


def cell(value: CellChange) -> CellChange:
    """Clean a cell.

    Returns: the clean cell, or `None` where it holds nothing.
    Raises: `BadValue` where it is no cell.
    """
    if isinstance(value, tuple):
        if len(value) != 2:
            raise BadValue(f"cell: expected (value, mark), got {len(value)} items")
        plain = _plain(value[0])
        return None if plain is None else (plain, _mark(value[1]))
    return None if value is None else _plain(value)


def _plain(value: Plain) -> Plain | None:
    match value:
        case str():
            return text(value)
        case bool() | int() | float():
            return number(value)
        case Laps(laps) if type(laps) is int and 1 <= laps <= MAX_INTEGER:
            return value
    raise BadValue(f"cell: expected text, number or laps, got {value!r:.80}")


def _mark(value: str) -> Mark:
    try:
        return Mark(value)
    except ValueError:
        raise BadValue(f"mark: expected one of {', '.join(Mark)}, got {value!r:.40}") from None


def column_cell(column: str, value: CellChange) -> CellChange:
    """Clean the cell of one column, and check the column's name."""
    cleaned = cell(value)
    if name(column) == "state" and cleaned is not None and cleaned not in set(CarState):
        raise BadValue(f"state: expected one of {', '.join(CarState)}, got {cleaned!r:.40}")
    return cleaned


def session_value(field: str, value: SessionChange) -> SessionChange:
    """Clean the value of one session field or of one track column, and check its name."""
    name(field)
    if value is None:
        return None
    if field in _CLOCK_FIELDS:
        return _clock(field, value)
    if isinstance(value, Clock) or (field in _COUNT_FIELDS and not isinstance(value, int)):
        raise BadValue(f"{field}: got {value!r:.80}")
    if field == SessionField.FLAG:
        return _flag(value)
    return text(value) if isinstance(value, str) else number(value)


def _clock(field: str, value: SessionChange) -> Clock:
    if not isinstance(value, Clock) or not isinstance(value.runs, bool):
        raise BadValue(f"{field}: expected a clock, got {value!r:.80}")
    return Clock(_integer(field, value.value_us), _integer(field, value.at), value.runs)


def _flag(value: SessionChange) -> Flag:
    try:
        return Flag(str(value))
    except ValueError:
        raise BadValue(f"flag: expected one of {', '.join(Flag)}, got {value!r:.40}") from None


def clean(payload: Payload) -> Payload:
    """Clean what an event says, or refuse it.

    Returns: the same thing, fit for a log.
    Raises: `BadValue`, naming the field.
    """
    match payload:
        case Changed():
            return _clean_changed(payload)
        case Described():
            return _clean_described(payload)
        case Passed():
            return _clean_passed(payload)
        case Posted():
            return _clean_posted(payload)
        case Feed():
            return msgspec.structs.replace(payload, reason=_optional(payload.reason))
        case Closed():
            following = None if payload.next is None else str(SessionId(payload.next))
            return msgspec.structs.replace(payload, next=following)


def _clean_changed(payload: Changed) -> Changed:
    if not (payload.cars or payload.removed or payload.order or payload.session):
        raise BadValue("changed: says nothing")
    order = payload.order
    if order is not None and not order[1]:
        raise BadValue("order: names no car")
    return Changed(
        {
            same_id(car): {column: column_cell(column, value) for column, value in cells.items()}
            for car, cells in payload.cars.items()
        },
        tuple(same_id(car) for car in payload.removed),
        order and (order[0], tuple(same_id(car) for car in order[1])),
        {field: session_value(field, value) for field, value in payload.session.items()},
    )


def _clean_described(payload: Described) -> Described:
    track = _columns(payload.track)
    if taken := _SESSION_FIELDS.intersection(column.id for column in track):
        raise BadValue(f"track: {', '.join(sorted(taken))} is a field of every session")
    return msgspec.structs.replace(
        payload,
        session=str(SessionId(payload.session)),
        name=text(payload.name) or "",
        description=text(payload.description) or "",
        class_=service_class(payload.class_),
        key=_optional(payload.key),
        columns=_columns(payload.columns),
        track=track,
        attribution=payload.attribution and _attribution(payload.attribution),
        venue=_optional(payload.venue),
        timezone=_optional(payload.timezone),
        rate=number(payload.rate),
        versions=Versions(
            _required("version", payload.versions.livetiming), _optional(payload.versions.plugin)
        ),
    )


def _columns(given: Iterable[Column]) -> tuple[Column, ...]:
    cleaned = tuple(
        Column(
            name(column.id),
            column.type,
            _required("title", column.title),
            _optional(column.description),
        )
        for column in given
    )
    if len(cleaned) > MAX_COLUMNS:
        raise BadValue(f"columns: expected at most {MAX_COLUMNS}, got {len(cleaned)}")
    if len({column.id for column in cleaned}) < len(cleaned):
        raise BadValue("columns: one id twice")
    return cleaned


def _attribution(value: Attribution) -> Attribution:
    url = _optional(value.url)
    if url is not None and not url.startswith("https://"):
        raise BadValue(f"attribution: expected an https: address, got {url!r:.80}")
    return Attribution(_required("attribution", value.text), url)


def _clean_passed(payload: Passed) -> Passed:
    for field in ("lap", "lap_us", "total_us"):
        value = getattr(payload, field)
        if value is not None:
            _integer(field, value)
    return msgspec.structs.replace(
        payload, car=same_id(payload.car), line=name(payload.line), driver=_optional(payload.driver)
    )


def _clean_posted(payload: Posted) -> Posted:
    category = text(payload.category, MAX_CATEGORY)
    if category is None:
        raise BadValue("category: empty")
    return msgspec.structs.replace(
        payload,
        category=category,
        text=_required("text", payload.text),
        style=_optional(payload.style),
        car=None if payload.car is None else same_id(payload.car),
    )


def same_id(car: str) -> str:
    """Check that a car id is as `car_id` makes it."""
    if car_id(car) != car:
        raise BadValue(f"car id: expected it clean, as `car_id` makes it, got {car!r:.60}")
    return car


def _integer(field: str, value: int) -> int:
    if type(value) is not int or abs(value) > MAX_INTEGER:
        raise BadValue(f"{field}: expected an integer within 2^53, got {value!r:.60}")
    return value


def _optional(value: str | None) -> str | None:
    return None if value is None else text(value)


def _required(field: str, value: str) -> str:
    cleaned = text(value)
    if cleaned is None:
        raise BadValue(f"{field}: empty")
    return cleaned


def _matching(pattern: re.Pattern[str], value: str, what: str, expected: str) -> str:
    if not pattern.fullmatch(value):
        raise BadValue(f"{what}: expected {expected}, got {value[:80]!r}")
    return value
