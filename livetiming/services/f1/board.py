"""The board of one session: its cars, their order, and the picture that the host looks at."""

from __future__ import annotations

from livetiming.events import Picture
from livetiming.services import CarIds, Strange
from livetiming.services.f1.car import Car
from livetiming.services.f1.cells import put
from livetiming.services.f1.parts import Part


class Board:
    """Cars by racing number, and their picture.

    Args:
        part: of the session, for qualifying.
        strange: takes what is unknown.
    """

    def __init__(self, part: Part, strange: Strange) -> None:
        self._part = part
        self._strange = strange
        self._ids = CarIds()
        self._arrivals = 0
        self.cars: dict[str, Car] = {}
        self.picture = Picture({}, [], {})
        self.is_unordered = False
        """Whether `settle` has something to do."""
        self._fastest: Car | None = None

    def car(self, number: str, topic: str) -> Car:
        """The car with this racing number, which is new where there is none.

        Args:
            number: as the feed has it.
            topic: in which it is shown.
        Raises: `BadFrame` where it can be no number, or there are too many cars.
        """
        car = self.cars.get(number) or self._add(number)
        car.shown_in.add(topic)
        return car

    def _add(self, number: str) -> Car:
        id_ = self._ids.of(number)
        self._arrivals += 1
        car = Car(id_, number, self._arrivals, self._part, self._strange)
        self.cars[number] = car
        self.picture.cars[id_] = car.cells
        self.is_unordered = True
        return car

    def leave(self, number: str, topic: str) -> None:
        """A car is no longer shown in a topic; `settle` lets one leave that is shown in none."""
        car = self.cars.get(number)
        if car is not None:
            car.renew(topic)
            self.is_unordered = True
            self.rank_best()

    def renew(self, topic: str) -> None:
        """A whole state of a topic comes: no car is shown in it until it names the car."""
        for car in self.cars.values():
            car.renew(topic)
        self.is_unordered = True
        self.rank_best()

    def settle(self) -> Picture:
        """Bring the order up to date."""
        if self.is_unordered:
            self.is_unordered = False
            gone = [car for car in self.cars.values() if not car.shown_in]
            for car in gone:
                del self.cars[car.number]
                del self.picture.cars[car.id]
            if gone:
                self.rank_best()
            self.picture.order[:] = [car.id for car in sorted(self.cars.values(), key=_place)]
        return self.picture

    def rank_best(self) -> None:
        """A best lap has changed: mark the fastest, and no other."""
        timed = (car for car in self.cars.values() if car.timing.shown_best_us is not None)
        fastest = min(timed, key=_best, default=None)
        before, self._fastest = self._fastest, fastest
        if before is not None and before is not fastest:
            before.timing.mark_best(is_fastest=False)
        if fastest is not None:
            fastest.timing.mark_best(is_fastest=True)

    def show_part(self) -> None:
        """Another part of qualifying runs, or it is called by another name."""
        put(self.picture.session, "part", self._part.name)
        for car in self.cars.values():
            car.timing.begin_part()
        self.rank_best()


def _place(car: Car) -> tuple[int, int]:
    return car.place


def _best(car: Car) -> int:
    return car.timing.shown_best_us or 0
