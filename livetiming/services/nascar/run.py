"""All that belongs to one session, and ends with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from livetiming.events import Passed
from livetiming.services import BadFrame, Fact, Strange, ValueClock
from livetiming.services.nascar.board import Board
from livetiming.services.nascar.car import Car
from livetiming.services.nascar.fields import MAX_WHOLE
from livetiming.services.nascar.flags import CHEQUERED, FLAGS, OVER, RED, STARTED
from livetiming.services.nascar.race_time import RaceTime
from livetiming.services.nascar.roster import Driver, Roster
from livetiming.services.nascar.stops import Stop

_AGAIN = STARTED - {2, RED, CHEQUERED}
"""Under these nobody has finished; after the flag of 2023 came a yellow one."""


class Run:
    """One session.

    Args:
        is_race: whether it is a race.
        strange: told of flags that we do not know.
    """

    def __init__(self, *, is_race: bool, strange: Strange) -> None:
        self.board = Board(is_race=is_race)
        self.roster = Roster()
        self.time = RaceTime()
        self.clock = ValueClock(1)
        self.elapsed_us: int | None = None
        """By the live feed."""
        self._strange = strange

    def enter(
        self, number: str, driver: Driver, name: str, shown: Collection[Driver]
    ) -> Car | None:
        """A car that a document shows; `None`, and told, where there can be none like it.

        Args: see `Roster.enter`.
        """
        try:
            car = self.board.car(self.roster.enter(number, driver, name, shown))
        except BadFrame as error:
            self._strange.meet("car", f"{number} ({error})")
            return None
        car.number, car.driver = number, name
        return car

    def show_flag(self, code: int | None) -> None:
        """Take a flag; one that we do not know is told, and the one before stays."""
        if code is None or code not in FLAGS:
            self._strange.meet("flag", str(code))
            return
        self.board.code = code
        self.board.picture.session["flag"] = FLAGS[code]
        if code in _AGAIN:
            for car in self.board.cars.values():
                car.has_finished = False

    def finish(self, car: Car, *, had_flag: bool, crossed: bool, limit: int | None) -> None:
        """Under the chequered flag a car has finished once it has crossed the line."""
        if not self.board.is_race or not car.laps:
            return
        has_crossed = (had_flag and crossed) or (limit is not None and car.laps >= limit)
        if self.board.code == OVER or (self.is_under_chequered() and has_crossed):
            car.has_finished = True

    def is_under_chequered(self) -> bool:
        """Whether the flag has fallen."""
        return self.board.code == CHEQUERED

    def laps(self, crossings: Iterable[Passed]) -> Iterator[Fact]:
        """Crossings of the line, with their instants where those are known."""
        for passed in crossings:
            total_us = passed.total_us
            yield Fact(passed, None if total_us is None else self.time.instant(total_us))

    def stop(self, car: Car, stop: Stop) -> Iterator[Fact]:
        """Take a stop of a car, and tell of the crossings that are new."""
        for line, race_us in car.stops.take(stop):
            passed = Passed(car.id, line, total_us=race_us)
            yield Fact(passed, self.time.instant(race_us))

    def set(self, field: str, value: int | str | None) -> None:
        """Set a field of the session, or take it away."""
        session = self.board.picture.session
        if value is None or (isinstance(value, int) and value > MAX_WHOLE):
            session.pop(field, None)
        else:
            session[field] = value
