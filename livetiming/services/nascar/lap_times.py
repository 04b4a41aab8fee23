"""Lap times: every lap of a race, as they are stored after it, or a part of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from livetiming.events import Clock
from livetiming.services import BadFrame, Fact
from livetiming.services.nascar.car import OUT, Car
from livetiming.services.nascar.fields import (
    Fields,
    count,
    duration_us,
    person,
    record,
    records,
    speed_kmh,
    text,
    whole,
)
from livetiming.services.nascar.roster import drivers_by_number
from livetiming.services.nascar.run import Run
from livetiming.services.nascar.table import make
from livetiming.services.nascar.weekend import Weekend

_BEHIND = 1_000
"""Places between two laps, more than there can be cars."""


class LapTimes:
    """Reads lap times into a session; of a document that comes in parts, each goes on.

    Args:
        run: the session.
        weekend: what is known of its race otherwise.
    """

    def __init__(self, run: Run, weekend: Weekend) -> None:
        self._run = run
        self._weekend = weekend
        self._limit = weekend.laps
        self._crossed: dict[str, tuple[int, int]] = {}
        """Laps and place at the last crossing."""
        self._began_at: int | None = None

    def show(self, document: object, at: int) -> Iterator[Fact]:
        """Take laps.

        Args:
            document: entries with laps, and flags by the leader's lap.
            at: when it arrived, epoch ms.
        Returns: the crossings that are new.
        Raises: `BadFrame` where it is no such document.
        """
        entries = record(document).get("laps")
        if not isinstance(entries, list):
            raise BadFrame("lap times", f"expected laps, got {str(document)[:40]!r}")
        had_flag = self._run.is_under_chequered()
        flags = records(record(document).get("flags"))
        if flags:
            self._show_flag(max(flags, key=lambda each: count(each, "LapsCompleted") or 0))
        yield from self._entries(
            [each for each in records(entries) if _number(each)], had_flag=had_flag
        )
        self._lengths()
        self._time(at)
        self._run.board.settle()

    def _show_flag(self, flag: Fields) -> None:
        """The flag under which the leader completed a lap; the last one is the chequered one."""
        self._run.show_flag(whole(flag, "FlagState"))
        if self._run.is_under_chequered():
            self._limit = count(flag, "LapsCompleted") or self._limit

    def _entries(self, entries: list[Fields], *, had_flag: bool) -> Iterator[Fact]:
        drivers = drivers_by_number([(_number(each), _driver(each)) for each in entries])
        placed: dict[str, int | None] = {}
        for entry in entries:
            number, name = _number(entry), person(text(entry, "FullName"))
            car = self._run.enter(number, _driver(entry), name, drivers[number])
            if car is None:
                continue
            placed[car.id] = count(entry, "RunningPos")
            car.make = make(text(entry, "Manufacturer")) or car.make
            for lap in sorted(records(entry.get("Laps")), key=lambda lap: count(lap, "Lap") or 0):
                yield from self._lap(car, lap, had_flag=had_flag)
        self._rank(placed)

    def _lap(self, car: Car, lap: Fields, *, had_flag: bool) -> Iterator[Fact]:
        number, place = count(lap, "Lap"), count(lap, "RunningPos") or _BEHIND
        if number == 0 and place != _BEHIND:
            car.grid = place
        if number is None or number <= (-1 if car.laps is None else car.laps):
            return
        lap_us = duration_us(lap, "LapTime")
        yield from self._run.laps(car.complete(number, lap_us, None))
        self._crossed[car.id] = number, place
        car.last_kmh = speed_kmh(lap, "LapSpeed")
        if car.last_kmh is not None:
            car.best_kmh = max(car.best_kmh or 0, car.last_kmh)
        if lap_us is not None:
            car.best_us = min(car.best_us or lap_us, lap_us)
        self._run.finish(car, had_flag=had_flag, crossed=True, limit=self._limit)

    def _rank(self, placed: Mapping[str, int | None]) -> None:
        """As the document says where it places all cars; until then by lap and place in it."""
        cars = self._run.board.cars
        if all(placed.get(id_) for id_ in cars):
            for id_, car in cars.items():
                car.position = placed[id_]
            self._end()
            return
        crossed = [(-laps, place, id_) for id_, (laps, place) in self._crossed.items()]
        for position, (_, _, id_) in enumerate(sorted(crossed), start=1):
            cars[id_].position = position

    def _end(self) -> None:
        """The official places come last: who did not cross the line under the flag is out."""
        if self._run.is_under_chequered():
            for car in self._run.board.cars.values():
                car.status = car.status if car.has_finished else OUT

    def _lengths(self) -> None:
        laps = max((car.laps or 0 for car in self._run.board.cars.values()), default=0)
        limit = self._limit
        self._run.set("laps", laps)
        self._run.set("laps_total", limit)
        self._run.set("laps_remaining", None if limit is None else max(0, limit - laps))
        stage = self._weekend.stage_at(laps)
        if stage is not None:
            self._run.set("part", f"Stage {stage[0]}")
            self._run.set("stage_laps", stage[1])

    def _time(self, at: int) -> None:
        """Laps are timed from the green flag on, which the first part shows as lap 0."""
        self._began_at = at if self._began_at is None else self._began_at
        runs = not self._run.is_under_chequered()
        elapsed = Clock((at - self._began_at) * 1000, at, runs)
        self._run.board.picture.session["elapsed"] = elapsed


def _number(entry: Fields) -> str:
    return text(entry, "Number")


def _driver(entry: Fields) -> int | str:
    return whole(entry, "NASCARDriverID") or person(text(entry, "FullName"))
