"""How long was the session to be?"""

from __future__ import annotations

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import Happening, Length, LengthChanged


class Lengths:
    """One row holds at a time."""

    def __init__(self) -> None:
        self.table = Table("lengths", Length)

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        if isinstance(happening, LengthChanged):
            if self.table.rows:
                self.table.withdraw(len(self.table) - 1, at)
            self.table.add(happening.length, at)
