"""The crossings of one car, told once each: laps and their times come in separate messages."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Passed
from livetiming.services.f1.timing import Timing

WAIT_MS = 5_000
"""A lap count and its time come within 2.5 s of each other (Silverstone 2020 and 2024)."""
_ROUNDING_US = 2_000


class Crossings:
    """Tells of laps and pit stops.

    A lap is told when both its count and its time have come. In the pit lane the time comes at the
    line but the count only at the pit exit: there the time alone tells it. A count without a time
    is told after a while, with the time of the lap before if that is what the sectors add up to,
    as a time that stays the same is not sent again; a count at the pit exit without a time is of a
    lap that began in the garage, and tells nothing.

    Args:
        car: its id.
    """

    __slots__ = ("_car", "_counted", "_in_pit", "_since", "_time_us", "_told", "source_at")

    def __init__(self, car: str) -> None:
        self._car = car
        self._told = 0
        self._time_us: int | None = None
        self._in_pit = False
        self._counted: int | None = None
        self._since = 0
        self.source_at: int | None = None
        """The provider's own time of the half that has come."""

    @property
    def is_waiting(self) -> bool:
        """Whether half of a lap has come."""
        return self._time_us is not None or self._counted is not None

    def begin(self, timing: Timing) -> None:
        """All up to here happened before, or while nobody looked: also the lap of a car that has
        crossed the line in the pit lane, and is counted when it leaves.
        """
        self._told = (timing.laps or 0) + bool(timing.in_pit and _is_of_these_sectors(timing))
        self._time_us = self._counted = timing.new_lap_us = None

    def follow(
        self, timing: Timing, laps: int | None, in_pit: bool | None, at: int
    ) -> Iterator[Passed]:
        """Tell what a message brings.

        Args:
            timing: as it is now.
            laps: as they were before.
            in_pit: whether it was in the pit lane before; `None` where that was not known.
            at: the instant of the message.
        """
        if in_pit is False and timing.in_pit:
            yield Passed(self._car, "pit_in")
        leaves = in_pit is True and not timing.in_pit
        if timing.new_lap_us is not None:
            self._time_us, timing.new_lap_us = timing.new_lap_us, None
            self._since, self._in_pit = at, bool(timing.in_pit)
        if timing.laps != laps:
            self._count(timing.laps or 0, at, leaves=leaves)
        yield from self._pair(timing)
        if leaves:
            yield Passed(self._car, "pit_out")

    def _count(self, laps: int, at: int, *, leaves: bool) -> None:
        if laps <= self._told:
            self._told = laps if laps < self._told else self._told
            self._counted = None
        elif leaves and self._time_us is None:
            self._told, self._counted = laps, None
        else:
            self._counted, self._since = laps, at

    def _pair(self, timing: Timing) -> Iterator[Passed]:
        if self._time_us is None or (self._counted is None and not self._in_pit):
            return
        lap = (timing.laps or 0) + 1 if self._counted is None else self._counted
        if lap > self._told:
            yield self._lap(timing, lap, self._time_us)
        self._time_us = self._counted = None

    def _lap(self, timing: Timing, lap: int, lap_us: int | None) -> Passed:
        self._told = lap
        return Passed(self._car, "finish_pit" if timing.in_pit else "finish", lap, lap_us)

    def expire(self, timing: Timing, at: int) -> Iterator[Passed]:
        """Tell of a lap whose time has not come; a time without a lap was a correction."""
        if not self.is_waiting or at - self._since < WAIT_MS:
            return
        lap, self._counted, self._time_us = self._counted, None, None
        if lap is not None:
            yield self._lap(timing, lap, timing.last_us if _is_of_these_sectors(timing) else None)


def _is_of_these_sectors(timing: Timing) -> bool:
    """Whether the last lap time is that of the three sectors that are shown."""
    last_us, sum_us = timing.last_us, timing.sectors_us
    return last_us is not None and sum_us is not None and abs(last_us - sum_us) <= _ROUNDING_US
