"""The instants of a race's own times."""

from __future__ import annotations

RESTART_MS = 1_500
"""A race clock that has lost more than its rounding did not run for a while."""
MAX_MARKS = 2_000


class RaceTime:
    """When a race time was: exactly by a record of the flags, else nearly by the live feed.

    In the records of 2023 the difference of instant and race time is one to the millisecond from
    the first caution to the end; only the green flag that starts the race, with a race time of
    zero, differs by seconds.
    """

    def __init__(self) -> None:
        self._zeros: dict[int, int] = {}
        self._nearly: int | None = None

    def learn(self, race_us: int, at: int) -> None:
        """Take a record that has both."""
        if race_us > 0 and len(self._zeros) < MAX_MARKS:
            self._zeros[race_us] = at - race_us // 1000

    def see(self, race_us: int, at: int) -> None:
        """Take what the live feed shows: its race time is cut to the second and always late."""
        zero = at - race_us // 1000
        if self._nearly is None or zero < self._nearly or zero - self._nearly > RESTART_MS:
            self._nearly = zero

    def instant(self, race_us: int) -> int | None:
        """The instant of a race time, epoch ms; `None` while it is not known."""
        zero = self._nearly
        if self._zeros:
            before = [mark for mark in self._zeros if mark <= race_us]
            zero = self._zeros[max(before) if before else min(self._zeros)]
        return None if zero is None else max(0, zero + race_us // 1000)
