"""Whether a clock runs, told from its values: Multiloop sends values only."""

from __future__ import annotations

from livetiming.events import Clock
from livetiming.units import SECOND_US

STILL_MS = 2_500
"""Heartbeats come about once a second; a clock that did not move over two of them stands."""

SET_BACK_US = 60 * SECOND_US
"""A clock that goes the wrong way by so much begins anew; by less a message came late."""


class Watched:
    """One clock of the heartbeat: it runs while its value goes on.

    Args:
        direction: 1 for a clock that counts up, -1 for one that counts down.
    """

    def __init__(self, direction: int) -> None:
        self._direction = direction
        self._value_us: int | None = None
        self._moved_at = 0
        self._runs = False

    def is_set_back(self, value_us: int) -> bool:
        """Whether a clock that shows this begins anew."""
        before_us = value_us if self._value_us is None else self._value_us
        return (before_us - value_us) * self._direction >= SET_BACK_US

    def show(self, value_us: int, at: int) -> Clock:
        """Take what the clock shows at an instant.

        Returns: the clock, as it stands or runs.
        """
        before, self._value_us = self._value_us, value_us
        step_us = 0 if before is None else (value_us - before) * self._direction
        if step_us:
            self._runs, self._moved_at = step_us > 0, at
        elif at - self._moved_at >= STILL_MS:
            self._runs = False
        is_over = self._direction < 0 and value_us == 0
        return Clock(value_us, at, self._runs and not is_over)
