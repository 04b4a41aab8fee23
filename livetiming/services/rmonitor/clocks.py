"""Whether a clock of the heartbeat runs: by its values, and where they do not tell by the flag."""

from __future__ import annotations

from livetiming.events import Clock
from livetiming.services import ValueClock


class Watched:
    """One clock of the heartbeat.

    At its first value, after a jump the wrong way, and when the flag first comes out, the flag
    decides: it runs under any.

    Args:
        direction: 1 for a clock that counts up, -1 for one that counts down.
    """

    __slots__ = ("_clock", "_flagged")

    def __init__(self, direction: int) -> None:
        self._clock = ValueClock(direction)
        self._flagged = False

    def show(self, value_us: int, at: int, *, flagged: bool) -> Clock:
        """Take what the clock shows now.

        Args:
            value_us: microseconds.
            at: when, epoch ms.
            flagged: whether any flag is shown.
        Returns: the clock, as it stands or runs.
        """
        if flagged is not self._flagged:
            self._flagged = flagged
            self._clock.forget()
        return self._clock.show(value_us, at, in_doubt=flagged)
