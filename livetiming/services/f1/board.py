"""The board of one session: its cars, their order, and the picture that the host looks at."""

from __future__ import annotations

from livetiming.errors import BadValue
from livetiming.events import Cells, Picture
from livetiming.services import BadFrame, CarIds, Strange
from livetiming.services.f1.crossings import Crossings
from livetiming.services.f1.names import Names
from livetiming.services.f1.parts import Part
from livetiming.services.f1.stats import Stats
from livetiming.services.f1.timing import Timing
from livetiming.services.f1.tyres import Tyres

_NOWHERE = 10**6


class Car:
    """What is known of one car; each topic fills cells of its own, none those of another."""

    __slots__ = (
        "arrival",
        "cells",
        "crossings",
        "id",
        "names",
        "number",
        "shown_in",
        "stats",
        "timing",
        "tyres",
    )

    def __init__(self, id_: str, number: str, arrival: int, part: Part, strange: Strange) -> None:
        self.id = id_
        self.number = number
        self.arrival = arrival
        self.cells: Cells = {"num": number}
        self.names = Names(self.cells)
        self.timing = Timing(self.cells, part, strange)
        self.tyres = Tyres(self.cells)
        self.stats = Stats(self.cells)
        self.crossings = Crossings(id_)
        self.shown_in: set[str] = set()

    @property
    def place(self) -> tuple[int, int]:
        """What the order goes by; cars that the feed places nowhere are behind all others."""
        line = self.timing.line
        if line is None:
            line = self.names.line
        return (_NOWHERE if line is None else line, self.arrival)


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
        self.unordered = False
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
        try:
            id_ = self._ids.of(number)
        except BadValue as error:
            raise BadFrame("racing number", str(error)) from error
        self._arrivals += 1
        car = Car(id_, number, self._arrivals, self._part, self._strange)
        self.cars[number] = car
        self.picture.cars[id_] = car.cells
        self.unordered = True
        return car

    def leave(self, number: str, topic: str) -> None:
        """A car is no longer shown in a topic; `settle` lets one leave that is shown in none."""
        car = self.cars.get(number)
        if car is not None:
            car.shown_in.discard(topic)
            self.unordered = True

    def outdate(self, topic: str) -> None:
        """A whole state of a topic comes: no car is shown in it until it names the car."""
        for number in self.cars:
            self.leave(number, topic)

    def _part_with(self, cars: list[Car]) -> None:
        for car in cars:
            del self.cars[car.number]
            del self.picture.cars[car.id]
        self.rank_best()

    def settle(self) -> Picture:
        """Bring the order up to date."""
        if self.unordered:
            self.unordered = False
            gone = [car for car in self.cars.values() if not car.shown_in]
            if gone:
                self._part_with(gone)
            cars = sorted(self.cars.values(), key=_place)
            self.picture.order[:] = [car.id for car in cars]
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


def _place(car: Car) -> tuple[int, int]:
    return car.place


def _best(car: Car) -> int:
    return car.timing.shown_best_us or 0
