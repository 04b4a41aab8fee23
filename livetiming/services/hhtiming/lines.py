"""The timing lines of a track, and how long cars took from one to the next."""

from __future__ import annotations

from typing import NamedTuple

from livetiming.services.hhtiming.car import Car
from livetiming.services.hhtiming.messages import SectorInfo, key
from livetiming.services.hhtiming.table import MAX_SECTORS
from livetiming.units import HOUR_US

MAX_LINES = 100
"""Lines of a track; more are damaged names."""
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
        self._finish = ""
        self._latest_us: int | None = None
        self._midnight_us = 0

    def learn(self, sectors: list[SectorInfo]) -> int:
        """Take the sectors on the track, in order.

        Returns: how many are shown.
        """
        shown = sectors[:MAX_SECTORS]
        self._by_end, self._by_name = {}, {}
        self._finish = key(shown[0].start_time_line) if shown else ""
        for number, info in enumerate(shown, start=1):
            is_last = number == len(sectors)
            sector = Sector(number, key(info.start_time_line), key(info.end_time_line), is_last)
            self._by_end[sector.end] = self._by_name[info.sector_name] = sector
        return len(shown)

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

    def cross(self, car: Car, line: str, at_us: int, time_us: int | None) -> None:
        """A car crossed a line; history if it crossed it later already, mended if said again.

        Args:
            car: which car.
            line: which line.
            at_us: when, as a time of day that goes on.
            time_us: the sector that ended there, where the feed tells it.
        """
        before_us = car.lines_us.get(line)
        if before_us is not None and at_us < before_us:
            return
        sector, is_again = self._by_end.get(line), at_us == before_us
        if sector is not None:
            if time_us is None and not is_again:
                time_us = self._took(car, sector, at_us)
            if time_us is not None or not is_again:
                car.complete(sector.number, time_us, is_again=is_again)
            if not sector.is_last and not is_again:
                car.reach((car.laps or 0, sector.number), at_us)
        if before_us is not None or len(car.lines_us) < MAX_LINES:
            car.lines_us[line] = at_us

    def _took(self, car: Car, sector: Sector, at_us: int) -> int | None:
        """How long a car took for a sector that it completes at a time, by the lines it crossed.

        Returns: `None` where it did not cross the first line in this lap.
        """
        started_us = car.lines_us.get(sector.start)
        lap_us = max(car.lines_us.get(self._finish, 0), car.lines_us.get(sector.end, 0))
        if started_us is None or started_us >= at_us or started_us < lap_us:
            return None
        return at_us - started_us
