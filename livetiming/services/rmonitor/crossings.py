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
from livetiming.units import SECOND_US

WAIT_MS = 2_500
"""After so long nothing more is to come about a crossing; a heartbeat may stand between its
records, and where only heartbeats tell the time that is a second or two."""
FROZEN_WAIT_MS = 10_000
"""A lap that a chequered or red flag left uncounted was counted 1 to 6 s later, or never."""
SAME_US = SECOND_US
"""No lap is so short: totals that are closer are one crossing, timed again (2 ms in 2025)."""

_LINES = {
    Place.FINISH: "finish",
    Place.FINISH_PIT: "finish_pit",
    Place.PIT_IN: "pit_in",
    Place.PIT_OUT: "pit_out",
}


class _Waiting(NamedTuple):
    """A crossing of start-finish of which more may be to come.

    Args:
        until: so long, epoch ms.
        car: which car.
        line: which line.
        seen: whether its `$L` has come.
        timed: whether its `$J` has come.
        frozen: whether that `$J` repeated the total before, as the lap was not counted;
            `total_us` is then what it will be if it is.
        lap_us: the lap that ended.
        total_us: since the start.
    """

    until: int
    car: Car
    line: Place
    seen: bool = False
    timed: bool = False
    frozen: bool = False
    lap_us: int | None = None
    total_us: int | None = None


class _Told(NamedTuple):
    """The last timed crossing of a car that was told."""

    at: int
    seen: bool
    total_us: int | None


class Crossings:
    """The crossings of one session that wait for what belongs to them."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._told: dict[str, _Told] = {}

    def cross(self, car: Car, line: Place, at: int) -> Iterator[Fact]:
        """Take an `$L`; one that comes just after the `$J` of its crossing adds the lane."""
        waiting = self._waiting.pop(car.id, None)
        at_finish = line in (Place.FINISH, Place.FINISH_PIT)
        if at_finish and waiting is not None and not waiting.seen:
            self._waiting[car.id] = waiting._replace(line=line, seen=True)
            return
        if waiting is not None:
            yield self._tell(waiting, at)
        elif at_finish and self._is_late(car, at):
            return
        if at_finish:
            self._waiting[car.id] = _Waiting(at + WAIT_MS, car, line, seen=True)
        else:
            yield Fact(Passed(car.id, _LINES[line]))

    def _is_late(self, car: Car, at: int) -> bool:
        """Whether the crossing of this `$L` was told already, by the `$J` and `$G` before it."""
        told = self._told.get(car.id)
        if told is None or told.seen or at - told.at >= WAIT_MS:
            return False
        self._told[car.id] = told._replace(seen=True)
        return True

    def is_history(self, car: Car, passing: Passing) -> bool:
        """Whether a `$J` is about a crossing long ago: timekeepers mend those, even hours later."""
        waiting = self._waiting.get(car.id)
        if passing.total_us is None or car.total_us is None or (waiting and not waiting.timed):
            return False
        return passing.total_us <= car.total_us - SAME_US

    def time(self, car: Car, passing: Passing, at: int) -> Iterator[Fact]:
        """Take a `$J`."""
        waiting, told = self._waiting.get(car.id), self._told.get(car.id)
        if waiting is not None and not waiting.timed:
            is_frozen = told is not None and _are_same(told.total_us, passing.total_us)
            self._waiting[car.id] = _timed(waiting, passing, is_frozen=is_frozen)
        elif waiting is not None and _are_same(waiting.total_us, passing.total_us):
            self._waiting[car.id] = _timed(waiting, passing)
        elif told is None or not _are_same(told.total_us, passing.total_us):
            if waiting is not None:
                yield self._tell(waiting, at)
            crossing = _Waiting(at + WAIT_MS, car, Place.FINISH)
            self._waiting[car.id] = _timed(crossing, passing)
        if passing.total_us is not None:
            yield from self.count(car, at)

    def count(self, car: Car, at: int) -> tuple[Fact, ...]:
        """A car has laps and total time by `$G`: the crossing with this total is complete."""
        waiting = self._waiting.get(car.id)
        if waiting is None or not waiting.timed or waiting.total_us != car.total_us:
            return ()
        del self._waiting[car.id]
        return (self._tell(waiting, at),)

    def line_of(self, car: Car) -> Place:
        """Which of the two finish lines the car crosses just now."""
        waiting = self._waiting.get(car.id)
        return Place.FINISH if waiting is None else waiting.line

    def expire(self, at: int) -> Iterator[Fact]:
        """Tell what has waited long enough."""
        if self._waiting:
            for waiting in [w for w in self._waiting.values() if at >= w.until]:
                del self._waiting[waiting.car.id]
                yield self._tell(waiting, at)

    def end(self, at: int) -> Iterator[Fact]:
        """Tell what still waits: the session ends."""
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            yield self._tell(one, at)

    def _tell(self, waiting: _Waiting, at: int) -> Fact:
        car, line = waiting.car, _LINES[waiting.line]
        if not waiting.timed or (waiting.frozen and waiting.total_us != car.total_us):
            return Fact(Passed(car.id, line))
        self._told[car.id] = _Told(at, waiting.seen, waiting.total_us)
        return Fact(Passed(car.id, line, _lap(waiting), waiting.lap_us, waiting.total_us))


def _timed(waiting: _Waiting, passing: Passing, *, is_frozen: bool = False) -> _Waiting:
    lap_us, total_us = passing.lap_us, passing.total_us
    if is_frozen and lap_us is not None and total_us is not None:
        until = waiting.until - WAIT_MS + FROZEN_WAIT_MS
        total_us += lap_us
        return waiting._replace(
            until=until, timed=True, frozen=True, lap_us=lap_us, total_us=total_us
        )
    return waiting._replace(timed=True, lap_us=lap_us, total_us=total_us)


def _are_same(total_us: int | None, other_us: int | None) -> bool:
    return total_us is not None and other_us is not None and abs(total_us - other_us) < SAME_US


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
