"""Pit stops of one car, which two documents tell of, each at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

SAME_US = 1_000_000
"""Two documents tell the same stop within rounding; nobody stops twice in a second."""
MAX_STOPS = 200


class Stop(NamedTuple):
    """A stop.

    Args:
        in_us: race time at which the car came in.
        out_us: at which it went out; `None` while it has not, or if nobody saw it.
        laps: laps that it had completed when it came in.
    """

    in_us: int
    out_us: int | None = None
    laps: int | None = None


class Stops:
    """What is known of the stops of a car, in their order."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []

    def __len__(self) -> int:
        return len(self._stops)

    def take(self, stop: Stop) -> Iterator[tuple[str, int]]:
        """Take a stop.

        Returns: the line and the race time of each crossing that was not known.
        """
        place, known = self._find(stop)
        if known is None and len(self._stops) < MAX_STOPS:
            self._stops.insert(place, stop)
            yield "pit_in", stop.in_us
        elif known is not None:
            self._stops[place] = known._replace(
                out_us=stop.out_us or known.out_us,
                laps=known.laps if stop.laps is None else stop.laps,
            )
        had_out = known is not None and known.out_us is not None
        if stop.out_us is not None and not had_out:
            yield "pit_out", stop.out_us

    def _find(self, stop: Stop) -> tuple[int, Stop | None]:
        for place, known in enumerate(self._stops):
            if abs(known.in_us - stop.in_us) < SAME_US:
                return place, known
            if known.in_us > stop.in_us:
                return place, None
        return len(self._stops), None

    def is_in(self, laps: int | None) -> bool:
        """Whether the car is in the pits, having completed so many laps.

        In the pit lane it may complete one; with more it has gone out and nobody saw it (2023).
        """
        last = self._stops[-1] if self._stops else None
        if last is None or last.out_us is not None:
            return False
        return laps is None or last.laps is None or laps <= last.laps + 1

    def covers(self, race_us: int, laps: int) -> bool:
        """Whether the car was in the pit lane at this race time, at the end of so many laps."""
        if any(s.in_us <= race_us <= s.out_us for s in self._stops if s.out_us is not None):
            return True
        return self.is_in(laps) and self._stops[-1].in_us <= race_us
