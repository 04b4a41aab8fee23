"""What was said, by the provider and by us?"""

from __future__ import annotations

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import Happening, Message


class Messages:
    """All of them; nobody takes one back."""

    def __init__(self) -> None:
        self.table = Table("messages", Message)

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        if isinstance(happening, Message):
            self.table.add(happening, at)
