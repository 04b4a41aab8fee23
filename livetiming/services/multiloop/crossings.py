"""One `passed` for each crossing: `$L` tells of it first, and `$C` how many laps that makes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from livetiming.events import Passed
from livetiming.services import Fact
from livetiming.services.multiloop.car import Car
from livetiming.services.multiloop.records import Crossing, Result, Sort
from livetiming.units import SECOND_US

WAIT_MS = 2_500
"""After so long no `$C` is to come for a crossing: that of a heartbeat or two."""

SAME_US = SECOND_US
"""No lap is so short: totals that are closer are one crossing."""


class Place(StrEnum):
    """The lines that we understand."""

    FINISH = "finish"
    FINISH_PIT = "finish_pit"
    PIT_IN = "pit_in"
    PIT_OUT = "pit_out"


PLACES = {
    "SF": Place.FINISH,
    "SFT": Place.FINISH,
    "SFP": Place.FINISH_PIT,
    "SFPIT": Place.FINISH_PIT,
    "PIN": Place.PIT_IN,
    "PI": Place.PIT_IN,
    "PIP": Place.PIT_IN,
    "POUT": Place.PIT_OUT,
    "PO": Place.PIT_OUT,
    "POP": Place.PIT_OUT,
}
"""Their names at USAC; the short ones elsewhere are those of the vendor's other protocol."""
FINISHES = (Place.FINISH, Place.FINISH_PIT)


class _Waiting(NamedTuple):
    until: int
    car: Car
    place: Place
    total_us: int | None


class Crossings:
    """The crossings of one run that wait for their `$C`."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._told_us: dict[tuple[str, Place], int] = {}

    def cross(self, car: Car, place: Place, crossing: Crossing, at: int) -> Iterator[Fact]:
        """Take an `$L` that is not a repeated one."""
        total_us = crossing.total_us
        if self._is_told(car, place, total_us):
            return
        if place not in FINISHES:
            self._note(car, place, total_us)
            yield Fact(Passed(car.id, place, total_us=total_us))
            return
        waiting = self._waiting.get(car.id)
        if waiting is not None and not _are_same(waiting.total_us, total_us):
            yield self._tell(waiting)
        self._waiting[car.id] = _Waiting(at + WAIT_MS, car, place, total_us)

    def count(self, car: Car, result: Result, sort: Sort) -> Iterator[Fact]:
        """Take a `$C`, before the car does: it completes a crossing, or tells of one itself."""
        waiting = self._waiting.get(car.id)
        if waiting is not None and _are_same(waiting.total_us, result.total_us):
            del self._waiting[car.id]
            yield self._complete(car, waiting.place, result)
        elif self._is_new(car, result, sort):
            place = Place.FINISH_PIT if result.in_pit else Place.FINISH
            yield self._complete(car, place, result)

    def _is_new(self, car: Car, result: Result, sort: Sort) -> bool:
        """A car that was not known may have crossed long ago, if its record is not a new one."""
        if sort is Sort.REPEATED or self._is_told(car, Place.FINISH, result.total_us):
            return False
        return sort is Sort.NEW if car.laps is None else result.laps > car.laps

    def _is_told(self, car: Car, place: Place, total_us: int | None) -> bool:
        """Whether a crossing is one that was told, or comes before it."""
        told_us = self._told_us.get((car.id, Place.FINISH if place in FINISHES else place))
        return told_us is not None and total_us is not None and total_us < told_us + SAME_US

    def _note(self, car: Car, place: Place, total_us: int | None) -> None:
        if total_us is not None:
            self._told_us[car.id, Place.FINISH if place in FINISHES else place] = total_us

    def expire(self, at: int) -> Iterator[Fact]:
        """Tell what has waited long enough."""
        for waiting in [w for w in self._waiting.values() if at >= w.until]:
            del self._waiting[waiting.car.id]
            yield self._tell(waiting)

    def restart(self) -> None:
        """The clock of the run begins anew: times since the start are no longer those before."""
        self._told_us = {}

    def end(self) -> Iterator[Fact]:
        """Tell what still waits: the run ends."""
        waiting, self._waiting = self._waiting, {}
        for one in waiting.values():
            yield self._tell(one)

    def _tell(self, waiting: _Waiting) -> Fact:
        self._note(waiting.car, waiting.place, waiting.total_us)
        return Fact(Passed(waiting.car.id, waiting.place, total_us=waiting.total_us))

    def _complete(self, car: Car, place: Place, result: Result) -> Fact:
        self._note(car, place, result.total_us)
        lap_us = result.last_us if result.laps else None
        return Fact(Passed(car.id, place, result.laps, lap_us, result.total_us))


def _are_same(total_us: int | None, other_us: int | None) -> bool:
    return total_us is None or other_us is None or abs(total_us - other_us) < SAME_US
