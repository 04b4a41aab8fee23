"""The laps of one car: how many, and the count and the time of one, which may come apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from livetiming.events.model import CellChange
from livetiming.projections.happenings.cells import mark_of, number_of
from livetiming.projections.happenings.kinds import Lap, LapCompleted
from livetiming.racing import Mark

WAIT_MS = 5_000
"""So long one half of a lap waits for the other: F1's came within 2.5 s (2020, 2024)."""


class Ended(NamedTuple):
    """A lap that is to be told.

    Args:
        lap: its number.
        time_us: how long it took.
        at: when it ended.
    """

    lap: int
    time_us: int | None
    at: int


class Counting:
    """What is known of the laps of a car."""

    __slots__ = ("_count", "_counted_at", "_is_new", "_time_us", "done", "laps", "taken", "waits")

    def __init__(self) -> None:
        self.laps: int | None = None
        """How many it has completed; of those before the first look nothing else is known."""
        self.done: dict[int, LapCompleted] = {}
        self.waits = False
        """Whether one half of a lap waits for the other."""
        self.taken: dict[int, LapCompleted] = {}
        """Laps that were taken back, as they were."""
        self._count: int | None = None
        self._counted_at: int | None = None
        self._time_us: int | None = None
        self._is_new = False
        """Whether the time is of a lap that was not told yet."""

    @property
    def next(self) -> int | None:
        """The number of the lap that it is on."""
        return None if self.laps is None else self.laps + 1

    def leave(self) -> None:
        """The car is no longer in the table: its next cells are a first look."""
        self._count = self._time_us = self._counted_at = None
        self.waits = self._is_new = False

    def time(self, cell: CellChange, *, is_first: bool) -> bool | None:
        """Take a `last` cell.

        Args:
            cell: what is in it now.
            is_first: whether it is a first look; then the time is of a lap before it.
        Returns: whether the last lap counts, where the cell is about that one.
        """
        before, self._time_us = self._time_us, number_of(cell)
        last = self.done.get(self.laps or 0)
        if last is not None and last.lap.time_us == self._time_us:
            return mark_of(cell, self._time_us) is not Mark.INVALID
        if self._time_us != before:
            self._is_new = self._time_us is not None and not is_first
        return None

    def count(self, count: int | None, at: int) -> Iterator[Lap]:
        """Take a `laps` cell.

        Returns: the laps that were not completed after all, the last one first.
        """
        before, self._count = self._count, count
        if count is None:
            self._counted_at = None
        elif self.laps is None:
            self.laps, self._is_new = count, False
        elif count > self.laps:
            self._counted_at = at
        elif before is None or count < before:
            yield from self._take_back(count, self.laps)

    def _take_back(self, count: int, laps: int) -> Iterator[Lap]:
        self.laps, self._counted_at = count, None
        fallen = [number for number in self.done if count < number <= laps]
        for number in sorted(fallen, reverse=True):
            self.taken[number] = taken = self.done.pop(number)
            yield taken.lap

    def pair(self) -> Ended | None:
        """The lap whose count and time have both come; one of them alone waits."""
        if self._counted_at is not None and self._is_new and self._count is not None:
            return Ended(self._count, self._time_us, self._counted_at)
        self.waits = self._counted_at is not None or self._is_new
        return None

    def expire(self, *, trusts_crossings: bool) -> Ended | LapCompleted | None:
        """Wait no longer.

        Args:
            trusts_crossings: whether the feed tells crossings. Then a lap without one has no time;
                else it has that of the lap before, which changes no cell.
        Returns: the lap that ended; one that was taken back before; or, where only a time has
            come, the last lap, as the time was a correction of it.
        """
        counted_at, count, self._counted_at = self._counted_at, self._count, None
        is_new, self._is_new, self.waits = self._is_new, False, False
        if counted_at is not None and count is not None:
            if count in self.taken:
                return self.taken[count]
            is_same = count == self.next and not trusts_crossings
            return Ended(count, self._time_us if is_same else None, counted_at)
        if is_new and self.laps in self.done:
            return Ended(self.laps or 0, self._time_us, 0)
        return None

    def given_back(self, number: int) -> list[LapCompleted]:
        """Laps before a new one that were taken back, and so were driven after all."""
        if not self.taken or self.laps is None:
            return []
        between = range(self.laps + 1, number)
        return [self.taken[lap] for lap in between if lap in self.taken]

    def complete(self, completed: LapCompleted) -> None:
        """A lap is told."""
        number = completed.lap.lap
        self.done[number] = completed
        self.taken.pop(number, None)
        if self.laps is None or number > self.laps:
            self.laps = number
            self.waits = self._is_new = False
            self._counted_at = None
