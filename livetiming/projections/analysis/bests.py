"""Which were the fastest laps and sectors, overall and in each class?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.happenings import Lap
from livetiming.projections.happenings.bests import counts


class Fastest(msgspec.Struct, frozen=True, gc=False):
    """The fastest lap or sector among some cars.

    Args:
        class_: of these cars; `None` of all.
        what: `lap`, `s1`, `s2`, `s3`.
        time_us: how long it took; of equals the first.
        car: which car.
        num: its number as shown.
        driver: who drove.
        lap: on which lap.
        at: when that ended.
    """

    class_: str | None
    what: str
    time_us: int
    car: str
    num: str
    driver: str | None
    lap: int
    at: int


def timed(lap: Lap) -> tuple[tuple[str, int | None], ...]:
    """What of a lap can be a best time: all of it where it counts, and its sectors.

    The first sector of a first lap begins on the grid.
    """
    return (
        ("lap", lap.time_us if counts(lap) else None),
        ("s1", lap.s1_us if lap.valid and lap.lap > 1 else None),
        ("s2", lap.s2_us if lap.valid else None),
        ("s3", lap.s3_us if lap.valid else None),
    )


def bests(base: Holding, _at: int) -> list[Fastest]:
    """Fold them: of all, then of the classes as they came."""
    overall: dict[str, Lap] = {}
    by_class: dict[str, dict[str, Lap]] = {}
    for lap in base.laps:
        _offer(overall, lap)
        if lap.class_ is not None:
            _offer(by_class.setdefault(lap.class_, {}), lap)
    found = _told(None, overall)
    for class_, best in by_class.items():
        found += _told(class_, best)
    return found


def _offer(best: dict[str, Lap], lap: Lap) -> None:
    for what, time_us in timed(lap):
        if time_us is not None and (what not in best or time_us < _time(best[what], what)):
            best[what] = lap


def _time(lap: Lap, what: str) -> int:
    return dict(timed(lap))[what] or 0


def _told(class_: str | None, best: dict[str, Lap]) -> list[Fastest]:
    return [
        Fastest(class_, what, _time(lap, what), lap.car, lap.num, lap.driver, lap.lap, lap.at)
        for what in ("lap", "s1", "s2", "s3")
        if (lap := best.get(what)) is not None
    ]
