"""The part of a qualifying session: which of its times and gaps count now."""

from __future__ import annotations

from livetiming.services.f1.values import MAX_COUNT

MAX_PARTS = 9


class Part:
    """The part that runs.

    Args:
        prefix: what parts are called by, such as `Q`; empty where a session has none.
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.number: int | None = None

    @property
    def index(self) -> int | None:
        """Where the part stands in the lists of a car, from 0."""
        return None if self.number is None else self.number - 1

    @property
    def name(self) -> str | None:
        """What it is called; `None` where there is none."""
        return f"{self.prefix}{self.number}" if self.prefix and self.number else None

    def begin(self, number: int | None) -> bool:
        """Take the number of the part that runs, from 1; zero is none.

        Returns: whether it is another.
        """
        number = number if number and number < MAX_COUNT else None
        before, self.number = self.number, number
        return before != number
