"""Gaps, which the feed does not tell: from the times at which cars crossed the same line."""

from __future__ import annotations

from collections.abc import Callable

from livetiming.events import Laps
from livetiming.services.hhtiming.car import Car, Point

MAX_LAPS_DOWN = 1_000


def set_gaps(cars: list[Car], *, by_best_lap: bool) -> None:
    """Set gap and interval of each car.

    Args:
        cars: in their order.
        by_best_lap: whether the order is that of the best laps.
    """
    gap_of: Callable[[Car, Car], int | Laps | None] = _practice_gap if by_best_lap else _race_gap
    leader: Car | None = None
    ahead: Car | None = None
    for car in cars:
        car.put("gap", None if leader is None else gap_of(car, leader))
        car.put("int", None if ahead is None else gap_of(car, ahead))
        leader, ahead = leader or car, car


def _race_gap(car: Car, other: Car) -> int | Laps | None:
    """As it was when the car last crossed a line that the other one was seen to cross.

    Cars are missed at lines now and then (Sebring 2019), at the finish hardly ever.
    """
    laps, reached = car.point
    for line in range(reached, -1, -1):
        gap = _gap_at((laps, line), car, other)
        if gap is not None:
            return gap
    return _laps(other.point[0] - laps)


def _gap_at(point: Point, car: Car, other: Car) -> int | Laps | None:
    """Who passed there a lap or more before is so many laps ahead, else the time between."""
    (laps, line), at_us = point, car.passages_us.get(point)
    if at_us is None:
        return None
    for down in range(min(other.point[0] - laps, MAX_LAPS_DOWN), -1, -1):
        passed_us = other.passages_us.get((laps + down, line))
        if passed_us is not None and passed_us <= at_us:
            return Laps(down) if down else at_us - passed_us
    return None


def _laps(down: int) -> Laps | None:
    return Laps(down) if down > 0 else None


def _practice_gap(car: Car, other: Car) -> int | None:
    if car.best_us is None or other.best_us is None or car.best_us < other.best_us:
        return None
    return car.best_us - other.best_us
