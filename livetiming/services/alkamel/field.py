"""The cars of a lap-by-lap file: what is known of each, their order, their gaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from livetiming.events import Cell, Cells, Laps, Picture
from livetiming.racing import CarState, Mark
from livetiming.services import CarIds
from livetiming.services.alkamel.bests import Best, fastest, marked
from livetiming.services.alkamel.gaps import Progress, best_gap, race_gap
from livetiming.services.alkamel.rows import SECTORS, Lap

TIMED = ("lap", *(f"s{n}" for n in SECTORS))
_NOWHERE_US = 10**15
_FINISHED = "FF"
Value = TypeVar("Value")
Gap = Callable[["Car", "Car"], int | Laps | None]


class Crossing(NamedTuple):
    """What is kept of each lap."""

    lap_us: int | None
    total_us: int | None
    in_pit: bool


class Car:
    """A car; `cells` is what the host sees of it."""

    def __init__(self, id_: str, arrival: int, first: Lap) -> None:
        self.id = id_
        self.arrival = arrival
        self.cells: Cells = {}
        self.latest = first
        self.crossings: dict[int, Crossing] = {}
        self.pits = 0
        self.progress = Progress()
        self.bests = {name: Best() for name in TIMED}

    def take(self, lap: Lap, since: int) -> bool:
        """Take a row.

        Args:
            lap: what it says.
            since: how many rows were read before it.
        Returns: whether it is of a lap that was not known.
        """
        known = self.crossings.get(lap.lap)
        self.crossings[lap.lap] = Crossing(lap.lap_us, lap.total_us, lap.in_pit)
        self.pits += lap.in_pit - (known is not None and known.in_pit)
        if lap.total_us is not None:
            self.progress.complete(lap.lap, lap.total_us)
        for name in TIMED:
            counts = lap.lap > 1 or name not in ("lap", "s1")
            self.bests[name].offer(lap.timed[name], lap.lap, since, counts=counts)
        if lap.lap >= self.latest.lap:
            self.latest = lap
            self._show(lap)
        _put(self.cells, "pits", self.pits)
        return known is None

    def _show(self, lap: Lap) -> None:
        shown: dict[str, Cell | None] = {
            "num": lap.number,
            "state": _state(lap),
            "class": lap.class_,
            "group": lap.group,
            "team": lap.team,
            "driver": lap.driver,
            "car": lap.manufacturer,
            "laps": lap.lap,
            "speed": lap.top_kmh,
            "kph": lap.kph,
        }
        for column, value in shown.items():
            if value or column not in ("class", "group", "team", "driver", "car"):
                _put(self.cells, column, value)
        if lap.pit_us is not None:
            self.cells["pit_time"] = lap.pit_us
        top = self.cells.get("best_speed")
        if lap.top_kmh is not None and (not isinstance(top, float) or top < lap.top_kmh):
            self.cells["best_speed"] = lap.top_kmh

    def place_in_race(self) -> tuple[int, int, int]:
        """Most laps first, then who completed them first."""
        total_us = self.latest.total_us
        return -self.latest.lap, _NOWHERE_US if total_us is None else total_us, self.arrival

    def place_by_best(self) -> tuple[int, int]:
        """The fastest first."""
        best = self.bests["lap"]
        return (_NOWHERE_US, self.arrival) if best.time_us is None else (best.time_us, best.since)


def _state(lap: Lap) -> CarState:
    """A file does not say when a car leaves the pits; it has when it crosses the line again."""
    if lap.flag == _FINISHED:
        return CarState.FINISHED
    return CarState.PIT if lap.in_pit else CarState.RUN


class Field:
    """All cars of a session.

    Args:
        by_best_lap: whether the order is that of the best laps.
    """

    def __init__(self, *, by_best_lap: bool) -> None:
        self._by_best_lap = by_best_lap
        self._ids = CarIds()
        self._cars: dict[str, Car] = {}
        self._by_number: dict[str, Car] = {}
        self._rows = 0
        self._unsettled = False
        self.picture = Picture({}, [], {})

    def take(self, lap: Lap) -> str | None:
        """Take a row.

        Returns: the car, where this lap of it was not known.
        Raises: `BadFrame` where the car can have no id.
        """
        car = self._car(lap)
        self._rows += 1
        self._unsettled = True
        return car.id if car.take(lap, self._rows) else None

    def _car(self, lap: Lap) -> Car:
        """Two teams may have one number; a row without a team is of the car that had it last."""
        known = self._by_number.get(lap.number)
        if known is not None and not lap.team:
            return known
        id_ = self._ids.of(lap.number, (lap.class_, lap.team))
        car = self._cars.get(id_)
        if car is None:
            car = self._cars[id_] = Car(id_, len(self._cars), lap)
            self.picture.cars[id_] = car.cells
        self._by_number[lap.number] = car
        return car

    def settle(self) -> Picture:
        """Bring order, gaps and marks up to date."""
        if self._unsettled:
            self._unsettled = False
            place = Car.place_by_best if self._by_best_lap else Car.place_in_race
            cars: list[Car] = sorted(self._cars.values(), key=place)
            self.picture.order[:] = [car.id for car in cars]
            self._tell_gaps(cars)
            self._tell_bests(cars)
            _put(self.picture.session, "laps", None if self._by_best_lap else cars[0].latest.lap)
        return self.picture

    def _tell_gaps(self, cars: list[Car]) -> None:
        gap = _best_gap if self._by_best_lap else _race_gap
        _chain(cars, "gap", "int", gap)
        classes: dict[str, list[Car]] = {}
        for car in cars:
            classes.setdefault(str(car.cells.get("class", "")), []).append(car)
        for name, members in classes.items():
            for place, car in enumerate(members, start=1):
                _put(car.cells, "pic", place if name else None)
            _chain(members if name else [], "class_gap", "class_int", gap)

    def _tell_bests(self, cars: list[Car]) -> None:
        for name in TIMED:
            best_of_all = fastest(car.bests[name] for car in cars)
            last_column, best_column = ("last", "best") if name == "lap" else (name, f"b{name}")
            for car in cars:
                best, latest = car.bests[name], car.latest
                mark = best.mark(latest.lap, is_fastest=best is best_of_all)
                _put(car.cells, last_column, marked(latest.timed[name].time_us, mark))
                mark = Mark.SB if best is best_of_all else None
                _put(car.cells, best_column, marked(best.time_us, mark))


def _chain(cars: list[Car], to_first: str, to_next: str, gap: Gap) -> None:
    for place, car in enumerate(cars):
        _put(car.cells, to_first, gap(car, cars[0]) if place else None)
        _put(car.cells, to_next, gap(car, cars[place - 1]) if place else None)


def _race_gap(car: Car, ahead: Car) -> int | Laps | None:
    return race_gap(car.latest.lap, car.latest.total_us, ahead.progress)


def _best_gap(car: Car, ahead: Car) -> int | None:
    return best_gap(car.bests["lap"].time_us, ahead.bests["lap"].time_us)


def _put(cells: dict[str, Value], column: str, value: Value | None) -> None:
    if value is None or value == "":
        cells.pop(column, None)
    else:
        cells[column] = value
