"""What a reader refuses in lines and snapshots that have the right shape: the twin agrees on each.

The rules are those of `values`, as far as two readers could otherwise fold to different states.
Words that a later version may add (styles, session fields) and untidy text are let through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from livetiming.errors import BadValue
from livetiming.events.model import (
    MAX_FRACTION,
    MAX_INTEGER,
    Changed,
    Clock,
    Closed,
    Described,
    Feed,
    Laps,
    Passed,
    Payload,
    Posted,
)
from livetiming.events.names import SessionId, known_id, name, service_class
from livetiming.events.plain import shown
from livetiming.racing import STANDARD_COLUMNS, SessionField

_REMEMBERED = 4096
_names: set[str] = {*STANDARD_COLUMNS, *SessionField}
_ids: set[str] = set()
"""Names and ids that were checked before: looking one up takes a tenth of checking it."""
knows_names = _names.issuperset
"""Whether all names were checked before."""
knows_ids = _ids.issuperset
"""Whether all car ids were checked before."""


def check_payload(payload: Payload) -> None:
    """Refuse ids, names and numbers that no log holds.

    Raises: `BadValue`, naming the field.
    """
    match payload:
        case Changed():
            _check_changed(payload)
        case Passed():
            _check_id(payload.car)
            _check_name(payload.line)
            _check_integers(payload, "lap", "lap_us", "total_us")
        case Posted():
            if payload.car is not None:
                _check_id(payload.car)
        case Described():
            _check_described(payload)
        case Feed():
            _check_integers(payload, "writer", "adopted")
            for number in payload.previous or ():
                check_number("previous", number)
        case Closed():
            _check_session(payload.next)


def _check_changed(change: Changed) -> None:
    """Ids that leave or are in the order need no look: the fold demands that they are cars."""
    for car, cells in change.cars.items():
        if car not in _ids:
            _check_id(car)
        check_values(cells)
    if change.session:
        check_values(change.session)
    elif not (change.cars or change.removed or change.order):
        raise BadValue("changed: expected at least one change, got none")
    if change.order is not None and not change.order[1]:
        raise BadValue("order: expected at least one car, got none")


def _check_id(car: str) -> None:
    if car not in _ids:
        known_id(car)
        if len(_ids) < _REMEMBERED:
            _ids.add(car)


def _check_name(field: str) -> None:
    if field not in _names:
        name(field)
        if len(_names) < _REMEMBERED:
            _names.add(field)


def check_values(values: Mapping[str, Any]) -> None:
    """Refuse names and numbers that no cells and no session fields have."""
    for field, value in values.items():
        if field not in _names:
            _check_name(field)
        kind = type(value)
        if kind is int:
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                check_number(field, value)
        elif kind is not str and value is not None:
            _check_rare(field, value)


def _check_rare(field: str, value: Any) -> None:
    plain = value[0] if type(value) is tuple else value
    kind = type(plain)
    if kind is Clock:
        check_number(field, plain.value_us)
        check_number(field, plain.at)
    elif kind is not str:
        check_number(field, plain.laps if kind is Laps else plain)


def check_number(field: str, number: float) -> None:
    """Refuse a number that is not exact, or that is written in another way elsewhere.

    Raises: `BadValue`, naming the field.
    """
    if type(number) is int:
        if -MAX_INTEGER <= number <= MAX_INTEGER:
            return
    elif abs(number) < MAX_FRACTION and round(number, 4) == number and number % 1:
        return
    raise BadValue(
        f"{field}: expected an integer within 2^53 or up to 4 decimals, got {shown(number)}"
    )


def _check_described(described: Described) -> None:
    """Refuse a description whose ids, names or numbers no log holds."""
    _check_session(described.session)
    service_class(described.class_)
    for column in (*described.columns, *described.track):
        _check_name(column.id)
    check_number("rate", described.rate)
    _check_integers(described, "writer")
    for session in (described.continues, *(described.made_from or ())):
        _check_session(session)


def check_cars(ids: Iterable[str]) -> None:
    """Refuse ids that no car has."""
    for car in ids:
        _check_id(car)


def _check_session(session: str | None) -> None:
    if session is not None:
        SessionId(session)


def _check_integers(payload: Payload, *fields: str) -> None:
    for field in fields:
        number = getattr(payload, field)
        if number is not None:
            check_number(field, number)


def check_written(value: msgspec.Struct, raw: Mapping[str, Any]) -> None:
    """Refuse what stands in an object though it should be left out: null, and empty changes.

    Args:
        value: what was read.
        raw: the JSON it was read from.
    Raises: `BadValue`, naming the field.
    """
    for attribute, field in zip(
        value.__struct_fields__, value.__struct_encode_fields__, strict=True
    ):
        if field not in raw:
            continue
        found = raw[field]
        if found is None and field != "key":
            raise BadValue(f"{field}: expected it left out, got null")
        if isinstance(value, Changed) and found in ({}, []):
            raise BadValue(f"{field}: expected something in it")
        _check_within(getattr(value, attribute), found)


def _check_within(value: object, raw: Any) -> None:
    if isinstance(value, msgspec.Struct):
        check_written(value, raw)
    elif isinstance(value, tuple | list):
        for item, raw_item in zip(value, raw, strict=False):
            if isinstance(item, msgspec.Struct):
                check_written(item, raw_item)
