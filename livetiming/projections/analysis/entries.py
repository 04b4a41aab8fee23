"""Which cars took part, as what, and what had they done before anybody looked?"""

from __future__ import annotations

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import Entry, EntryChanged, Happening


class Entries:
    """The row of a car is replaced when it is entered otherwise, leaves, or has a better lap."""

    def __init__(self) -> None:
        self.table = Table("entries", Entry)
        self._numbers: dict[str, int] = {}

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        if isinstance(happening, EntryChanged):
            entry = happening.entry
            if entry.car in self._numbers:
                self.table.withdraw(self._numbers[entry.car], at)
            self._numbers[entry.car] = self.table.add(entry, at)
