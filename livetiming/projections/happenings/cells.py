"""What cells hold, read for a happening: a value of the right kind, or nothing."""

from __future__ import annotations

from livetiming.events import Cells, Laps, State
from livetiming.events.model import CellChange
from livetiming.racing import Mark


def number_of(cell: CellChange) -> int | None:
    """The integer in a cell."""
    value = cell[0] if type(cell) is tuple else cell
    return value if type(value) is int else None


def text_of(cell: CellChange) -> str | None:
    """The text in a cell; of a number, as it is written."""
    value = cell[0] if type(cell) is tuple else cell
    if value is None or type(value) is str:
        return value
    return None if isinstance(value, Laps) else str(value)


def sector_of(cell: CellChange) -> int | None:
    """The time in a sector's cell, unless it is of an earlier lap."""
    if type(cell) is tuple:
        return None if cell[1] is Mark.OLD else number_of(cell)
    return cell if type(cell) is int else None


def mark_of(cell: CellChange, time_us: int | None) -> Mark | None:
    """What the provider thinks of a time, if this cell is about that time."""
    if type(cell) is tuple and cell[0] == time_us and cell[1] is not Mark.OLD:
        return cell[1]
    return None


def gap_of(cell: CellChange) -> tuple[int | None, int | None]:
    """A gap, in microseconds or in laps."""
    value = cell[0] if type(cell) is tuple else cell
    if isinstance(value, Laps):
        return None, value.laps
    return (value, None) if type(value) is int else (None, None)


def leader_laps(state: State) -> int | None:
    """Laps that the leader has completed."""
    laps = state.session.get("laps")
    if type(laps) is int:
        return laps
    return number_of(state.cars[state.order[0]].get("laps")) if state.order else None


def class_position(state: State, cells: Cells, place: int) -> int | None:
    """Place in the class: as the provider says, else by the order.

    Args:
        state: of the session.
        cells: of the car.
        place: of the car, from 1.
    """
    told = number_of(cells.get("pic"))
    class_ = cells.get("class")
    if told is not None or class_ is None:
        return told
    cars = state.cars
    return 1 + sum(cars[other].get("class") == class_ for other in state.order[: place - 1])
