"""What a lap is worth: the fastest of all, the fastest of its car, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from livetiming.events import Cells
from livetiming.racing import Mark
from livetiming.services.cells import marked, put


class LapTimes(Protocol):
    """A car with the times of its laps."""

    cells: Cells
    last_us: int | None
    best_us: int | None


def mark_laps(cars: Iterable[LapTimes]) -> None:
    """Set `best` and `last` of all cars, those with equal best laps alike."""
    timed = list(cars)
    fastest_us = min((car.best_us for car in timed if car.best_us), default=None)
    for car in timed:
        is_fastest = car.best_us is not None and car.best_us == fastest_us
        last, best = lap_marks(car.last_us, car.best_us, is_fastest=is_fastest)
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
