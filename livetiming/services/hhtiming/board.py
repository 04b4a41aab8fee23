"""The board of one session: its cars in their order, which the feed does not tell."""

from __future__ import annotations

from livetiming.errors import BadValue
from livetiming.events import MAX_CARS, Picture
from livetiming.services import BadFrame, CarIds
from livetiming.services.hhtiming.car import Car, mark_sectors, mark_times
from livetiming.services.hhtiming.gaps import set_gaps
from livetiming.services.hhtiming.road import on_the_road

NOWHERE_US = 10**15


class Board:
    """Cars by the feed's own key, and their picture; order, gaps and marks are made when asked for.

    Args:
        by_best_lap: whether the order is that of the best laps, and not that on the track.
    """

    def __init__(self, *, by_best_lap: bool = False) -> None:
        self._by_best_lap = by_best_lap
        self._cars: dict[str, Car] = {}
        self._ids = CarIds()
        self._picture = Picture({}, [], {})
        self._unsettled = False
        self._sectors = 0
        self._fastest_us: dict[int, int | None] = {}

    @property
    def picture(self) -> Picture:
        """The picture as it is settled; the same object each time."""
        return self._picture

    def rank(self, *, by_best_lap: bool) -> None:
        """Set what the order is that of."""
        self._by_best_lap = by_best_lap
        self._unsettled = True

    def touch(self) -> None:
        """Something changed that order, gaps or marks hang on."""
        self._unsettled = True

    def car(self, key: str) -> Car:
        """The car with this key, which is new where there is none.

        Raises: `BadFrame` where there is no key, or there are too many cars.
        """
        if not key:
            raise BadFrame("car", "a message about a car names none")
        car = self._cars.get(key)
        if car is None:
            if len(self._cars) >= MAX_CARS:
                raise BadFrame("too many cars", f"more than {MAX_CARS}")
            car = self._cars[key] = Car(key, len(self._cars))
        self._unsettled = True
        return car

    def numbered(self, number: str) -> Car | None:
        """The car with this number; that of this key where none has been entered with it.

        Returns: `None` where two have it, or the key is that of a car with another number.
        """
        cars = [car for car in self._cars.values() if car.id is not None and car.number == number]
        self._unsettled = True
        if cars:
            return cars[0] if len(cars) == 1 else None
        other = self._cars.get(number)
        return self.car(number) if other is None or other.id is None else None

    def known(self, number: str) -> Car | None:
        """The only car that was entered with this number."""
        cars = [car for car in self._cars.values() if car.id is not None and car.number == number]
        return cars[0] if len(cars) == 1 else None

    def enter(self, key: str, number: str) -> Car:
        """An entry names a car; one that was only known by its number is that car.

        Raises: `BadFrame` where the number can be no car id, or there are too many cars.
        """
        stray = self._cars.get(number)
        if key not in self._cars and stray is not None and stray.id is None:
            self._cars[key] = self._cars.pop(number)
            self._cars[key].key = key
        car = self.car(key)
        if number:
            car.number = number
            car.put("num", number)
        if car.id is None:
            car.id = self._new_id(car)
            self._picture.cars[car.id] = car.cells
        return car

    def _new_id(self, car: Car) -> str:
        try:
            return self._ids.of(car.number, car.key)
        except BadValue as error:
            raise BadFrame("number", str(error)) from error

    def restart(self) -> None:
        """The session clock begins anew."""
        self._unsettled = True
        for car in self._cars.values():
            car.restart()

    def go_on(self) -> None:
        """The chequered flag went in again: who had finished has not."""
        for car in self._cars.values():
            if car.has_finished:
                car.has_finished = False
                car.show_state()

    def _show_sectors(self, sectors: int) -> None:
        self._sectors, self._unsettled = sectors, True
        for car in self._cars.values():
            car.show_sectors(sectors)

    def settle(self, sectors: int) -> Picture:
        """Bring order, gaps and marks up to date.

        Args:
            sectors: how many the track has.
        """
        if sectors != self._sectors:
            self._show_sectors(sectors)
        if self._unsettled:
            self._unsettled = False
            entered = [car for car in self._cars.values() if car.id is not None]
            cars = sorted(entered, key=_best_place if self._by_best_lap else on_the_road)
            self._picture.order[:] = [car.id for car in cars if car.id is not None]
            set_gaps(cars, by_best_lap=self._by_best_lap)
            mark_times(cars)
            mark_sectors(cars, self._fastest_us)
            self._count_laps(cars)
        return self._picture

    def _count_laps(self, cars: list[Car]) -> None:
        laps = cars[0].laps if cars and not self._by_best_lap else None
        if laps is None:
            self._picture.session.pop("laps", None)
        else:
            self._picture.session["laps"] = laps


def _best_place(car: Car) -> tuple[int, int]:
    return car.best_us or NOWHERE_US, car.arrival
