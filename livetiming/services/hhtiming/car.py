"""One car of an HH Timing feed: its cells, and what the next message is compared with."""

from __future__ import annotations

from typing import TypeVar

from livetiming.events import Cells
from livetiming.racing import CarState, Mark

Value = TypeVar("Value")
Point = tuple[int, int]
"""How far a car has come: laps completed, and lines of the next one crossed."""

_REMEMBERED = 400
"""Points that are remembered for the gaps of those who come to them later."""


class Car:
    """What is known of one car; `cells` is what the host sees of it.

    Args:
        key: the feed's own for it.
        arrival: how many came before.
    """

    def __init__(self, key: str, arrival: int) -> None:
        self.key = key
        self.number = key
        self.arrival = arrival
        self.id: str | None = None
        """`None` until an entry names it: course cars have none, and are not shown."""
        self.cells: Cells = {}
        self.laps: int | None = None
        self.last_us: int | None = None
        self.best_us: int | None = None
        self.in_pit = False
        self.is_out_lap = False
        self.has_run = False
        self.has_finished = False
        self.pit_us: int | None = None
        self.pits: int | None = None
        self.crossed_us: int | None = None
        """Session time of a crossing of the finish line whose lap has not been counted yet."""
        self.point: Point = (0, 0)
        self.passages_us: dict[Point, int] = {}
        self.lines_us: dict[str, int] = {}
        self.sectors_us: dict[int, int] = {}
        self.bests_us: dict[int, int] = {}
        self.done: set[int] = set()
        self.changed: set[int] = set()
        """Sectors whose cells are not up to date."""

    def put(self, column: str, value: Value | None) -> None:
        """Set a cell, or clear it."""
        if value is None:
            self.cells.pop(column, None)
        else:
            self.cells[column] = value  # type: ignore[assignment]

    def show_state(self) -> None:
        """What it does now; nothing where nothing was shown."""
        if self.has_finished:
            self.cells["state"] = CarState.FINISHED
        elif self.is_out_lap:
            self.cells["state"] = CarState.OUT
        elif self.in_pit:
            self.cells["state"] = CarState.PIT
        elif self.has_run:
            self.cells["state"] = CarState.RUN

    def run(self) -> None:
        """It crossed a line on the track."""
        self.in_pit, self.has_run = False, True
        self.show_state()

    def enter_pits(self) -> bool:
        """It enters the pit lane.

        Returns: whether that is news.
        """
        if self.in_pit:
            return False
        self.in_pit, self.is_out_lap = True, False
        self.pits = (self.pits or 0) + 1
        self.put("pits", self.pits)
        self.show_state()
        return True

    def leave_pits(self) -> bool:
        """It leaves the pit lane.

        Returns: whether that is news.
        """
        if self.is_out_lap:
            return False
        self.in_pit, self.is_out_lap, self.has_run = False, True, True
        self.show_state()
        return True

    def set_laps(self, laps: int) -> None:
        """Laps completed, up or down; one more ends with the crossing that was told last."""
        before = self.laps
        if laps != before:
            self.laps = laps
            self.put("laps", laps)
            self.point = (laps, 0)
        if self.crossed_us is not None and (before is None or laps > before):
            self.reach((laps, 0), self.crossed_us)
            self.crossed_us = None

    def restart(self) -> None:
        """The session clock begins anew: what it timed cannot be compared with what comes."""
        self.crossed_us = self.pit_us = None
        self.passages_us = {}

    def reach(self, point: Point, at_us: int) -> None:
        """It has come so far at a time; times of equal lines are of one clock."""
        self.point = max(self.point, point)
        self.passages_us[point] = at_us
        if len(self.passages_us) > _REMEMBERED:
            del self.passages_us[next(iter(self.passages_us))]

    def complete(self, sector: int, time_us: int | None, *, is_again: bool) -> None:
        """A sector is done: the first of a lap makes those of the lap before old ones.

        Args:
            sector: its number, from 1.
            time_us: how long it took.
            is_again: whether that was told before, perhaps with another time.
        """
        if not is_again:
            self._begin_or_go_on(sector)
        self.changed.add(sector)
        if time_us is None:
            self.sectors_us.pop(sector, None)
            return
        self.sectors_us[sector] = time_us
        self.bests_us[sector] = min(self.bests_us.get(sector, time_us), time_us)

    def set_best(self, sector: int, time_us: int) -> None:
        """The best time in a sector, as the feed tells it."""
        self.bests_us[sector] = time_us
        self.changed.add(sector)

    def _begin_or_go_on(self, sector: int) -> None:
        if self.done and sector <= max(self.done):
            self.changed |= self.done
            self.done = set()
        self.done.add(sector)

    def show_sectors(self, count: int) -> None:
        """The track has but so many: what stands in others goes."""
        for number in [n for n in self.bests_us if n > count]:
            del self.bests_us[number]
            self.sectors_us.pop(number, None)
            self.changed.add(number)


def mark_times(cars: list[Car]) -> None:
    """Say what each lap is worth: the fastest of all, the fastest of its car."""
    fastest_us = min((car.best_us for car in cars if car.best_us), default=None)
    for car in cars:
        is_fastest = car.best_us is not None and car.best_us == fastest_us
        best_mark = Mark.SB if is_fastest else None
        car.put("best", _marked(car.best_us, best_mark))
        is_best = car.last_us is not None and car.last_us == car.best_us
        car.put("last", _marked(car.last_us, (best_mark or Mark.PB) if is_best else None))


def mark_sectors(cars: list[Car], fastest_us: dict[int, int | None]) -> None:
    """Say what each sector time is worth that changed; one of the lap before is old.

    Args:
        cars: all of them.
        fastest_us: the best time in each sector as it was the last time; is brought up to date.
    """
    for sector in sorted({sector for car in cars for sector in car.changed}):
        times = [car.bests_us[sector] for car in cars if sector in car.bests_us]
        best_us = min(times, default=None)
        is_faster = fastest_us.get(sector) != best_us
        fastest_us[sector] = best_us
        for car in cars:
            if is_faster or sector in car.changed:
                _mark_sector(car, sector, best_us)
    for car in cars:
        car.changed.clear()


def _mark_sector(car: Car, sector: int, fastest_us: int | None) -> None:
    best_us = car.bests_us.get(sector)
    is_fastest = best_us == fastest_us
    car.put(f"bs{sector}", _marked(best_us, Mark.SB if is_fastest else None))
    mark = _sector_mark(car, sector, fastest_us)
    car.put(f"s{sector}", _marked(car.sectors_us.get(sector), mark))


def _sector_mark(car: Car, sector: int, fastest_us: int | None) -> Mark | None:
    time_us = car.sectors_us.get(sector)
    if sector not in car.done:
        return Mark.OLD
    if time_us == fastest_us:
        return Mark.SB
    return Mark.PB if time_us == car.bests_us.get(sector) else None


def _marked(time_us: int | None, mark: Mark | None) -> int | tuple[int, Mark] | None:
    return (time_us, mark) if time_us is not None and mark is not None else time_us
