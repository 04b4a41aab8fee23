"""Staying on the air after the end of a session, so that none of it is on one disk only."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from livetiming.services.on_air import OnAir
from livetiming.services.world import World

LONGEST_S = 600.0
"""Nobody waits longer for a dvr: the next service that starts here hands the rest over."""
TO_BE_ASKED_S = 30.0
"""So long late viewers and the dvr may ask for the end."""


class Linger:
    """Waits until all of a session is recorded, and for a while at least.

    Args:
        world: the outside.
        on_air: the session; all that it will ever have is durable.
        least_s: for its viewers.
        most_s: for the dvr.
    """

    def __init__(self, world: World, on_air: OnAir, least_s: float, most_s: float) -> None:
        self.on_air = on_air
        self._over: Deferred[bool] = Deferred()
        self._was_long_enough = False
        reactor = world.reactor
        self._timers: list[Any] = [
            reactor.callLater(least_s, self._long_enough),
            reactor.callLater(max(least_s, most_s), self.give_up),
        ]

    def wait(self) -> Deferred[bool]:
        """Fires when it is over, with whether all is recorded."""
        return self._over

    def _long_enough(self) -> None:
        self._was_long_enough = True
        self.check()

    def check(self) -> None:
        """Look whether it is over."""
        if self._was_long_enough and self.on_air.is_recorded:
            self.give_up()

    def give_up(self) -> None:
        """End it now."""
        for timer in self._timers:
            if timer.active():
                timer.cancel()
        if not self._over.called:
            self._over.callback(self.on_air.is_recorded)
