"""How quick would a lap of everybody's best sectors be?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.bests import timed
from livetiming.projections.analysis.by_car import best, laps_by_car
from livetiming.projections.happenings import Lap


class Theoretical(msgspec.Struct, frozen=True, gc=False):
    """The best sectors of a car, or of one of its drivers, put together.

    Args:
        car: its id.
        num: its number as shown.
        driver: who drove them; `None` of all of the car.
        s1_us: the best first sector, and so on.
        time_us: of all three; `None` where one is not known.
        best_us: the best lap that was driven.
    """

    car: str
    num: str
    driver: str | None
    s1_us: int | None
    s2_us: int | None
    s3_us: int | None
    time_us: int | None
    best_us: int | None


def theoretical(base: Holding, _at: int) -> list[Theoretical]:
    """Fold them: each car, then its drivers in the order in which they drove first."""
    found = []
    for laps in laps_by_car(base.laps).values():
        found.append(_of(None, laps))
        by_driver: dict[str, list[Lap]] = {}
        for lap in laps:
            if lap.driver is not None:
                by_driver.setdefault(lap.driver, []).append(lap)
        found += [_of(driver, driven) for driver, driven in by_driver.items()]
    return found


def _of(driver: str | None, laps: list[Lap]) -> Theoretical:
    times = [dict(timed(lap)) for lap in laps]
    s1_us, s2_us, s3_us, best_us = (
        best(time[what] for time in times) for what in ("s1", "s2", "s3", "lap")
    )
    whole = None if s1_us is None or s2_us is None or s3_us is None else s1_us + s2_us + s3_us
    car, num = laps[-1].car, laps[-1].num
    return Theoretical(car, num, driver, s1_us, s2_us, s3_us, whole, best_us)
