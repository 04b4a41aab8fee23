"""Whether a clock runs, told from its values: RMonitor sends values only."""

from __future__ import annotations

from livetiming.events import Clock

STILL_MS = 2_500
"""Heartbeats come once a second and now and then show one second twice; so a clock that has not
moved for longer than two of them stands."""


class Watched:
    """One clock of the heartbeat.

    A value that goes on means running, one that stays means standing; at its first value, after a
    jump the wrong way, and when the flag first comes out, the flag decides: it runs under any.

    Args:
        direction: 1 for a clock that counts up, -1 for one that counts down.
    """

    __slots__ = ("_direction", "_flagged", "_moved_at", "_runs", "_value_us")

    def __init__(self, direction: int) -> None:
        self._direction = direction
        self._value_us: int | None = None
        self._flagged = False
        self._runs = False
        self._moved_at = 0

    def show(self, value_us: int, at: int, *, flagged: bool) -> Clock:
        """Take what the clock shows now.

        Args:
            value_us: microseconds.
            at: when, epoch ms.
            flagged: whether any flag is shown.
        Returns: the clock, as it stands or runs.
        """
        before = self._value_us
        self._value_us = value_us
        step_us = 0 if before is None else (value_us - before) * self._direction
        if before is None or step_us < 0 or flagged is not self._flagged:
            self._decide(at, runs=flagged)
        elif step_us > 0:
            self._decide(at, runs=True)
        elif at - self._moved_at >= STILL_MS:
            self._runs = False
        self._flagged = flagged
        return Clock(value_us, at, self._runs and not self._is_over(value_us))

    def _decide(self, at: int, *, runs: bool) -> None:
        self._runs = runs
        self._moved_at = at

    def _is_over(self, value_us: int) -> bool:
        return self._direction < 0 and value_us == 0
