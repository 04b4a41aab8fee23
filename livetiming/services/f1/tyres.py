"""What a car drives on, and where it started: `TimingAppData`."""

from __future__ import annotations

from typing import Any

from livetiming.events import Cells
from livetiming.services.f1.cells import put
from livetiming.services.f1.members import index, members
from livetiming.services.f1.values import count, text

MAX_STINTS = 100
_UNKNOWN = "UNKNOWN"
_READ = frozenset({"Compound", "TotalLaps", "StartLaps"})


class Tyres:
    """What `TimingAppData` says of a car.

    Args:
        cells: the car's, for the columns in `Tyres.columns`.
    """

    columns = ("tyre", "tyre_age", "tyre_stint", "grid")

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._stints: dict[int, dict[str, Any]] = {}

    def take(self, said: object) -> None:
        """Take what a message says of it."""
        for key, value in members(said):
            if key == "GridPos":
                put(self._cells, "grid", count(value))
            elif key == "Stints":
                self._take_stints(value)

    def _take_stints(self, value: object) -> None:
        if value is None or value == []:
            self._stints = {}
        for key, said in members(value):
            place = index(key, MAX_STINTS)
            if place is not None and said is None:
                self._stints.pop(place, None)
            elif place is not None:
                stint = self._stints.setdefault(place, {})
                stint.update((name, each) for name, each in members(said) if name in _READ)
        self._show()

    def _show(self) -> None:
        """The newest stint; its total counts from new, so used tyres begin with some laps."""
        stint = self._stints[max(self._stints)] if self._stints else {}
        compound = text(stint.get("Compound"))
        age, first = count(stint.get("TotalLaps")), count(stint.get("StartLaps"))
        known = compound.capitalize() if compound != _UNKNOWN else ""
        put(self._cells, "tyre", known or None)
        put(self._cells, "tyre_age", age)
        has_both = age is not None and first is not None and age >= first
        put(self._cells, "tyre_stint", age - first if has_both else None)  # type: ignore[operator]
