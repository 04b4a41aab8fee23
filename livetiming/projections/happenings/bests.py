"""Which laps are the best so far: of each car, of each class, of all."""

from __future__ import annotations

from collections.abc import Iterable

from livetiming.projections.happenings.kinds import Best, BestOf, Happening, Lap
from livetiming.racing import Mark

_BEST = (Mark.PB, Mark.SB)


def counts(lap: Lap) -> bool:
    """Whether a lap can be a best one.

    The first begins on the grid or at the pit exit; it counts only where the provider says so.
    """
    return lap.time_us is not None and lap.valid and (lap.lap > 1 or lap.mark in _BEST)


class Bests:
    """The best laps so far."""

    def __init__(self) -> None:
        self._of_cars: dict[str, int] = {}
        self._of_classes: dict[str, int] = {}
        self._of_all: int | None = None

    def offer(self, lap: Lap, found: list[Happening]) -> None:
        """Take a lap that was completed."""
        time_us, car, class_ = lap.time_us, lap.car, lap.class_
        if time_us is None or time_us >= self._of_cars.get(car, time_us + 1) or not counts(lap):
            return
        self._of_cars[car] = time_us
        found.append(Best(lap, BestOf.CAR))
        if class_ is not None and time_us < self._of_classes.get(class_, time_us + 1):
            self._of_classes[class_] = time_us
            found.append(Best(lap, BestOf.CLASS))
        if self._of_all is None or time_us < self._of_all:
            self._of_all = time_us
            found.append(Best(lap, BestOf.ALL))

    def begin_again(self, laps: Iterable[Lap]) -> None:
        """Forget them, and find them among all laps: one was corrected or taken back."""
        self.__init__()  # type: ignore[misc]
        for lap in laps:
            self.offer(lap, [])
