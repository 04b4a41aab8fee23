"""Cells from parts of the feed: a value with what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from livetiming.events import Cells
from livetiming.racing import Mark
from livetiming.services.f1.members import members
from livetiming.services.f1.values import flag

Value = TypeVar("Value")


def put(cells: dict[str, Value], column: str, value: Value | None) -> None:
    """Set a cell, or clear it."""
    if value is None:
        cells.pop(column, None)
    else:
        cells[column] = value


class Marked:
    """A value of `LastLapTime`, of a sector or of a speed trap, told bit by bit.

    Args:
        column: its cell.
        read: reads its text.
    """

    __slots__ = ("_is_overall", "_is_personal", "_read", "column", "value")

    def __init__(self, column: str, read: Callable[[object], int | None]) -> None:
        self.column = column
        self._read = read
        self.value: int | None = None
        self._is_personal = False
        self._is_overall = False

    def take(self, said: object, cells: Cells) -> None:
        """Take what a message says of it, and bring its cell up to date."""
        if said is None:
            self.value, self._is_personal, self._is_overall = None, False, False
        for key, value in members(said):
            if key == "Value":
                self.value = self._read(value)
            elif key == "PersonalFastest":
                self._is_personal = flag(value)
            elif key == "OverallFastest":
                self._is_overall = flag(value)
        value = self.value
        if value is None:
            cells.pop(self.column, None)
        elif self._is_overall:
            cells[self.column] = (value, Mark.SB)
        elif self._is_personal:
            cells[self.column] = (value, Mark.PB)
        else:
            cells[self.column] = value
