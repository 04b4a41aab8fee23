"""Who drove how much of each car's race?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.by_car import best, laps_by_car, share
from livetiming.projections.analysis.stints import stints
from livetiming.projections.happenings import Lap
from livetiming.projections.happenings.bests import counts


class Driver(msgspec.Struct, frozen=True, gc=False):
    """A driver of a car.

    Args:
        car: its id.
        num: its number as shown.
        driver: the name; `None` of laps of which nobody is known.
        laps: that have a time.
        stints: how many.
        time_us: of these laps together.
        share: of the time of all laps of the car.
        best_us: the best one that counts.
    """

    car: str
    num: str
    driver: str | None
    laps: int
    stints: int
    time_us: int
    share: float | int | None
    best_us: int | None


def drivers(base: Holding, at: int) -> list[Driver]:
    """Fold them: in the order in which they drove first."""
    runs: dict[tuple[str, str | None], int] = {}
    for stint in stints(base, at):
        key = stint.car, stint.driver
        runs[key] = runs.get(key, 0) + 1
    found = []
    for car, laps in laps_by_car(base.laps).items():
        total_us = _time_us(laps)
        by_driver: dict[str | None, list[Lap]] = {}
        for lap in laps:
            by_driver.setdefault(lap.driver, []).append(lap)
        for driver, driven in by_driver.items():
            time_us = _time_us(driven)
            found.append(
                Driver(
                    car=car,
                    num=driven[-1].num,
                    driver=driver,
                    laps=len(driven),
                    stints=runs[car, driver],
                    time_us=time_us,
                    share=share(time_us, total_us),
                    best_us=best(lap.time_us for lap in driven if counts(lap)),
                )
            )
    return found


def _time_us(laps: list[Lap]) -> int:
    return sum(lap.time_us or 0 for lap in laps)
