"""One `passed` for each crossing of a line, though up to three records tell of it.

IMSA's `$L` comes first and knows the lane, `$J` follows with the lap time, and only the `$G` after
it knows how many laps that makes. So a crossing waits for its `$G`, as a rule within the burst.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from livetiming.events import Passed
from livetiming.services import Fact
from livetiming.services.rmonitor.board import Car
from livetiming.services.rmonitor.records import Passing, Place

WAIT_MS = 2_500
"""After so long nothing more is to come about a crossing; a heartbeat may stand between its
records, and where only heartbeats tell the time that is a second or two."""

_LINES = {
    Place.FINISH: "finish",
    Place.FINISH_PIT: "finish_pit",
    Place.PIT_IN: "pit_in",
    Place.PIT_OUT: "pit_out",
}


class _Waiting(NamedTuple):
    """A crossing of start-finish of which more may be to come; `timed` once its `$J` was there."""

    at: int
    car: Car
    line: Place
    timed: bool = False
    lap_us: int | None = None
    total_us: int | None = None


class Crossings:
    """The crossings of one session that wait for what belongs to them."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._told_at: dict[str, int] = {}

    def cross(self, car: Car, line: Place, at: int) -> Iterator[Fact]:
        """Take an `$L`; one that comes just after the `$J` of its crossing adds the lane."""
        waiting = self._waiting.pop(car.id, None)
        if line not in (Place.FINISH, Place.FINISH_PIT):
            if waiting is not None:
                yield _fact(waiting)
            yield Fact(Passed(car.id, _LINES[line]))
        elif waiting is not None and waiting.timed and at - waiting.at < WAIT_MS:
            self._waiting[car.id] = waiting._replace(line=line)
        elif at - self._told_at.pop(car.id, at - WAIT_MS) >= WAIT_MS:
            if waiting is not None:
                yield _fact(waiting)
            self._waiting[car.id] = _Waiting(at, car, line)

    def time(self, car: Car, passing: Passing, at: int) -> Iterator[Fact]:
        """Take a `$J`."""
        waiting = self._waiting.get(car.id)
        line = Place.FINISH
        if waiting is not None and waiting.timed:
            yield _fact(waiting)
        elif waiting is not None:
            line = waiting.line
        self._waiting[car.id] = _Waiting(at, car, line, True, passing.lap_us, passing.total_us)

    def count(self, car: Car, at: int) -> Fact | None:
        """A car has new laps and total time: the crossing with this total is complete."""
        waiting = self._waiting.get(car.id)
        if waiting is None or not waiting.timed or waiting.total_us != car.total_us:
            return None
        del self._waiting[car.id]
        self._told_at[car.id] = at
        return _fact(waiting)

    def line_of(self, car: Car) -> Place | None:
        """Where the car crosses just now, as far as it is told."""
        waiting = self._waiting.get(car.id)
        return None if waiting is None else waiting.line

    def expire(self, at: int) -> Iterator[Fact]:
        """Tell what has waited long enough."""
        if self._waiting:
            late = [w for w in self._waiting.values() if at - w.at >= WAIT_MS]
            for waiting in late:
                del self._waiting[waiting.car.id]
                yield _fact(waiting)

    def end(self) -> Iterator[Fact]:
        """Tell what still waits: the session ends."""
        waiting, self._waiting = self._waiting, {}
        return map(_fact, waiting.values())


def _fact(waiting: _Waiting) -> Fact:
    lap = _lap(waiting) if waiting.timed else None
    line = _LINES[waiting.line]
    return Fact(Passed(waiting.car.id, line, lap, waiting.lap_us, waiting.total_us))


def _lap(waiting: _Waiting) -> int | None:
    """The lap that ended: as `$G` counts, where it has come, else one more than it counted."""
    car = waiting.car
    if waiting.total_us == car.total_us:
        return car.laps or 0
    if waiting.lap_us is None:
        return None if car.laps else 0
    if car.laps is None and car.total_us is None:
        return None
    return (car.laps or 0) + 1
