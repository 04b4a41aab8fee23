"""What a lap is worth: the fastest of all, the fastest of its car, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Protocol

from livetiming.events import Cells
from livetiming.racing import Mark
from livetiming.services.cells import marked, put


class LapTimes(Protocol):
    """A car with the times of its laps."""

    cells: Cells
    last_us: int | None
    best_us: int | None


class FastestLap:
    """The car with the best lap of all; of two equal ones, who had it first."""

    def __init__(self) -> None:
        self._car: LapTimes | None = None

    def show(self, cars: Iterable[LapTimes]) -> None:
        """Bring the cells `best` and `last` of all cars up to date."""
        shown = list(cars)
        timed = [(us, car is not self._car, car) for car in shown if (us := car.best_us)]
        self._car = min(timed, key=itemgetter(0, 1))[2] if timed else None
        for car in shown:
            last, best = lap_marks(car.last_us, car.best_us, is_fastest=car is self._car)
            put(car.cells, "best", marked(car.best_us, best))
            put(car.cells, "last", marked(car.last_us, last))


def lap_marks(
    last_us: int | None, best_us: int | None, *, is_fastest: bool
) -> tuple[Mark | None, Mark | None]:
    """What the last and the best lap of one car are worth.

    Args:
        last_us: its last lap.
        best_us: its best lap.
        is_fastest: whether no car has a better one.
    """
    is_best = last_us is not None and last_us == best_us
    best = Mark.SB if is_fastest else None
    return (best or Mark.PB) if is_best else None, best
