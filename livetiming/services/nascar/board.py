"""The board of one session: its cars in their order, with gaps and marks."""

from __future__ import annotations

from operator import itemgetter

from livetiming.events import Cell, Laps, Picture
from livetiming.services.nascar.car import RUNNING, Car

_NOWHERE = 10**9


class Board:
    """The cars of one session.

    Args:
        is_race: whether gaps are those that the feed tells, and not those of the best laps.
    """

    def __init__(self, *, is_race: bool) -> None:
        self.is_race = is_race
        self.cars: dict[str, Car] = {}
        self.code: int | None = None
        """The flag, as the feed numbers them."""
        self.picture = Picture({}, [], {})
        self._fastest: Car | None = None

    def car(self, id_: str) -> Car:
        """The car with this id, which is new where there is none."""
        car = self.cars.get(id_)
        if car is None:
            car = self.cars[id_] = Car(id_)
        return car

    def keep(self, shown: set[str]) -> None:
        """Cars that a whole look does not show have left."""
        self.cars = {id_: car for id_, car in self.cars.items() if id_ in shown}

    def settle(self) -> None:
        """Bring the picture up to date."""
        cars = sorted(self.cars.values(), key=_place)
        self._rank_best(cars)
        self.picture.order = [car.id for car in cars]
        self.picture.cars = {
            car.id: car.cells(self.code, is_fastest=car is self._fastest) for car in cars
        }
        for place, car in enumerate(cars[1:], start=1):
            self._gaps(car, leader=cars[0], ahead=cars[place - 1])

    def _rank_best(self, cars: list[Car]) -> None:
        """The best lap is marked once: of two equal ones the one that was there first."""
        before = self._fastest
        timed = [(car.best_us, car is not before, car) for car in cars if car.best_us is not None]
        self._fastest = min(timed, key=itemgetter(0, 1))[2] if timed else None

    def _gaps(self, car: Car, *, leader: Car, ahead: Car) -> None:
        gap: Cell | None = car.behind if self.is_race else _by_best(car, leader)
        interval = _interval(car, ahead, leader) if self.is_race else _by_best(car, ahead)
        cells = self.picture.cars[car.id]
        if gap is not None:
            cells["gap"] = gap
        if interval is not None:
            cells["int"] = interval


def _place(car: Car) -> int:
    return _NOWHERE if car.position is None else car.position


def _by_best(car: Car, other: Car) -> int | None:
    return _difference(car.best_us, other.best_us)


def _interval(car: Car, ahead: Car, leader: Car) -> int | Laps | None:
    """The difference of gaps; on the same lap but not on the leader's, that of race times."""
    behind, before = car.behind, 0 if ahead is leader else ahead.behind
    if isinstance(behind, int):
        return _difference(behind, before) if isinstance(before, int) else None
    if behind is None or before is None:
        return None
    laps = behind.laps - (before.laps if isinstance(before, Laps) else 0)
    if laps > 0:
        return Laps(laps)
    if laps < 0 or car.laps != ahead.laps or not car.status == ahead.status == RUNNING:
        return None
    return _difference(car.total_us, ahead.total_us)


def _difference(later_us: int | None, earlier_us: int | None) -> int | None:
    if later_us is None or earlier_us is None or later_us < earlier_us:
        return None
    return later_us - earlier_us
