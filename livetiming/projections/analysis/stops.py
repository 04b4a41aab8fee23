"""When was a car in the pit lane, how long, and who drove before and after?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import (
    DriverChanged,
    Happening,
    PitIn,
    PitOut,
    Refuelled,
)


class Stop(msgspec.Struct, frozen=True, gc=False):
    """A visit to the pit lane.

    Args:
        car: its id.
        num: its number as shown.
        stop: the number of the visit, from 1.
        lap: the lap on which it came in.
        in_at: when that was, or when it was first seen there.
        out_at: when it went out, or was first seen out; `None` while it is in.
        lane_us: how long it was in the lane; `None` where an end is not known to the instant.
        driver_in: who drove in.
        driver_out: who drove out.
        fuelled: `True` where the feed shows that it took fuel, `None` where it says nothing.
    """

    car: str
    num: str
    stop: int
    lap: int | None
    in_at: int
    out_at: int | None
    lane_us: int | None
    driver_in: str | None
    driver_out: str | None
    fuelled: bool | None


class Stops:
    """One row for each visit; the open one is replaced when the car goes out."""

    def __init__(self) -> None:
        self.table = Table("stops", Stop)
        self._latest: dict[str, tuple[int, bool]] = {}
        """The row of each car's last visit, and whether its beginning is known to the instant."""

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        match happening:
            case PitIn():
                self._open(happening, at)
            case PitOut():
                self._close(happening, at)
            case Refuelled(car):
                stop = self._stop(car)
                if stop is not None and stop.out_at is None and not stop.fuelled:
                    self._replace(car, msgspec.structs.replace(stop, fuelled=True), at)
            case DriverChanged(car, is_out_lap=True, now=driver):
                stop = self._stop(car)
                if stop is not None and stop.out_at is not None:
                    self._replace(car, msgspec.structs.replace(stop, driver_out=driver), at)

    def _stop(self, car: str) -> Stop | None:
        known = self._latest.get(car)
        return None if known is None else self.table.rows[known[0]]

    def _open(self, entry: PitIn, at: int) -> None:
        before = self._stop(entry.car)
        stop = Stop(
            car=entry.car,
            num=entry.num,
            stop=1 if before is None else before.stop + 1,
            lap=entry.lap,
            in_at=entry.at,
            out_at=None,
            lane_us=None,
            driver_in=entry.driver,
            driver_out=None,
            fuelled=None,
        )
        self._latest[entry.car] = self.table.add(stop, at), entry.is_timed

    def _close(self, out: PitOut, at: int) -> None:
        stop = self._stop(out.car)
        if stop is None or stop.out_at is not None:
            return
        is_timed = self._latest[out.car][1] and out.is_timed
        closed = msgspec.structs.replace(
            stop,
            out_at=out.at,
            lane_us=(out.at - stop.in_at) * 1000 if is_timed else None,
            driver_out=out.driver,
        )
        self._replace(out.car, closed, at)

    def _replace(self, car: str, stop: Stop, at: int) -> None:
        number, is_timed = self._latest[car]
        self.table.withdraw(number, at)
        self._latest[car] = self.table.add(stop, at), is_timed
