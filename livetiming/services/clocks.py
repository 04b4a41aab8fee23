"""Time enters here and nowhere else: the wall clock once, then only clocks that never jump."""

from __future__ import annotations

import time
from collections.abc import Callable


def wall_clock() -> int:
    """Now, epoch ms; it may jump."""
    return time.time_ns() // 1_000_000


class SessionClock:
    """The `at` of a session: begins at the wall clock, goes on by the monotonic one.

    So no jump of the wall clock shows in a log, and no instant is before one already there.

    Args:
        monotonic: seconds since some moment, never going back.
        start: the wall clock now, or the instant of the log's last event if that is later.
        rate: seconds of session for each second of the monotonic clock.
    """

    def __init__(self, monotonic: Callable[[], float], start: int, rate: float = 1) -> None:
        self._monotonic = monotonic
        self._began = monotonic()
        self._start = start
        self._rate = rate

    def now(self) -> int:
        """The instant now, epoch ms."""
        return self._start + round((self._monotonic() - self._began) * 1000 * self._rate)
