"""The fold: the only way in which a state comes about."""

from __future__ import annotations

from typing import assert_never

import msgspec

from livetiming.errors import BadState
from livetiming.events.model import (
    MAX_MESSAGES,
    Changed,
    Closed,
    Described,
    Event,
    Feed,
    FeedStatus,
    Passed,
    Posted,
    SessionChange,
    Unknown,
)
from livetiming.events.state import ClosedState, FeedState, Message, State

VERSION = 1
"""Of this fold and of the log's format together: a snapshot of another version is not trusted."""


def apply(state: State, event: Event) -> State:
    """Make the state after an event from the state before it.

    Works in place, which is ten times as fast as copying 60 cars.

    Args:
        state: the state before; used up.
        event: the next event of the log.
    Returns: the state after it.
    Raises: `BadState` where the event does not fit: the log is damaged.
    """
    payload = event.payload
    match payload:
        case Changed():
            _changed(state, payload)
        case Passed() | Unknown():
            pass
        case Posted():
            _posted(state, event.at, payload)
        case Described():
            state.writer = state.writer if payload.writer is None else payload.writer
            state.described = msgspec.structs.replace(payload, writer=None)
        case Feed():
            _feed(state, event.at, payload)
        case Closed():
            state.closed = ClosedState(event.at, payload.reason, payload.next)
        case _:
            assert_never(payload)
    return state


def _changed(state: State, change: Changed) -> None:
    """In one piece, and by keys alone, not pairs: it is a sixth faster so."""
    for car in change.removed:
        _remove(state, car)
    cars, told = state.cars, change.cars
    before = len(cars)
    for car in told:
        cells, changes = cars.get(car), told[car]
        if cells is None:
            cells = cars[car] = {}
        for column in changes:
            cell = changes[column]
            if cell is None:
                cells.pop(column, None)
            else:
                cells[column] = cell
    grew = len(cars) > before
    if change.order is not None:
        _set_order(state, *change.order, grew=grew)
    elif grew:
        raise BadState("a new car needs a place in the order")
    if change.session:
        _set_fields(state, change.session)


def _set_fields(state: State, changes: dict[str, SessionChange]) -> None:
    for field, value in changes.items():
        if value is None:
            state.session.pop(field, None)
        else:
            state.session[field] = value


def _remove(state: State, car: str) -> None:
    if car not in state.cars:
        raise BadState(f"car {car!r} leaves but was not there")
    del state.cars[car]
    state.order.remove(car)


def _set_order(state: State, start: int, ids: tuple[str, ...], *, grew: bool) -> None:
    order = state.order
    window = order[start : start + len(ids)]
    if start > len(order):
        raise BadState(f"order from place {start} of {len(order)}")
    order[start : start + len(ids)] = ids
    same_cars = len(window) == len(ids) and set(window) == set(ids)
    if grew or not same_cars:
        _check_order(state)


def _check_order(state: State) -> None:
    if len(state.order) != len(state.cars) or set(state.order) != state.cars.keys():
        raise BadState("the order is not exactly the cars, each once")


def _posted(state: State, at: int, posted: Posted) -> None:
    message = Message(
        at=at,
        category=posted.category,
        text=posted.text,
        style=posted.style,
        car=posted.car,
        origin=posted.origin,
    )
    state.messages.append(message)
    if len(state.messages) > MAX_MESSAGES:
        del state.messages[0]


def _feed(state: State, at: int, feed: Feed) -> None:
    state.feed = FeedState(feed.status, at, feed.reason)
    if feed.status is FeedStatus.RESUMED:
        state.closed = None
        state.writer = state.writer if feed.writer is None else feed.writer
