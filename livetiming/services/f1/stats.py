"""The best sectors and the best speed of a car: `TimingStats`."""

from __future__ import annotations

from collections.abc import Callable

from livetiming.events import Cells
from livetiming.racing import Mark
from livetiming.services.f1.cells import put
from livetiming.services.f1.members import index, members
from livetiming.services.f1.timing import SECTORS
from livetiming.services.f1.values import count, time_us


class _Ranked:
    """A best value, and its place among those of all cars."""

    __slots__ = ("_column", "_position", "_read", "_value")

    def __init__(self, column: str, read: Callable[[object], int | None]) -> None:
        self._column = column
        self._read = read
        self._value: int | None = None
        self._position: int | None = None

    def take(self, said: object, cells: Cells) -> None:
        if said is None:
            self._value = self._position = None
        for key, value in members(said):
            if key == "Value":
                self._value = self._read(value)
            elif key == "Position":
                self._position = count(value)
        value = self._value
        if value is not None and self._position == 1:
            cells[self._column] = (value, Mark.SB)
        else:
            put(cells, self._column, value)


class Stats:
    """What `TimingStats` says of a car.

    Args:
        cells: the car's, for the columns in `Stats.columns`.
    """

    columns = ("bs1", "bs2", "bs3", "best_speed")

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._speed = _Ranked("best_speed", count)
        self._sectors = tuple(_Ranked(f"bs{n + 1}", time_us) for n in range(SECTORS))

    def take(self, said: object) -> None:
        """Take what a message says of it."""
        for key, value in members(said):
            if key == "BestSectors":
                for place, each in members(value):
                    if (number := index(place, SECTORS)) is not None:
                        self._sectors[number].take(each, self._cells)
            elif key == "BestSpeeds":
                for trap, each in members(value):
                    if trap == "ST":
                        self._speed.take(each, self._cells)
