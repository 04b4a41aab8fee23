"""The cars of a live session: what the standings and the entries say of each, and what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from livetiming.events import Cell, Cells, Laps, Passed, Picture
from livetiming.racing import Mark
from livetiming.services import BadFrame, CarIds, Fact, Strange
from livetiming.services.alkamel.gaps import Progress, best_gap, race_gap
from livetiming.services.alkamel.plain import fields_of, text_of
from livetiming.services.alkamel.standings import MAX_SECTORS, Standing

Value = TypeVar("Value")


class LiveCar:
    """A car; `cells` is what the host sees of it."""

    def __init__(self, id_: str, first: Standing) -> None:
        self.id = id_
        self.cells: Cells = {"num": first.number}
        self.standing = first
        self.progress = Progress()
        self._told = first.laps
        self._in_pit = first.in_pit

    def take(self, standing: Standing) -> Iterator[Fact]:
        """Take what the standings say of it now.

        Returns: the crossings that this shows; a car that was not known has made none.
        """
        was_in_pit, self.standing = self._in_pit, standing
        if standing.in_pit is not None:
            self._in_pit = standing.in_pit
        self._note_progress(standing)
        self._show(standing)
        if self._in_pit and was_in_pit is False:
            yield Fact(Passed(car=self.id, line="pit_in"))
        yield from self._laps(standing, in_pit=bool(was_in_pit or self._in_pit))
        if was_in_pit and self._in_pit is False:
            yield Fact(Passed(car=self.id, line="pit_out"))

    def _laps(self, standing: Standing, *, in_pit: bool) -> Iterator[Fact]:
        """A lap is told once, also if it is taken back and counted again."""
        laps, told = standing.laps, self._told
        if laps is None or (told is not None and laps <= told):
            return
        self._told = laps
        if told is not None:
            line = "finish_pit" if in_pit else "finish"
            passed = Passed(car=self.id, line=line, lap=laps, lap_us=standing.last_us)
            yield Fact(passed, standing.lap_at)

    def _note_progress(self, standing: Standing) -> None:
        if standing.laps is None or standing.lap_at is None:
            return
        self.progress.take_back(standing.laps)
        began_us = standing.lap_at * 1000
        if standing.laps > 1 and standing.last_us and not self.progress.total_at(standing.laps - 1):
            self.progress.complete(standing.laps - 1, began_us - standing.last_us)
        if standing.laps > 0:
            self.progress.complete(standing.laps, began_us)

    def _show(self, standing: Standing) -> None:
        _put(self.cells, "state", standing.state)
        _put(self.cells, "laps", standing.laps)
        _put(self.cells, "pits", standing.pits)
        for n in range(1, MAX_SECTORS + 1):
            _put(self.cells, f"s{n}", _sector(standing, n))

    def name(self, entry: dict[str, Any]) -> None:
        """Take what the entry list says of it; what it leaves out stays."""
        names = (text_of(entry.get("firstname")), text_of(entry.get("lastname")))
        shown = {
            "class": text_of(entry.get("class")),
            "team": text_of(entry.get("team")),
            "driver": text_of(entry.get("name")) or " ".join(filter(None, names)),
            "car": text_of(entry.get("vehicle")),
        }
        self.cells.update({column: text for column, text in shown.items() if text})

    def gap(self, ahead: LiveCar, *, by_best_lap: bool) -> int | Laps | None:
        """The gap to a car ahead of it."""
        mine, other = self.standing, ahead.standing
        if by_best_lap:
            return best_gap(mine.best_us, other.best_us)
        total_us = self.progress.total_at(mine.laps or 0)
        return race_gap(mine.laps or 0, total_us, ahead.progress)


def _sector(standing: Standing, n: int) -> Cell | None:
    """Of the lap that the car is on; until then of the one before, which is marked as old."""
    timed = standing.current.get(n)
    if timed is None:
        before = standing.previous.get(n)
        return None if before is None else (before[0], Mark.OLD)
    time_us, mark = timed
    return time_us if mark is None else (time_us, mark)


class LiveCars:
    """All cars of a session.

    Args:
        by_best_lap: whether the order is that of the best laps.
    """

    def __init__(self, *, by_best_lap: bool) -> None:
        self._by_best_lap = by_best_lap
        self._ids = CarIds()
        self._cars: dict[str, LiveCar] = {}
        self._shown: list[LiveCar] = []
        self._entries: dict[str, Any] = {}
        self._unsettled = False
        self.sectors = 3
        """How many the track has, as far as was seen."""
        self.picture = Picture({}, [], {})

    def rank(self, *, by_best_lap: bool) -> None:
        """Set what the order is that of."""
        self._by_best_lap = by_best_lap
        self._unsettled = True

    def take(self, standings: list[Standing], strange: Strange) -> Iterator[Fact]:
        """Take the standings: cars that are not in them have left.

        Args:
            standings: of all cars, first place first; of none means nothing.
            strange: told of a car that can have no id.
        Returns: the crossings that they show.
        """
        counts: Counter[str] = Counter()
        shown = []
        for standing in standings:
            counts[standing.number] += 1
            try:
                car = self._car(standing, counts[standing.number])
            except BadFrame:
                strange.meet("car", standing.number)
                continue
            shown.append(car)
            yield from car.take(standing)
            self.sectors = max(self.sectors, *standing.current, *standing.previous, 0)
        if shown:
            self._shown = shown
            self._unsettled = True

    def _car(self, standing: Standing, occurrence: int) -> LiveCar:
        id_ = self._ids.of(standing.number, occurrence)
        if id_ not in self._cars:
            self._cars[id_] = LiveCar(id_, standing)
            self._name(self._cars[id_])
        return self._cars[id_]

    def enter(self, entries: dict[str, Any]) -> None:
        """Take the entry list, by car number."""
        self._entries = entries
        for car in self._cars.values():
            self._name(car)
        self._unsettled = True

    def _name(self, car: LiveCar) -> None:
        car.name(fields_of(self._entries.get(car.standing.number)))

    def settle(self) -> Picture:
        """Bring order, gaps and marks up to date."""
        if self._unsettled and self._shown:
            self._unsettled = False
            cars = self._shown
            self.picture.cars = {car.id: car.cells for car in cars}
            self.picture.order = [car.id for car in cars]
            self._tell_gaps(cars)
            _tell_bests(cars)
            laps = None if self._by_best_lap else cars[0].standing.laps
            _put(self.picture.session, "laps", laps)
        return self.picture

    def _tell_gaps(self, cars: list[LiveCar]) -> None:
        self._chain(cars, "gap", "int")
        classes: dict[str, list[LiveCar]] = {}
        for car in cars:
            classes.setdefault(str(car.cells.get("class", "")), []).append(car)
        for name, members in classes.items():
            for place, car in enumerate(members, start=1):
                _put(car.cells, "pic", place if name else None)
            if name:
                self._chain(members, "class_gap", "class_int")

    def _chain(self, cars: list[LiveCar], to_first: str, to_next: str) -> None:
        by_best_lap = self._by_best_lap
        for place, car in enumerate(cars):
            first, ahead = cars[0], cars[place - 1]
            gap = car.gap(first, by_best_lap=by_best_lap) if place else None
            _put(car.cells, to_first, gap)
            gap = car.gap(ahead, by_best_lap=by_best_lap) if place else None
            _put(car.cells, to_next, gap)


def _tell_bests(cars: list[LiveCar]) -> None:
    fastest_us = min((car.standing.best_us for car in cars if car.standing.best_us), default=None)
    for car in cars:
        standing = car.standing
        is_fastest = standing.best_us is not None and standing.best_us == fastest_us
        is_best = standing.last_us == standing.best_us
        mark = Mark.PB if is_best or standing.is_last_best else None
        mark = Mark.SB if is_best and is_fastest else mark
        _put(car.cells, "best", _marked(standing.best_us, Mark.SB if is_fastest else None))
        _put(car.cells, "last", _marked(standing.last_us, mark))


def _marked(time_us: int | None, mark: Mark | None) -> Cell | None:
    if time_us is None or mark is None:
        return time_us
    return time_us, mark


def _put(cells: dict[str, Value], column: str, value: Value | None) -> None:
    if value is None:
        cells.pop(column, None)
    else:
        cells[column] = value
