"""What was each car doing when?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import Happening, StateChanged


class CarStateRow(msgspec.Struct, frozen=True, gc=False):
    """What a car did from an instant on.

    Args:
        car: its id.
        state: what; `None` where it is not told, or the car is not there.
        at: since when.
    """

    car: str
    state: str | None
    at: int


class States:
    """The row of a car is replaced when it does something else."""

    def __init__(self) -> None:
        self.table = Table("states", CarStateRow)
        self._numbers: dict[str, int] = {}

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        if isinstance(happening, StateChanged):
            car, state = happening.car, happening.now
            if car in self._numbers:
                self.table.withdraw(self._numbers[car], at)
            row = CarStateRow(car, None if state is None else state.value, happening.at)
            self._numbers[car] = self.table.add(row, at)
