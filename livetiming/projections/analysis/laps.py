"""Which laps did a car complete, and how?"""

from __future__ import annotations

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import (
    Happening,
    Lap,
    LapCompleted,
    LapCorrected,
    LapTakenBack,
)


class Laps:
    """Every completed lap that has a time."""

    def __init__(self) -> None:
        self.table = Table("laps", Lap)
        self._numbers: dict[tuple[str, int], int] = {}

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        match happening:
            case LapCompleted(lap) | LapCorrected(lap):
                self._withdraw(lap, at)
                if lap.time_us is not None:
                    self._numbers[lap.car, lap.lap] = self.table.add(lap, at)
            case LapTakenBack(lap):
                self._withdraw(lap, at)

    def _withdraw(self, lap: Lap, at: int) -> None:
        number = self._numbers.pop((lap.car, lap.lap), None)
        if number is not None:
            self.table.withdraw(number, at)
