"""What changed between two looks at a session: as little as possible, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

import msgspec

from livetiming.errors import BadValue
from livetiming.events import values
from livetiming.events.model import CellChange, Cells, Changed, SessionValue
from livetiming.events.plain import shown

Value = TypeVar("Value")
Refused = Callable[[BadValue], None]


class Board(Protocol):
    """What `diff` compares: cells by car, the order, the session fields."""

    @property
    def cars(self) -> dict[str, Cells]:
        """Cells by car and column."""

    @property
    def order(self) -> list[str]:
        """The ids of all cars, first place first."""

    @property
    def session(self) -> dict[str, SessionValue]:
        """Values by session field."""


class Picture(msgspec.Struct):
    """A whole look at a session, as a provider shows it; for `diff` to read, never kept.

    Args:
        cars: cells by car and column.
        order: the ids of all cars, first place first.
        session: values by field.
        source_at: the provider's own time of it, epoch ms.
    """

    cars: dict[str, Cells] = {}
    order: list[str] = []
    session: dict[str, SessionValue] = {}
    source_at: int | None = None


def diff(known: Board, seen: Board, refused: Refused | None = None) -> Changed | None:
    """Find what leads from one picture to another.

    Args:
        known: what was said so far; clean.
        seen: what the provider shows now; cleaned here, where it differs.
        refused: told of each bad value, which then stays as it was known.
    Returns: a change, or `None` where there is nothing to say.
    Raises: `BadValue` for a bad car id or an order that is not exactly the cars, and, without
        `refused`, for any bad value.
    """
    removed: tuple[str, ...] = ()
    order = known.order
    if known.cars.keys() != seen.cars.keys():
        _check_cars(known, seen)
        removed = tuple(car for car in order if car not in seen.cars)
        order = [car for car in order if car in seen.cars]
    cars = _changed_cars(known, seen, refused)
    window = None if order == seen.order else _window(order, seen)
    session = {}
    if known.session != seen.session:
        session = _changes(known.session, seen.session, values.session_value, refused)
    if not (cars or removed or window or session):
        return None
    return Changed(cars, removed, window, session)


def _check_cars(known: Board, seen: Board) -> None:
    if len(seen.cars) > values.MAX_CARS:
        raise BadValue(f"cars: expected at most {values.MAX_CARS}, got {len(seen.cars)}")
    for car in seen.cars.keys() - known.cars.keys():
        values.same_id(car)
    _check_order(seen)


def _check_order(seen: Board) -> None:
    if len(seen.order) != len(seen.cars) or set(seen.order) != seen.cars.keys():
        raise BadValue("order: expected exactly the cars, each once")


def _changed_cars(
    known: Board, seen: Board, refused: Refused | None
) -> dict[str, dict[str, CellChange]]:
    found: dict[str, dict[str, CellChange]] = {}
    known_cars = known.cars
    for car, cells in seen.cars.items():
        before = known_cars.get(car)
        if before == cells:
            continue
        changes = _changes(before or {}, cells, values.column_cell, refused)
        if changes or before is None:
            found[car] = changes
    return found


def _changes(
    known: Mapping[str, Value],
    seen: Mapping[str, Value],
    clean: Callable[[str, Value | None], Value | None],
    refused: Refused | None,
) -> dict[str, Value | None]:
    """What leads from one map to another; values that differ are cleaned and compared again."""
    if not isinstance(seen, dict):
        raise BadValue(f"cars: expected values by name, got {shown(seen)}")
    changes: dict[str, Value | None] = {key: None for key in known if key not in seen}
    for key, value in seen.items():
        before = known.get(key)
        if before == value:
            continue
        try:
            cleaned = clean(key, value)
        except BadValue as error:
            if refused is None:
                raise
            refused(error)
            continue
        if cleaned != before:
            changes[key] = cleaned
    return changes


def _window(order: list[str], seen: Board) -> tuple[int, tuple[str, ...]]:
    _check_order(seen)
    after = seen.order
    start = next(i for i, car in enumerate(after) if i >= len(order) or order[i] != car)
    end = len(after)
    if end == len(order):
        while order[end - 1] == after[end - 1]:
            end -= 1
    return start, tuple(after[start:end])
