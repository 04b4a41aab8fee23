"""The cars of a live session: what the standings and the entries say of each, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from livetiming.events import Cell, Cells, Laps, Passed, Picture
from livetiming.racing import Mark
from livetiming.services import BadFrame, CarIds, Fact, Strange, marked, put
from livetiming.services.alkamel.gaps import Progress, best_gap, race_gap
from livetiming.services.alkamel.plain import fields_of, text_of
from livetiming.services.alkamel.standings import MAX_SECTORS, Standing

_Course = tuple[int | None, int | None, int | None]
"""Laps, when the last of them ended, and the best: what changes when a car crosses the line."""


class LiveCar:
    """A car; `cells` is what the host sees of it."""

    def __init__(self, id_: str, first: Standing) -> None:
        self.id = id_
        self.cells: Cells = {"num": first.number}
        self.standing = first
        self.progress = Progress()
        self._laps_before = first.laps
        self._told: dict[int, tuple[int | None, int | None]] = {}
        """When each lap that was told had ended, and its time."""
        if first.laps is not None:
            self._told[first.laps] = first.lap_at, first.last_us
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
        """A lap is told once, also if it is taken back and shown again as it was; a lap that is
        driven in its place is another one.
        """
        laps, before = standing.laps, self._laps_before
        if laps is None:
            return
        self._laps_before, ended = laps, (standing.lap_at, standing.last_us)
        if before is not None and laps > before and self._told.get(laps) != ended:
            self._told[laps] = ended
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
        put(self.cells, "state", standing.state)
        put(self.cells, "laps", standing.laps)
        put(self.cells, "pits", standing.pits)
        for n in range(1, MAX_SECTORS + 1):
            put(self.cells, f"s{n}", _sector(standing, n))

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
        self._fastest: LiveCar | None = None
        self._numbered: dict[str, list[_Course]] = {}

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
        shown = []
        for standing, nth in zip(standings, self._nths(standings), strict=True):
            try:
                car = self._car(standing, nth)
            except BadFrame:
                strange.meet("car", standing.number)
                continue
            shown.append(car)
            yield from car.take(standing)
            self.sectors = max(self.sectors, *standing.current, *standing.previous, 0)
        if shown:
            self._shown = shown
            self._unsettled = True

    def _nths(self, standings: list[Standing]) -> list[int]:
        """Which car of its number each one is: of several the one that stands as it stood, and the
        others as they come, for the feed tells them apart by nothing.
        """
        places: dict[str, list[int]] = {}
        for place, standing in enumerate(standings):
            places.setdefault(standing.number, []).append(place)
        nths = [0] * len(standings)
        for number, of_number in places.items():
            known = self._numbered.setdefault(number, [])
            now = [_course(standings[place]) for place in of_number]
            for place, nth in zip(of_number, _matched(known, now), strict=True):
                nths[place] = nth
                known[nth : nth + 1] = [_course(standings[place])]
        return nths

    def _car(self, standing: Standing, nth: int) -> LiveCar:
        id_ = self._ids.of(standing.number, nth)
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
            self._tell_bests(cars)
            laps = None if self._by_best_lap else cars[0].standing.laps
            put(self.picture.session, "laps", laps)
        return self.picture

    def _tell_gaps(self, cars: list[LiveCar]) -> None:
        self._chain(cars, "gap", "int")
        classes: dict[str, list[LiveCar]] = {}
        for car in cars:
            classes.setdefault(str(car.cells.get("class", "")), []).append(car)
        for name, members in classes.items():
            for place, car in enumerate(members, start=1):
                put(car.cells, "pic", place if name else None)
            if name:
                self._chain(members, "class_gap", "class_int")

    def _chain(self, cars: list[LiveCar], to_first: str, to_next: str) -> None:
        by_best_lap = self._by_best_lap
        for place, car in enumerate(cars):
            first, ahead = cars[0], cars[place - 1]
            gap = car.gap(first, by_best_lap=by_best_lap) if place else None
            put(car.cells, to_first, gap)
            gap = car.gap(ahead, by_best_lap=by_best_lap) if place else None
            put(car.cells, to_next, gap)

    def _tell_bests(self, cars: list[LiveCar]) -> None:
        """Of two equal session bests the one that was there first is marked."""
        before = self._fastest
        timed = [(us, car is not before, car) for car in cars if (us := car.standing.best_us)]
        self._fastest = min(timed, key=itemgetter(0, 1))[2] if timed else None
        for car in cars:
            standing, is_fastest = car.standing, car is self._fastest
            is_best = standing.last_us == standing.best_us
            mark = Mark.PB if is_best or standing.is_last_best else None
            mark = Mark.SB if is_best and is_fastest else mark
            put(car.cells, "best", marked(standing.best_us, Mark.SB if is_fastest else None))
            put(car.cells, "last", marked(standing.last_us, mark))


def _course(standing: Standing) -> _Course:
    return standing.laps, standing.lap_at, standing.best_us


def _matched(known: list[_Course], now: list[_Course]) -> list[int]:
    """For each course of now the place of the same one among the known; the others in order."""
    free = list(range(max(len(known), len(now))))
    if len(free) == 1:
        return [0]
    found: list[int | None] = []
    for course in now:
        same = next((nth for nth in free if nth < len(known) and known[nth] == course), None)
        if same is not None:
            free.remove(same)
        found.append(same)
    return [free.pop(0) if nth is None else nth for nth in found]
