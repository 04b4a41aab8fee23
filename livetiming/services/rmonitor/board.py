"""The board of one session: cars, their order, their cells; kept up to date record by record."""

from __future__ import annotations

from collections.abc import Callable

from livetiming.errors import BadValue
from livetiming.events import MAX_CARS, Cells, Laps, Picture, car_id
from livetiming.racing import CarState
from livetiming.services import BadFrame, lap_marks, marked, put
from livetiming.services.rmonitor.roster import NAMES

_NOWHERE = 10**9
"""The position of a car that has none yet: behind all others."""
_REMEMBERED_LAPS = 100
Place = tuple[int, int]
"""Position, then arrival: while the feed moves cars one by one, two may share a position."""


class Car:
    """What is known of one car; `cells` is what the host sees of it."""

    __slots__ = (
        "best_us",
        "cells",
        "id",
        "laps",
        "last_us",
        "practice_place",
        "race_place",
        "total_us",
        "totals_us",
    )

    def __init__(self, id_: str, arrival: int) -> None:
        self.id = id_
        self.cells: Cells = {}
        self.laps: int | None = None
        self.total_us: int | None = None
        self.totals_us: dict[int, int] = {}
        self.last_us: int | None = None
        self.best_us: int | None = None
        self.race_place: Place = (_NOWHERE, arrival)
        self.practice_place: Place = (_NOWHERE, arrival)

    @property
    def state(self) -> CarState | None:
        """What it does; `None` where the feed has not shown it."""
        value = self.cells.get("state")
        return value if isinstance(value, CarState) else None

    @state.setter
    def state(self, value: CarState) -> None:
        self.cells["state"] = value

    def set_laps(self, laps: int | None) -> None:
        """Laps completed; `None` before the first."""
        self.laps = laps
        put(self.cells, "laps", laps)

    def set_total(self, total_us: int | None) -> None:
        """Time since the start at the last crossing; `None` before the first."""
        self.total_us = total_us
        put(self.cells, "total", total_us)

    def note_total(self) -> None:
        """Remember the total of this lap, for the gaps of those who come to it later."""
        if self.laps is None or self.total_us is None:
            return
        self.totals_us[self.laps] = self.total_us
        if len(self.totals_us) > _REMEMBERED_LAPS:
            del self.totals_us[next(iter(self.totals_us))]


class Board:
    """Cars by reg no, and their picture.

    Order and gaps are made when they are asked for, since one overtake comes as several records.

    Args:
        by_best_lap: whether the order is that of the best laps, `$H`, and not that of `$G`.
    """

    def __init__(self, *, by_best_lap: bool = False) -> None:
        self._by_best_lap = by_best_lap
        self.cars: dict[str, Car] = {}
        self.unnamed = False
        """Whether there is a car that `name` has not been told of."""
        self._picture = Picture({}, [], {})
        self._arrivals = 0
        self._unsettled = False
        self._fastest: Car | None = None
        self._unseen: set[str] = set()

    @property
    def picture(self) -> Picture:
        """The picture as it is settled; the same object each time."""
        return self._picture

    def rank(self, *, by_best_lap: bool) -> None:
        """Set what the order is that of."""
        self._by_best_lap = by_best_lap
        self._unsettled = True

    def car(self, key: str) -> Car:
        """The car with this reg no, which is new where there is none.

        Raises: `BadFrame` where the key cannot be a car id, or there are too many cars.
        """
        car = self.cars.get(key) or self._add(key)
        if self._unseen:
            self._unseen.discard(key)
        return car

    def _add(self, key: str) -> Car:
        if len(self.cars) >= MAX_CARS:
            raise BadFrame("too many cars", f"more than {MAX_CARS}")
        self._arrivals += 1
        car = self.cars[key] = Car(self._free_id(key), self._arrivals)
        car.cells["num"] = key
        self._picture.cars[car.id] = car.cells
        self._unsettled = self.unnamed = True
        return car

    def _free_id(self, key: str) -> str:
        """Two keys may read alike once they are clean; the id of a car that left is free again."""
        try:
            first = id_ = car_id(key)
            count = 1
            while id_ in self._picture.cars:
                count += 1
                id_ = car_id(f"{first}~{count}")
        except BadValue as error:
            raise BadFrame("reg no", str(error)) from error
        return id_

    def set_race(
        self, car: Car, position: int | None, laps: int | None, total_us: int | None
    ) -> None:
        """Take what `$G` says."""
        car.race_place = self._place(car.race_place, position)
        self.correct(car, laps, total_us)

    def correct(self, car: Car, laps: int | None, total_us: int | None) -> None:
        """Take laps and total time, up or down."""
        if laps != car.laps:
            car.set_laps(laps)
        if total_us != car.total_us:
            car.set_total(total_us)
        car.note_total()
        self._unsettled = True

    def set_practice(self, car: Car, position: int | None, best_us: int | None) -> None:
        """Take what `$H` says."""
        car.practice_place = self._place(car.practice_place, position)
        self._unsettled = self._unsettled or self._by_best_lap
        self.set_best(car, best_us)

    def _place(self, before: Place, position: int | None) -> Place:
        if position is None or position < 1:
            return before
        if position == before[0]:
            return before
        self._arrivals += 1
        self._unsettled = True
        return position, self._arrivals

    def set_best(self, car: Car, best_us: int | None) -> None:
        """Take a best lap; also a slower one, where a lap was taken away."""
        if best_us == car.best_us:
            return
        car.best_us = best_us
        self._unsettled = self._unsettled or self._by_best_lap
        fastest = self._fastest
        if fastest is car or fastest is None or _faster(car, fastest):
            self._fastest = min(
                (c for c in self.cars.values() if c.best_us), key=_best, default=None
            )
            if fastest is not None:
                _mark(fastest, is_fastest=fastest is self._fastest)
            if self._fastest is not None:
                _mark(self._fastest, is_fastest=True)
        _mark(car, is_fastest=car is self._fastest)

    def set_last(self, car: Car, last_us: int) -> None:
        """Take the time of the last lap."""
        if last_us != car.last_us:
            car.last_us = last_us
            _mark(car, is_fastest=car is self._fastest)

    def expect_dump(self) -> None:
        """A reset: every car that the dump does not show will have left."""
        self._unseen = set(self.cars)

    def end_dump(self) -> bool:
        """The dump has come, if any car has been seen since; else the board stays as it is."""
        if self._unseen and len(self._unseen) == len(self.cars):
            return False
        for key in self._unseen:
            car = self.cars.pop(key)
            del self._picture.cars[car.id]
            self.set_best(car, None)
            self._unsettled = True
        self._unseen = set()
        return True

    def name(self, names: dict[str, dict[str, str]]) -> None:
        """Take what the roster says of each car; one that it does not know keeps its cells."""
        self.unnamed = False
        for key, car in self.cars.items():
            if (known := names.get(key)) is not None:
                for column in NAMES:
                    put(car.cells, column, known.get(column))

    def settle(self) -> Picture:
        """Bring order and gaps up to date."""
        if self._unsettled:
            self._unsettled = False
            in_practice = self._is_in_practice_order()
            cars = sorted(self.cars.values(), key=_practice_place if in_practice else _race_place)
            self._picture.order[:] = [car.id for car in cars]
            _gaps(cars, _practice_gap if in_practice else _race_gap)
            put(self._picture.session, "laps", cars[0].laps if cars and not in_practice else None)
        return self._picture

    def _is_in_practice_order(self) -> bool:
        """As the session wants, unless no car has a place of that sort."""
        wanted, other = _practice_place, _race_place
        if not self._by_best_lap:
            wanted, other = other, wanted
        cars = self.cars.values()
        is_placed = any(wanted(car)[0] < _NOWHERE for car in cars)
        is_otherwise = not is_placed and any(other(car)[0] < _NOWHERE for car in cars)
        return self._by_best_lap is not is_otherwise


def _practice_place(car: Car) -> Place:
    return car.practice_place


def _race_place(car: Car) -> Place:
    return car.race_place


def _best(car: Car) -> int:
    return car.best_us or _NOWHERE**2


def _faster(car: Car, other: Car) -> bool:
    return _best(car) < _best(other)


def _mark(car: Car, *, is_fastest: bool) -> None:
    last, best = lap_marks(car.last_us, car.best_us, is_fastest=is_fastest)
    put(car.cells, "best", marked(car.best_us, best))
    put(car.cells, "last", marked(car.last_us, last))


def _gaps(cars: list[Car], gap_of: Callable[[Car, Car], int | Laps | None]) -> None:
    leader: Car | None = None
    ahead: Car | None = None
    for car in cars:
        put(car.cells, "gap", None if leader is None else gap_of(car, leader))
        put(car.cells, "int", None if ahead is None else gap_of(car, ahead))
        leader, ahead = leader or car, car


def _race_gap(car: Car, other: Car) -> int | Laps | None:
    """As it was when the car last crossed the line: in time on the same lap, else in laps.

    So a gap does not turn into a lap and back each time the leader crosses first; but who is two
    crossings behind is a lap down wherever it stands.
    """
    laps, total_us = car.laps or 0, car.total_us
    if car.laps is None and total_us is None:
        return None
    ahead = (other.laps or 0) - laps
    down = ahead
    while down > 0 and total_us is not None and other.totals_us.get(laps + down, 0) > total_us:
        down -= 1
    down = max(down, ahead - 1)
    if down > 0:
        return Laps(down)
    if ahead > 0 and laps not in other.totals_us:
        return Laps(ahead)
    return None if ahead < 0 else _difference(total_us, other.totals_us.get(laps, other.total_us))


def _practice_gap(car: Car, other: Car) -> int | None:
    return _difference(car.best_us, other.best_us)


def _difference(later_us: int | None, earlier_us: int | None) -> int | None:
    if later_us is None or earlier_us is None or later_us < earlier_us:
        return None
    return later_us - earlier_us
