"""How long was each run between two stops, by whom and how quick?"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.by_car import best, divided, laps_by_car
from livetiming.projections.happenings import Lap
from livetiming.projections.happenings.bests import counts
from livetiming.racing import CarState, Flag

NEUTRAL = frozenset(
    (Flag.YELLOW, Flag.FCY, Flag.CODE_60, Flag.VSC, Flag.SC, Flag.CAUTION, Flag.RED)
)
"""Flags under which nobody races; slow zones are of a part of the track."""
_OVER = frozenset((CarState.RETIRED, CarState.FINISHED, CarState.DISQUALIFIED))


class Stint(msgspec.Struct, frozen=True, gc=False):
    """Laps of one driver between two visits to the pit lane.

    Args:
        car: its id.
        num: its number as shown.
        stint: its number, from 1.
        driver: who drove.
        from_lap: its first lap.
        to_lap: its last so far.
        from_at: when the first began.
        to_at: when the last ended.
        laps: how many that have a time.
        best_us: the best one that counts.
        mean_us: of the valid ones that are neither in nor out laps.
        yellow_laps: completed under a flag under which nobody races.
        tyre: at the end of the first lap.
        open: whether it may go on.
    """

    car: str
    num: str
    stint: int
    driver: str | None
    from_lap: int
    to_lap: int
    from_at: int
    to_at: int
    laps: int
    best_us: int | None
    mean_us: int | None
    yellow_laps: int
    tyre: str | None
    open: bool


def stints(base: Holding, _at: int) -> list[Stint]:
    """Fold them: a stint begins with an out lap, after an in lap, or with another driver."""
    over = {row.car for row in base.states if row.state in _OVER}
    is_open = not base.flags or base.flags[-1].to_at is None
    found = []
    for car, laps in laps_by_car(base.laps).items():
        runs = list(_runs(laps))
        for number, run in enumerate(runs, 1):
            goes_on = is_open and car not in over and number == len(runs) and not run[-1].in_lap
            found.append(_stint(run, number, is_open=goes_on))
    return found


def _runs(laps: list[Lap]) -> Iterator[list[Lap]]:
    run: list[Lap] = []
    for lap in laps:
        if run and (lap.out_lap or run[-1].in_lap or lap.driver != run[-1].driver):
            yield run
            run = []
        run.append(lap)
    yield run


def _stint(run: list[Lap], number: int, *, is_open: bool) -> Stint:
    first, last = run[0], run[-1]
    paced = [lap.time_us or 0 for lap in run if lap.valid and not (lap.in_lap or lap.out_lap)]
    return Stint(
        car=first.car,
        num=last.num,
        stint=number,
        driver=first.driver,
        from_lap=first.lap,
        to_lap=last.lap,
        from_at=first.at - (first.time_us or 0) // 1000,
        to_at=last.at,
        laps=len(run),
        best_us=best(lap.time_us for lap in run if counts(lap)),
        mean_us=divided(sum(paced), len(paced)),
        yellow_laps=sum(lap.flag in NEUTRAL for lap in run),
        tyre=first.tyre,
        open=is_open,
    )
