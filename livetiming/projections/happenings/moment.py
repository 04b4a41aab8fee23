"""One event while it is looked at: its instant, the state after it, what it meant."""

from __future__ import annotations

from livetiming.events import State
from livetiming.projections.happenings.kinds import Happening


class Moment:
    """An event while it is looked at; one is used for all of a session, which is quicker."""

    __slots__ = ("at", "found", "state", "trusts_crossings")

    def __init__(self) -> None:
        self.at = 0
        """Its instant, epoch ms."""
        self.state = State()
        """Of the session after it; read only."""
        self.found: list[Happening] = []
        """What it meant, so far."""
        self.trusts_crossings = False
        """Whether the feed tells crossings: then a lap without one has no time of its own."""
