"""Gaps of a race as they were when a car last crossed the line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from livetiming.events import Laps


class Progress:
    """When a car completed which lap: the times elapsed, in their order."""

    def __init__(self) -> None:
        self._totals_us: list[int] = []
        self._laps: list[int] = []
        self._total_of: dict[int, int] = {}

    def complete(self, lap: int, total_us: int) -> None:
        """The car completed a lap; a second time of one lap takes the place of the first."""
        if lap in self._total_of:
            self._forget(lap)
        place = bisect_right(self._totals_us, total_us)
        self._totals_us.insert(place, total_us)
        self._laps.insert(place, lap)
        self._total_of[lap] = total_us

    def _forget(self, lap: int) -> None:
        place = bisect_left(self._totals_us, self._total_of[lap])
        while self._laps[place] != lap:
            place += 1
        del self._totals_us[place], self._laps[place]

    def take_back(self, laps: int) -> None:
        """The car has only so many laps: forget what it was said to have beyond them."""
        for lap in [lap for lap in self._total_of if lap > laps]:
            self._forget(lap)
            del self._total_of[lap]

    @property
    def laps(self) -> int:
        """How many laps it has completed."""
        return self._laps[-1] if self._laps else 0

    def laps_at(self, total_us: int) -> int:
        """How many laps it had completed by then."""
        place = bisect_right(self._totals_us, total_us)
        return self._laps[place - 1] if place else 0

    def total_at(self, lap: int) -> int | None:
        """When it completed this lap."""
        return self._total_of.get(lap)


def race_gap(laps: int, total_us: int | None, ahead: Progress) -> int | Laps | None:
    """The gap of a car to one ahead of it.

    In time where both had as many laps when the car crossed, else in laps; so a gap does not turn
    into a lap and back each time the car ahead crosses first; but who is two crossings behind is
    a lap down wherever it stands.

    Args:
        laps: that the car has completed.
        total_us: when.
        ahead: the car ahead.
    Returns: `None` where it cannot be told, as when the car ahead was behind at that lap.
    """
    if total_us is None:
        return None
    down = max(ahead.laps_at(total_us) - laps, ahead.laps - laps - 1)
    if down > 0:
        return Laps(down)
    earlier_us = ahead.total_at(laps)
    if earlier_us is None or earlier_us > total_us:
        return None
    return total_us - earlier_us


def best_gap(best_us: int | None, ahead_us: int | None) -> int | None:
    """The gap between two best laps."""
    if best_us is None or ahead_us is None or best_us < ahead_us:
        return None
    return best_us - ahead_us
