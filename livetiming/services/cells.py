"""Cells are set or cleared: what is not known has no cell."""

from __future__ import annotations

from typing import TypeVar

from livetiming.racing import Mark

Value = TypeVar("Value")


def put(cells: dict[str, Value], column: str, value: Value | None) -> None:
    """Set a cell, or clear it where there is no value."""
    if value is None:
        cells.pop(column, None)
    else:
        cells[column] = value


def marked(time_us: int | None, mark: Mark | None) -> int | tuple[int, Mark] | None:
    """The value of a time's cell, with what it is worth."""
    return time_us if time_us is None or mark is None else (time_us, mark)
