"""One car of a Multiloop feed: its cells, and what the next record is compared with."""

from __future__ import annotations

from typing import TypeVar

from livetiming.events import Cells, Laps
from livetiming.racing import CarState, Mark
from livetiming.services.multiloop.records import Entry, Result

Value = TypeVar("Value")

NOWHERE = 10**9
"""The place of a car that has none yet: behind all others."""
_WORDS = (
    (CarState.NOT_STARTED, ("dns", "not started")),
    (CarState.DISQUALIFIED, ("dq", "dsq", "disqualified")),
    (CarState.RETIRED, ("dnf", "retired", "mechanical", "contact", "out")),
)
"""What a word about a car means; others, such as `Active`, `Unknown`, say nothing of their own."""


class Car:
    """What is known of one car; `cells` is what the host sees of it.

    Args:
        id_: its id.
        number: its number.
        entry: the identifier of its entry.
        arrival: how many cars came before.
    """

    def __init__(self, id_: str, number: str, entry: str, arrival: int) -> None:
        self.id = id_
        self.number = number
        self.entry = entry
        self.is_entered = False
        self.cells: Cells = {"num": number}
        self.place = (NOWHERE, arrival)
        self.laps: int | None = None
        self.total_us: int | None = None
        self.best_us: int | None = None
        self.last_us: int | None = None
        self.sectors_us: dict[int, int] = {}
        self.best_sectors_us: dict[int, int] = {}
        self.done: set[int] = set()
        self.changed: set[int] = set()
        """Sectors whose cells are not up to date."""
        self.done_us: dict[int, int] = {}
        self.is_over = False
        self._entered_driver = ""

    def put(self, column: str, value: Value | None) -> None:
        """Set a cell, or clear it."""
        if value is None:
            self.cells.pop(column, None)
        else:
            self.cells[column] = value  # type: ignore[assignment]

    @property
    def state(self) -> CarState | None:
        """What it does; `None` where the feed has not shown it."""
        value = self.cells.get("state")
        return value if isinstance(value, CarState) else None

    def enter(self, entry: Entry) -> None:
        """Take an `$E`: its first own field is the class, the second the car if it is in words.

        One that is said again does not undo a change of drivers.
        """
        self.put("num", entry.number)
        self.put("grid", entry.grid)
        if entry.driver != self._entered_driver:
            self._entered_driver = entry.driver
            self.put("driver", entry.driver or None)
        class_, model = (*entry.fields, "", "")[:2]
        self.put("class", class_ or None)
        self.put("car", model if any(letter.isalpha() for letter in model) else None)

    def stand(self, result: Result) -> None:
        """Take a `$C`, which says all of it anew."""
        self.laps, self.total_us = result.laps, result.total_us
        self.last_us, self.best_us = result.last_us, result.best_us
        self.put("laps", result.laps)
        self.put("pits", result.pits)
        if result.grid is not None:
            self.put("grid", result.grid)
        is_first = result.rank in (None, 1)
        self.put("gap", None if is_first else _gap(result.gap_us, result.gap_laps))
        self.put("int", None if is_first else _gap(result.int_us, result.int_laps))
        self._take_word(result.status)

    def _take_word(self, status: str) -> None:
        word = status.lower()
        found = next((state for state, words in _WORDS if word in words), None)
        self.is_over = found is not None
        if found is not None:
            self.cells["state"] = found
        elif self.state in (CarState.NOT_STARTED, CarState.DISQUALIFIED, CarState.RETIRED):
            del self.cells["state"]

    def move(self, state: CarState) -> None:
        """It was seen on the track or in the pits; one that is out of the race stays so."""
        if not self.is_over and self.state is not CarState.FINISHED:
            self.cells["state"] = state

    def take_back(self) -> None:
        """The last lap does not count; said twice, there is no such lap any more."""
        self.last_us = self.total_us = None
        if self.laps:
            self.laps -= 1
            self.put("laps", self.laps)

    def complete(self, sector: int, done_us: int, time_us: int | None) -> None:
        """A sector is done: the first of a lap makes those of the lap before old ones.

        What is said again may correct the time; what was done before it is history.
        """
        before_us = self.done_us.get(sector)
        if before_us is not None and done_us < before_us:
            return
        if done_us != before_us:
            self.done_us[sector] = done_us
            self._begin_or_go_on(sector)
        self.changed.add(sector)
        if time_us is None:
            self.sectors_us.pop(sector, None)
            return
        self.sectors_us[sector] = time_us
        best_us = self.best_sectors_us.get(sector, time_us)
        self.best_sectors_us[sector] = min(best_us, time_us)

    def _begin_or_go_on(self, sector: int) -> None:
        if self.done and sector <= max(self.done):
            self.changed |= self.done
            self.done = set()
        self.done.add(sector)

    def show_sectors(self, count: int) -> None:
        """The track has but so many: what stands in others goes."""
        for number in [n for n in self.best_sectors_us if n > count]:
            del self.best_sectors_us[number]
            self.sectors_us.pop(number, None)
            self.changed.add(number)

    def restart(self) -> None:
        """The clock of the run begins anew."""
        self.total_us = None
        self.done_us = {}


def _gap(time_us: int, laps: int) -> int | Laps | None:
    return Laps(laps) if laps > 0 else time_us or None


def mark_times(cars: list[Car]) -> None:
    """Say what each lap is worth: the fastest of all, the fastest of its car."""
    fastest_us = min((car.best_us for car in cars if car.best_us), default=None)
    for car in cars:
        best_us, last_us = car.best_us, car.last_us
        is_fastest = best_us is not None and best_us == fastest_us
        best_mark = Mark.SB if is_fastest else None
        car.put("best", _marked(best_us, best_mark))
        is_best = last_us is not None and last_us == best_us
        car.put("last", _marked(last_us, (best_mark or Mark.PB) if is_best else None))


def mark_sectors(cars: list[Car], fastest_us: dict[int, int | None]) -> None:
    """Say what each sector time is worth that changed; one of the lap before is old.

    Args:
        cars: all of them.
        fastest_us: the best time in each sector as it was the last time; is brought up to date.
    """
    for sector in sorted({sector for car in cars for sector in car.changed}):
        times = [car.best_sectors_us[sector] for car in cars if sector in car.best_sectors_us]
        best_us = min(times, default=None)
        is_faster = fastest_us.get(sector) != best_us
        fastest_us[sector] = best_us
        for car in cars:
            if is_faster or sector in car.changed:
                _mark_sector(car, sector, best_us)
    for car in cars:
        car.changed.clear()


def _mark_sector(car: Car, sector: int, fastest_us: int | None) -> None:
    mark = _sector_mark(car, sector, fastest_us)
    car.put(f"s{sector}", _marked(car.sectors_us.get(sector), mark))


def _sector_mark(car: Car, sector: int, fastest_us: int | None) -> Mark | None:
    time_us = car.sectors_us.get(sector)
    if sector not in car.done:
        return Mark.OLD
    if time_us == fastest_us:
        return Mark.SB
    return Mark.PB if time_us == car.best_sectors_us.get(sector) else None


def _marked(time_us: int | None, mark: Mark | None) -> int | tuple[int, Mark] | None:
    return (time_us, mark) if time_us is not None and mark is not None else time_us
