"""The timing lines of a track, and how long cars took from one to the next."""

from __future__ import annotations

from typing import NamedTuple

from livetiming.services.hhtiming.car import Car
from livetiming.services.hhtiming.messages import SectorInfo, key
from livetiming.services.hhtiming.table import MAX_SECTORS
from livetiming.units import HOUR_US

_HALF_DAY_US = 12 * HOUR_US


class Sector(NamedTuple):
    """A sector of the track.

    Args:
        number: from 1.
        start: the line where it begins.
        end: the line where it ends.
        is_last: whether that is the finish line.
    """

    number: int
    start: str
    end: str
    is_last: bool


class Lines:
    """The sectors by the lines where they end, and a time of day that goes on over midnight."""

    def __init__(self) -> None:
        self._by_end: dict[str, Sector] = {}
        self._by_name: dict[str, Sector] = {}
        self._latest_us: int | None = None
        self._midnight_us = 0

    def learn(self, sectors: list[SectorInfo]) -> int:
        """Take the sectors on the track, in order.

        Returns: how many are shown.
        """
        shown = sectors[:MAX_SECTORS]
        self._by_end, self._by_name = {}, {}
        for number, info in enumerate(shown, start=1):
            is_last = number == len(sectors)
            sector = Sector(number, key(info.start_time_line), key(info.end_time_line), is_last)
            self._by_end[sector.end] = self._by_name[info.sector_name] = sector
        return len(shown)

    def ending_at(self, line: str) -> Sector | None:
        """The sector that ends at a line."""
        return self._by_end.get(line)

    def named(self, name: str) -> Sector | None:
        """The sector of this name."""
        return self._by_name.get(name)

    def on_and_on(self, time_of_day_us: int) -> int:
        """A time of day as one that does not begin anew at midnight."""
        time_us = time_of_day_us + self._midnight_us
        if self._latest_us is None:
            self._latest_us = time_us
        elif time_us < self._latest_us - _HALF_DAY_US:
            self._midnight_us += 2 * _HALF_DAY_US
            time_us += 2 * _HALF_DAY_US
        elif time_us > self._latest_us + _HALF_DAY_US:
            time_us -= 2 * _HALF_DAY_US
        self._latest_us = max(self._latest_us, time_us)
        return time_us


def took(car: Car, sector: Sector, at_us: int) -> int | None:
    """How long a car took for a sector that it completes at a time, by the lines it crossed.

    Returns: `None` where it did not cross the first line since it last crossed the second.
    """
    started_us, before_us = car.lines_us.get(sector.start), car.lines_us.get(sector.end)
    if started_us is None or started_us >= at_us:
        return None
    return at_us - started_us if before_us is None or before_us < started_us else None
