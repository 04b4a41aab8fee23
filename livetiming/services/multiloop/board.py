"""The board of one run: its cars in their order."""

from __future__ import annotations

from livetiming.events import Picture
from livetiming.racing import CarState
from livetiming.services import CarIds
from livetiming.services.multiloop.car import Car, mark_sectors, mark_times
from livetiming.services.multiloop.records import Entry, Result
from livetiming.services.multiloop.roster import Roster


class Board:
    """Cars by number and entry, and their picture; order and marks are made when asked for."""

    def __init__(self) -> None:
        self._roster: Roster[Car] = Roster()
        self._ids = CarIds()
        self._picture = Picture({}, [], {})
        self._arrivals = 0
        self._unsettled = False
        self._sectors = 0
        self._fastest_us: dict[int, int | None] = {}

    @property
    def picture(self) -> Picture:
        """The picture as it is settled; the same object each time."""
        return self._picture

    def car(self, number: str, entry: str) -> Car | None:
        """The car of this number, new where there is none; `None` where two have it.

        Raises: `BadFrame` where the number can be no car id, or there are too many cars.
        """
        return (
            self._roster.find(number, entry)
            if self._roster.has(number)
            else self._add(number, entry)
        )

    def known(self, number: str, entry: str) -> Car | None:
        """The car of this number, if it is known."""
        return self._roster.find(number, entry)

    def entered(self, entry: str) -> Car | None:
        """The car of this entry, if it is known."""
        return self._roster.entered(entry)

    def _add(self, number: str, entry: str) -> Car:
        id_ = self._ids.of(number, self._arrivals)
        self._arrivals += 1
        car = Car(id_, number, entry, self._arrivals)
        self._roster.add(car)
        self._picture.cars[id_] = car.cells
        self._unsettled = True
        return car

    def enter(self, entry: Entry) -> None:
        """Take an `$E`."""
        car = self._roster.match(entry.number, entry.entry)
        if car is None:
            car = self._add(entry.number, entry.entry)
        self._roster.enter(car, entry.number, entry.entry)
        car.enter(entry)

    def stand(self, car: Car, result: Result) -> None:
        """Take a `$C`; of two with one place the later record's car is behind, until it moves."""
        car.stand(result)
        if result.rank is not None and result.rank != car.place[0]:
            self._arrivals += 1
            car.place = (result.rank, self._arrivals)
        self._unsettled = True

    def take_back(self, car: Car) -> None:
        """The last lap of a car does not count."""
        car.take_back()
        self._unsettled = True

    def complete(self, car: Car, sector: int, done_us: int, time_us: int | None) -> None:
        """A car completed a sector."""
        car.complete(sector, done_us, time_us)
        self._unsettled = True

    def restart(self) -> None:
        """The clock of the run begins anew."""
        for car in self._roster:
            car.restart()

    def go_on(self) -> None:
        """The chequered flag went in again: who had finished has not."""
        for car in self._roster:
            if car.state is CarState.FINISHED:
                car.cells["state"] = CarState.RUN

    def _show_sectors(self, sectors: int) -> None:
        self._sectors, self._unsettled = sectors, True
        for car in self._roster:
            car.show_sectors(sectors)

    def settle(self, sectors: int) -> Picture:
        """Bring order and marks up to date.

        Args:
            sectors: how many the track has.
        """
        if sectors != self._sectors:
            self._show_sectors(sectors)
        if self._unsettled:
            self._unsettled = False
            cars = sorted(self._roster, key=lambda car: car.place)
            self._picture.order[:] = [car.id for car in cars]
            mark_times(cars)
            mark_sectors(cars, self._fastest_us)
        return self._picture
