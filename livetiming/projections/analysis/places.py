"""Which place did each car have when?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import Happening, PlaceChanged


class Place(msgspec.Struct, frozen=True, gc=False):
    """A car's place from an instant on.

    Args:
        car: its id.
        position: from 1.
        at: since when.
    """

    car: str
    position: int
    at: int


class Places:
    """The row of a car is replaced when its place changes, and withdrawn when it leaves."""

    def __init__(self) -> None:
        self.table = Table("places", Place)
        self._numbers: dict[str, int] = {}

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        if isinstance(happening, PlaceChanged):
            car, place = happening.car, happening.now
            if car in self._numbers:
                self.table.withdraw(self._numbers.pop(car), at)
            if place is not None:
                self._numbers[car] = self.table.add(Place(car, place, happening.at), at)
