"""What both forms of the feed act upon: the session that is open, its cars and its flag."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Passed, Picture
from livetiming.racing import Flag
from livetiming.services import Fact, SessionSeen, Update
from livetiming.services.hhtiming.board import Board
from livetiming.services.hhtiming.car import Car
from livetiming.services.hhtiming.crossings import Crossings, Lap
from livetiming.services.hhtiming.sessions import Session


class Scene:
    """A session and its board."""

    def __init__(self) -> None:
        self.session = Session()
        self._said: SessionSeen | None = None
        self._open()

    def _open(self) -> None:
        self.board = Board(by_best_lap=self.session.is_by_best_lap)
        self.crossings = Crossings()
        self.flag = Flag.NONE

    @property
    def picture(self) -> Picture:
        """The board now."""
        return self.board.settle(self.session.sectors)

    def describe(self) -> Iterator[SessionSeen]:
        """Say what the session is, if that is news."""
        described = self.session.described()
        if described != self._said:
            self._said = described
            self.board.rank(by_best_lap=self.session.is_by_best_lap)
            yield described

    def begin(self, at: int) -> Iterator[Update]:
        """The session has got a new key: the board was that of the one before."""
        yield from self.crossings.end(at)
        self._said = self.session.described()
        yield self._said
        self._open()

    def restart(self) -> None:
        """The session clock begins anew: times since the start are no longer those before."""
        self.crossings.restart()
        self.board.restart()

    def show(self, flag: Flag) -> None:
        """Take the flag; the chequered one may go in again."""
        if self.flag is Flag.CHEQUERED and flag not in (Flag.CHEQUERED, Flag.NONE):
            self.board.go_on()
        self.flag = flag
        self.board.picture.session["flag"] = flag

    def cross(self, car: Car, lap: Lap, at: int) -> Iterator[Update]:
        """A car crossed the finish line."""
        if self.crossings.is_history(car, lap):
            return
        yield from self.crossings.cross(car, lap, at)
        self.stand(car, lap)
        car.is_out_lap, car.has_run = False, True
        car.has_finished = car.has_finished or self.flag is Flag.CHEQUERED
        car.show_state()

    def stand(self, car: Car, lap: Lap) -> None:
        """Take laps and the last lap, up or down."""
        if lap.total_us is not None:
            car.crossed_us = lap.total_us
        if lap.laps is not None:
            car.set_laps(lap.laps)
        if lap.lap_us is not None:
            car.last_us = lap.lap_us
        self.board.touch()

    def pit_in(self, car: Car, total_us: int | None = None) -> Iterator[Fact]:
        """A car entered the pit lane; said again, or late, it is no news."""
        if not _is_history(car, total_us) and car.enter_pits() and car.id is not None:
            yield Fact(Passed(car.id, "pit_in", total_us=total_us))

    def pit_out(self, car: Car, total_us: int | None = None) -> Iterator[Fact]:
        """A car left the pit lane, likewise."""
        if not _is_history(car, total_us) and car.leave_pits() and car.id is not None:
            yield Fact(Passed(car.id, "pit_out", total_us=total_us))

    def speed(self, car: Car, kmh: float) -> Iterator[Update]:
        """A car was measured so fast."""
        car.put("speed", kmh)
        best = car.cells.get("best_speed")
        yield from self.best_speed(car, max(kmh, best) if isinstance(best, int | float) else kmh)

    def best_speed(self, car: Car, kmh: float) -> Iterator[Update]:
        """A car was at best so fast."""
        car.put("best_speed", kmh)
        self.session.has_speeds = True
        yield from self.describe()


def _is_history(car: Car, total_us: int | None) -> bool:
    """Whether a pit message comes again or late, by the time it may have."""
    if total_us is None:
        return False
    is_history = car.pit_us is not None and total_us <= car.pit_us
    car.pit_us = max(total_us, car.pit_us or 0)
    return is_history
