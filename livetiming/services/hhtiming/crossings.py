"""One `passed` for each crossing of the finish line, though two messages tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from livetiming.events import Passed
from livetiming.services import Fact
from livetiming.services.hhtiming.car import Car

WAIT_MS = 2_500
"""After so long no lap count is to come for a crossing: that of a heartbeat or two."""


class Lap(NamedTuple):
    """What a message tells of a lap, where it does.

    Args:
        laps: completed.
        lap_us: time of the last.
        total_us: session time of the crossing.
        in_pit: whether the crossing was in the pit lane.
    """

    laps: int | None
    lap_us: int | None
    total_us: int | None
    in_pit: bool


class _Waiting(NamedTuple):
    until: int
    car: Car
    lap: Lap


class _Told(NamedTuple):
    at: int
    laps: int | None
    total_us: int | None


class Crossings:
    """The crossings of one session that wait for their lap count, and the last that was told."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._told: dict[str, _Told] = {}

    def is_history(self, car: Car, lap: Lap) -> bool:
        """Whether a crossing comes late, after a later one."""
        told = self._told.get(car.key)
        return _is_before(lap.total_us, None if told is None else told.total_us)

    def cross(self, car: Car, lap: Lap, at: int) -> Iterator[Fact]:
        """Take a crossing; one without a lap count waits for it."""
        if self._is_told(car, lap, at):
            return
        if lap.laps is not None:
            self._waiting.pop(car.key, None)
            yield from self._tell(car, lap, at)
        else:
            waiting = self._waiting.get(car.key)
            if waiting is not None and _is_before(waiting.lap.total_us, lap.total_us):
                yield from self._tell(car, waiting.lap, at)
            self._waiting[car.key] = _Waiting(at + WAIT_MS, car, lap)

    def _is_told(self, car: Car, lap: Lap, at: int) -> bool:
        told = self._told.get(car.key)
        if told is None:
            return False
        if lap.total_us is not None and told.total_us is not None:
            return lap.total_us <= told.total_us
        if lap.laps is not None and told.laps is not None:
            return lap.laps <= told.laps
        return at - told.at < WAIT_MS

    def count(self, car: Car, lap: Lap, at: int) -> Iterator[Fact]:
        """Take a lap count: it completes a crossing that waits, or is one lap more, or neither."""
        waiting, told = self._waiting.get(car.key), self._told.get(car.key)
        before = car.laps if told is None else told.laps
        if lap.laps is None or lap.laps == before:
            return
        if waiting is not None and (before is None or lap.laps > before):
            del self._waiting[car.key]
            lap_us = waiting.lap.lap_us if lap.lap_us is None else lap.lap_us
            yield from self._tell(car, waiting.lap._replace(laps=lap.laps, lap_us=lap_us), at)
        elif before is not None and lap.laps == before + 1 and not self._is_again(told, lap):
            yield from self._tell(car, lap, at)
        elif told is not None:
            self._told[car.key] = told._replace(laps=lap.laps)

    def _is_again(self, told: _Told | None, lap: Lap) -> bool:
        """Whether a lap count is of a crossing that was told, or of one before it."""
        told_us = None if told is None else told.total_us
        return told_us is not None and lap.total_us is not None and lap.total_us <= told_us

    def restart(self) -> None:
        """The session clock begins anew: times since the start are no longer those before."""
        self._told = {key: told._replace(total_us=None) for key, told in self._told.items()}

    def expire(self, at: int) -> Iterator[Fact]:
        """Tell what has waited long enough."""
        for waiting in [w for w in self._waiting.values() if at >= w.until]:
            del self._waiting[waiting.car.key]
            yield from self._tell(waiting.car, waiting.lap, at)

    def end(self, at: int) -> Iterator[Fact]:
        """Tell what still waits: the session ends."""
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            yield from self._tell(one.car, one.lap, at)

    def _tell(self, car: Car, lap: Lap, at: int) -> Iterator[Fact]:
        """A car that no entry has named is not shown, and nothing is told of it."""
        told = self._told.get(car.key)
        laps = lap.laps if lap.laps is not None or told is None else told.laps
        total_us = lap.total_us if lap.total_us is not None or told is None else told.total_us
        self._told[car.key] = _Told(at, laps, total_us)
        if car.id is not None:
            line = "finish_pit" if lap.in_pit else "finish"
            lap_us = lap.lap_us if lap.laps else None
            yield Fact(Passed(car.id, line, lap.laps, lap_us, lap.total_us))


def _is_before(one_us: int | None, other_us: int | None) -> bool:
    return one_us is not None and other_us is not None and one_us < other_us
