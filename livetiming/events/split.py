"""A change that is too long for one line, cut into several that add up to it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from livetiming.events.codec import MAX_LINE
from livetiming.events.model import CellChange, Changed, SessionChange

_ENVELOPE = 256
"""Room for seq, at, type and the brackets."""


def split(change: Changed, limit: int = MAX_LINE) -> Iterator[Changed]:
    """Cut a change so that each part fits in one line.

    First go the cars that leave, then come the new ones with the order, since a new car needs its
    place in the event that names it; the cells and the session fields follow.

    Args:
        change: any change.
        limit: bytes of a line.
    Returns: the change itself where it fits, else its parts in order.
    """
    if len(msgspec.json.encode(change)) + _ENVELOPE <= limit:
        yield change
        return
    if change.removed:
        yield Changed(removed=change.removed)
    if change.order:
        named = change.order[1]
        coming: dict[str, dict[str, CellChange]] = {car: {} for car in named if car in change.cars}
        yield Changed(coming, order=change.order)
    yield from _cells(change, limit)
    yield from _session(change, limit)


def _cells(change: Changed, limit: int) -> Iterator[Changed]:
    cars: dict[str, dict[str, CellChange]] = {}
    size = _ENVELOPE
    for car, cells in change.cars.items():
        for column, cell in cells.items():
            weight = len(msgspec.json.encode({car: {column: cell}})) + 1
            if cars and size + weight > limit:
                yield Changed(cars)
                cars, size = {}, _ENVELOPE
            cars.setdefault(car, {})[column] = cell
            size += weight
    if cars:
        yield Changed(cars)


def _session(change: Changed, limit: int) -> Iterator[Changed]:
    session: dict[str, SessionChange] = {}
    size = _ENVELOPE
    for field, value in change.session.items():
        weight = len(msgspec.json.encode({field: value})) + 1
        if session and size + weight > limit:
            yield Changed(session=session)
            session, size = {}, _ENVELOPE
        session[field] = value
        size += weight
    if session:
        yield Changed(session=session)
