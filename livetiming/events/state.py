"""The timing screen: what the events of a session add up to."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from livetiming.errors import BadLine, BadState, BadValue
from livetiming.events.codec import strict_json
from livetiming.events.model import (
    MAX_INTEGER,
    Cell,
    Cells,
    CloseReason,
    Described,
    FeedStatus,
    Origin,
    SessionValue,
)
from livetiming.events.names import SessionId
from livetiming.events.reading import (
    check_cars,
    check_number,
    check_payload,
    check_values,
    check_written,
)


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as the screen shows it: a `posted` with its instant."""

    at: int
    category: str
    text: str
    style: str | None = None
    car: str | None = None
    origin: Origin


class FeedState(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the feed is, and since when."""

    status: FeedStatus
    at: int
    reason: str | None = None


class ClosedState(msgspec.Struct, frozen=True, omit_defaults=True):
    """That the session is over, since when, and why."""

    at: int
    reason: CloseReason
    next: str | None = None


class State(msgspec.Struct, kw_only=True):
    """What a session looks like after some event; mutable, for `apply` alone.

    Args:
        described: the latest description, without its writer.
        session: values by field.
        cars: cells by car and column.
        order: the ids of all cars, first place first.
        messages: the newest, oldest first.
        feed: how the provider's feed is.
        closed: set once the session is over.
        writer: the newest opening of the log.
    """

    described: Described | None = None
    session: dict[str, SessionValue] = msgspec.field(default_factory=dict)
    cars: dict[str, Cells] = msgspec.field(default_factory=dict)
    order: list[str] = msgspec.field(default_factory=list)
    messages: list[Message] = msgspec.field(default_factory=list)
    feed: FeedState | None = None
    closed: ClosedState | None = None
    writer: int | None = None


class _StoredState(msgspec.Struct, frozen=True, kw_only=True):
    """A state's shape in JSON; `described` and `cars` need a second look."""

    described: dict[str, Any] | None
    session: dict[str, SessionValue]
    cars: list[dict[str, Cell]]
    messages: list[Message]
    feed: FeedState | None
    closed: ClosedState | None
    writer: int | None


_stored_decoder = msgspec.json.Decoder(_StoredState)


def as_json(state: State) -> bytes:
    """Write a state as it stands in a snapshot line."""
    return msgspec.json.encode(_as_builtins(state))


def _as_builtins(state: State) -> dict[str, Any]:
    return {
        "described": _description(state.described),
        "session": state.session,
        "cars": [{"id": car, **state.cars[car]} for car in state.order],
        "messages": state.messages,
        "feed": state.feed,
        "closed": state.closed,
        "writer": state.writer,
    }


def _description(described: Described | None) -> dict[str, Any] | None:
    if described is None:
        return None
    fields: dict[str, Any] = msgspec.to_builtins(described)
    del fields["type"]
    return fields


def from_json(text: bytes) -> State:
    """Read a state from a snapshot line.

    Raises: `BadState` where it has another shape, or two cars have one id.
    """
    try:
        state = _state(_stored_decoder.decode(text))
        if as_json(state) != text:
            _check_foreign(state, strict_json(text))
    except (
        msgspec.MsgspecError,
        UnicodeDecodeError,
        BadValue,
        BadLine,
        KeyError,
        RecursionError,
    ) as error:
        raise BadState(f"state: {error}") from error
    return state


def _state(stored: _StoredState) -> State:
    described = None if stored.described is None else msgspec.convert(stored.described, Described)
    ids = [car.pop("id") for car in stored.cars]
    order = [car for car in ids if isinstance(car, str)]
    cars = dict(zip(order, stored.cars, strict=False))
    if not len(ids) == len(order) == len(cars):
        raise BadValue("each car needs an id of its own")
    if described is not None:
        check_payload(described)
    check_cars(order)
    check_values(stored.session)
    for cells in stored.cars:
        check_values(cells)
    _check_rest(stored)
    return State(
        described=described,
        session=stored.session,
        cars=cars,
        order=order,
        messages=stored.messages,
        feed=stored.feed,
        closed=stored.closed,
        writer=stored.writer,
    )


def _check_rest(stored: _StoredState) -> None:
    """Refuse what no message, no feed and no end of a session has."""
    check_cars(message.car for message in stored.messages if message.car is not None)
    ats = [part.at for part in (*stored.messages, stored.feed, stored.closed) if part is not None]
    for number in (*ats, stored.writer or 0):
        if not 0 <= number <= MAX_INTEGER:
            check_number("at", number)
    if stored.closed is not None and stored.closed.next is not None:
        SessionId(stored.closed.next)


def _check_foreign(state: State, raw: dict[str, Any]) -> None:
    """Look again at a state that we would write in another way."""
    for part, raw_part in (
        (state.described, raw["described"]),
        (state.feed, raw["feed"]),
        (state.closed, raw["closed"]),
        *zip(state.messages, raw["messages"], strict=True),
    ):
        if part is not None:
            check_written(part, raw_part)


def canonical(state: State) -> bytes:
    """Write a state with its keys sorted at every level: equal states, equal text."""
    return msgspec.json.encode(_as_builtins(state), order="sorted")


def state_hash(state: State) -> str:
    """The name of a state: 32 hexadecimal digits, the same in Python and TypeScript."""
    return hashlib.blake2b(canonical(state), digest_size=16).hexdigest()
