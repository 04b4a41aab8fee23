"""Where was each car after each of its laps, and how far behind?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import Happening, LapCompleted, LapTakenBack


class Position(msgspec.Struct, frozen=True, gc=False):
    """A car at the end of a lap.

    Args:
        lap: the lap.
        car: its id.
        num: its number as shown.
        position: its place.
        class_position: its place in its class.
        at: when it completed the lap.
        gap_us: behind the leader.
        gap_laps: the same where it is laps.
    """

    lap: int
    car: str
    num: str
    position: int | None
    class_position: int | None
    at: int
    gap_us: int | None
    gap_laps: int | None


class Positions:
    """One row for each completed lap, whether it has a time or not."""

    def __init__(self) -> None:
        self.table = Table("positions", Position)
        self._numbers: dict[tuple[str, int], int] = {}

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        match happening:
            case LapCompleted(lap, gap_us, gap_laps):
                row = Position(
                    lap.lap,
                    lap.car,
                    lap.num,
                    lap.position,
                    lap.class_position,
                    lap.at,
                    gap_us,
                    gap_laps,
                )
                self._numbers[lap.car, lap.lap] = self.table.add(row, at)
            case LapTakenBack(lap):
                number = self._numbers.pop((lap.car, lap.lap), None)
                if number is not None:
                    self.table.withdraw(number, at)
