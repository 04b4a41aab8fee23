"""What may stand in an event: every value is cleaned or refused here, where events are made.

Source of every rule: docs/log-format.md, section "Values".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from livetiming.errors import BadValue
from livetiming.events.cells import cell, column_cell, session_value
from livetiming.events.model import (
    Attribution,
    CellChange,
    Changed,
    Closed,
    Described,
    Feed,
    FeedStatus,
    Passed,
    Payload,
    Posted,
    Style,
    Versions,
)
from livetiming.events.names import (
    MAX_CAR_ID,
    SessionId,
    car_id,
    known_id,
    name,
    same_id,
    service_class,
)
from livetiming.events.plain import integer, number, shown, text
from livetiming.racing import Column, Flag, SessionField

__all__ = [
    "MAX_CARS",
    "MAX_CAR_ID",
    "MAX_CATEGORY",
    "MAX_COLUMNS",
    "SessionId",
    "car_id",
    "cell",
    "clean",
    "column_cell",
    "known_id",
    "name",
    "same_id",
    "service_class",
    "session_value",
]

MAX_CARS = 200
MAX_COLUMNS = 64
MAX_CATEGORY = 32

_SESSION_FIELDS = frozenset(str(field) for field in SessionField)
_STYLES = (*Flag, *Style)

_Value = TypeVar("_Value")


def clean(payload: Payload) -> Payload:
    """Clean what an event says, or refuse it.

    Returns: the same thing, fit for a log.
    Raises: `BadValue`, naming the field.
    """
    if isinstance(payload, Changed):
        return _clean_changed(payload)
    typed = _typed(payload)
    match typed:
        case Described():
            return _clean_described(typed)
        case Passed():
            return _clean_passed(typed)
        case Posted():
            return _clean_posted(typed)
        case Feed():
            return _clean_feed(typed)
        case Closed():
            following = None if typed.next is None else str(SessionId(typed.next))
            return msgspec.structs.replace(typed, next=following)
    raise BadValue(f"event: expected something to say, got {shown(payload)}")


def _typed(payload: Payload) -> Payload:
    """Hold every field to its type: what a plugin hands over was checked by nobody."""
    try:
        return msgspec.convert(msgspec.to_builtins(payload, enc_hook=_exact), type(payload))
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        raise BadValue(f"{type(payload).__name__.lower()}: {error}") from error


def _exact(value: object) -> object:
    """Let a `SessionId`, and whatever else is a text or number of its own class, be just that."""
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind(value)
    raise TypeError(f"expected a value of JSON, got {shown(value)}")


def _clean_changed(payload: Changed) -> Changed:
    if not (payload.cars or payload.removed or payload.order or payload.session):
        raise BadValue("changed: says nothing")
    return Changed(
        {same_id(car): _clean_cells(cells) for car, cells in _map(payload.cars).items()},
        _ids("removed", payload.removed),
        payload.order and _clean_order(payload.order),
        {field: session_value(field, value) for field, value in _map(payload.session).items()},
    )


def _clean_cells(cells: dict[str, CellChange]) -> dict[str, CellChange]:
    return {column: column_cell(column, value) for column, value in _map(cells).items()}


def _clean_order(order: tuple[int, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    if not isinstance(order, tuple) or len(order) != 2 or not order[1]:
        raise BadValue(f"order: expected a place and at least one car, got {shown(order)}")
    return integer("order", order[0], 0), _ids("order", order[1])


def _ids(field: str, cars: tuple[str, ...]) -> tuple[str, ...]:
    if not isinstance(cars, tuple):
        raise BadValue(f"{field}: expected a tuple of car ids, got {shown(cars)}")
    return tuple(same_id(car) for car in cars)


def _map(value: dict[str, _Value]) -> dict[str, _Value]:
    if not isinstance(value, dict):
        raise BadValue(f"changed: expected values by name, got {shown(value)}")
    return value


def _clean_described(payload: Described) -> Described:
    track = _columns(payload.track)
    if taken := _SESSION_FIELDS.intersection(column.id for column in track):
        raise BadValue(f"track: {', '.join(sorted(taken))} is a field of every session")
    return msgspec.structs.replace(
        payload,
        session=str(SessionId(payload.session)),
        writer=_count("writer", payload.writer),
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
        continues=None if payload.continues is None else str(SessionId(payload.continues)),
        made_from=payload.made_from and tuple(str(SessionId(id_)) for id_ in payload.made_from),
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
        raise BadValue(f"attribution: expected an https: address, got {shown(url)}")
    return Attribution(_required("attribution", value.text), url)


def _clean_passed(payload: Passed) -> Passed:
    for field in ("lap", "lap_us", "total_us"):
        value = getattr(payload, field)
        if value is not None:
            integer(field, value)
    return msgspec.structs.replace(
        payload, car=same_id(payload.car), line=name(payload.line), driver=_optional(payload.driver)
    )


def _clean_posted(payload: Posted) -> Posted:
    category = text(payload.category, MAX_CATEGORY)
    if category is None:
        raise BadValue("category: empty")
    if payload.style is not None and payload.style not in _STYLES:
        raise BadValue(f"style: expected one of {', '.join(_STYLES)}, got {shown(payload.style)}")
    return msgspec.structs.replace(
        payload,
        category=category,
        text=_required("text", payload.text),
        car=None if payload.car is None else same_id(payload.car),
    )


def _clean_feed(payload: Feed) -> Feed:
    opening = (payload.writer, payload.previous, payload.adopted)
    resumed = payload.status is FeedStatus.RESUMED
    if opening.count(None) != (0 if resumed else len(opening)):
        raise BadValue("feed: expected writer, previous and adopted with resumed, and only then")
    for value in (payload.writer, payload.adopted, *(payload.previous or ())):
        _count("feed", value)
    return msgspec.structs.replace(payload, reason=_optional(payload.reason))


def _count(field: str, value: int | None) -> int | None:
    return None if value is None else integer(field, value, 0)


def _optional(value: str | None) -> str | None:
    return None if value is None else text(value)


def _required(field: str, value: str) -> str:
    cleaned = text(value)
    if cleaned is None:
        raise BadValue(f"{field}: empty")
    return cleaned
