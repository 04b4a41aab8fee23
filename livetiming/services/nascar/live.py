"""The live feed: a whole look at a session, every few seconds."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from operator import itemgetter
from typing import cast

from livetiming.events import Clock, Laps, Passed
from livetiming.services import Fact, Strange
from livetiming.services.nascar.car import OUT, PARKED, RUNNING, Car
from livetiming.services.nascar.fields import (
    Fields,
    count,
    decimal,
    duration_us,
    is_true,
    person,
    record,
    records,
    speed_kmh,
    text,
    whole,
)
from livetiming.services.nascar.flags import OVER, RED, STARTED
from livetiming.services.nascar.roster import drivers_by_number
from livetiming.services.nascar.run import Run
from livetiming.services.nascar.sessions import NO_LIMIT
from livetiming.services.nascar.stops import Stop
from livetiming.services.nascar.table import make
from livetiming.units import SECOND_US

_FIGURES = {
    "cautions": "number_of_caution_segments",
    "caution_laps": "number_of_caution_laps",
    "lead_changes": "number_of_lead_changes",
    "leaders": "number_of_leaders",
}
_MAX_LAPS_DOWN = 2_000


class Live:
    """Reads live feeds into a session.

    Args:
        run: the session.
        strange: told of what we do not know.
    """

    def __init__(self, run: Run, strange: Strange) -> None:
        self._run = run
        self._strange = strange

    def show(self, feed: Fields, at: int, made_at: int | None) -> Iterator[Fact]:
        """Take a look.

        Args:
            feed: the document.
            at: when it arrived, epoch ms.
            made_at: when it was made, as far as it says.
        Returns: the crossings since the look before.
        """
        had_flag = self._run.is_under_chequered()
        self._run.show_flag(whole(feed, "flag_state"))
        self._time(feed, at, made_at)
        self._lengths(feed)
        yield from _in_time(list(self._vehicles(feed, had_flag=had_flag)))
        self._run.board.picture.source_at = made_at
        self._run.board.settle()

    def _time(self, feed: Fields, at: int, made_at: int | None) -> None:
        elapsed = count(feed, "elapsed_time")
        if elapsed is None:
            return
        code = self._run.board.code
        self._run.elapsed_us = elapsed * SECOND_US
        clock = self._run.clock.show(elapsed * SECOND_US, at, in_doubt=code != RED)
        runs = clock.runs and code in STARTED
        self._run.board.picture.session["elapsed"] = Clock(clock.value_us, at, runs)
        if made_at is not None and elapsed and code in STARTED:
            self._run.time.see(elapsed * SECOND_US, made_at)

    def _lengths(self, feed: Fields) -> None:
        """Laps and stages; a session without a number of laps says 999, and its stage is noise."""
        if not self._run.board.is_race:
            return
        limit, done = limit_of(feed), count(feed, "lap_number")
        self._run.set("laps", done)
        self._run.set("laps_total", limit)
        self._run.set("laps_remaining", None if limit is None else count(feed, "laps_to_go"))
        stage = record(feed.get("stage"))
        number, end = count(stage, "stage_num"), count(stage, "finish_at_lap")
        self._run.set("part", f"Stage {number}" if number else None)
        self._run.set("stage_laps", None if not end or done is None else max(0, end - done))
        for field, name in _FIGURES.items():
            self._run.set(field, count(feed, name))

    def _vehicles(self, feed: Fields, *, had_flag: bool) -> Iterator[Fact]:
        vehicles = [each for each in records(feed.get("vehicles")) if _number(each)]
        drivers = drivers_by_number([(_number(each), _driver(each)) for each in vehicles])
        shown = set()
        limit = limit_of(feed)
        for vehicle in vehicles:
            number, name = _number(vehicle), _name(vehicle)
            car = self._run.enter(number, _driver(vehicle), name, drivers[number])
            if car is not None:
                shown.add(car.id)
                yield from self._vehicle(car, vehicle, limit, had_flag=had_flag)
        self._run.board.keep(shown)

    def _vehicle(
        self, car: Car, vehicle: Fields, limit: int | None, *, had_flag: bool
    ) -> Iterator[Fact]:
        car.make = make(text(vehicle, "vehicle_manufacturer"))
        car.position = count(vehicle, "running_position") or None
        car.status = self._status(vehicle)
        car.is_on_track = is_true(vehicle, "is_on_track")
        yield from self._stops(car, vehicle)
        before = car.laps
        laps, last_us = count(vehicle, "laps_completed"), duration_us(vehicle, "last_lap_time")
        total_us = duration_us(vehicle, "vehicle_elapsed_time")
        yield from self._run.laps(car.complete(laps, last_us, total_us))
        self._times(car, vehicle)
        crossed = before is not None and laps is not None and laps > before
        self._run.finish(car, had_flag=had_flag, crossed=crossed, limit=limit)

    def _times(self, car: Car, vehicle: Fields) -> None:
        car.best_us = duration_us(vehicle, "best_lap_time")
        car.last_kmh = speed_kmh(vehicle, "last_lap_speed")
        car.best_kmh = speed_kmh(vehicle, "best_lap_speed")
        if self._run.board.is_race:
            car.behind = _behind(vehicle) if car.laps else None
            car.grid = count(vehicle, "starting_position") or None
            car.led = _led(vehicle)

    def _status(self, vehicle: Fields) -> int | None:
        status = whole(vehicle, "status")
        if status not in (None, RUNNING, OUT, PARKED):
            self._strange.meet("status", str(status))
        return status

    def _stops(self, car: Car, vehicle: Fields) -> Iterator[Fact]:
        """Places on the grid come first in the list (two of them in 2023), without times."""
        stops = [stop for each in records(vehicle.get("pit_stops")) if (stop := _stop(each))]
        car.stops_told = len(stops)
        for stop in stops:
            yield from self._run.stop(car, stop)


def is_over(feed: Fields, *, is_race: bool) -> bool:
    """Whether the feed says that the session is over: a cold track after it, and not before."""
    if whole(feed, "flag_state") != OVER:
        return False
    if is_race:
        return whole(feed, "laps_to_go") == 0 and bool(count(feed, "lap_number"))
    return any(count(each, "laps_completed") for each in records(feed.get("vehicles")))


def limit_of(feed: Fields) -> int | None:
    """The laps of the session; `None` where there is no limit."""
    laps = count(feed, "laps_in_race")
    return None if laps in (None, 0, NO_LIMIT) else laps


def _number(vehicle: Fields) -> str:
    return text(vehicle, "vehicle_number")


def _driver(vehicle: Fields) -> int | str:
    """The driver's id; where there is none, the name."""
    return whole(record(vehicle.get("driver")), "driver_id") or _name(vehicle)


def _name(vehicle: Fields) -> str:
    return person(text(record(vehicle.get("driver")), "full_name"))


def _stop(entry: Fields) -> Stop | None:
    in_us = duration_us(entry, "pit_in_elapsed_time")
    if in_us is None:
        return None
    out_us, laps = duration_us(entry, "pit_out_elapsed_time"), count(entry, "pit_in_lap_count")
    return Stop(in_us, out_us, laps)


def _behind(vehicle: Fields) -> int | Laps | None:
    """Seconds behind the leader; a negative number is laps down."""
    delta = decimal(vehicle, "delta")
    if delta is None or abs(delta) > 10**6:
        return None
    if delta >= 0:
        return round(delta * 1000) * 1000
    laps = -round(delta)
    return Laps(laps) if 0 < laps <= _MAX_LAPS_DOWN else None


def _led(vehicle: Fields) -> int:
    """Laps led; lap 0, the grid, is none."""
    led = 0
    for each in records(vehicle.get("laps_led")):
        first, last = count(each, "start_lap"), count(each, "end_lap")
        if first is not None and last is not None and last >= first:
            led += last - max(first, 1) + 1
    return led


def _in_time(facts: list[Fact]) -> list[Fact]:
    """Crossings of all cars by race time; one without goes before the next of its car."""
    keyed: list[tuple[float, Fact]] = []
    car, race_us = "", inf
    for fact in reversed(facts):
        passed = cast("Passed", fact.payload)
        if passed.total_us is not None or passed.car != car:
            race_us = inf if passed.total_us is None else passed.total_us
        car = passed.car
        keyed.append((race_us, fact))
    keyed.reverse()
    return [fact for _, fact in sorted(keyed, key=itemgetter(0))]
