"""One event while it is looked at: its instant, the state after it, what it meant."""

from __future__ import annotations

from livetiming.events import State
from livetiming.projections.happenings.kinds import Happening


class Moment:
    """An event while it is looked at.

    Args:
        at: its instant, epoch ms.
        state: of the session after it; read only.
    """

    __slots__ = ("at", "found", "state", "trusts_crossings")

    def __init__(self, at: int, state: State, *, trusts_crossings: bool) -> None:
        self.at = at
        self.state = state
        self.found: list[Happening] = []
        self.trusts_crossings = trusts_crossings
        """Whether the feed tells crossings: then a lap without one has no time of its own."""
