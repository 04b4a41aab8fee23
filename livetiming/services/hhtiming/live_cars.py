"""What the TCP feed says of the cars: who they are, where they crossed, how fast they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from livetiming.services import Strange, Update
from livetiming.services.hhtiming.car import Car
from livetiming.services.hhtiming.crossings import Lap
from livetiming.services.hhtiming.lines import Lines
from livetiming.services.hhtiming.messages import (
    Competitor,
    Driver,
    Laptimes,
    PitMessage,
    SectorBest,
    SectorCrossing,
    Speed,
    given,
    key,
    us,
)
from livetiming.services.hhtiming.scene import Scene


class CarsReader:
    """Reads the messages each of which is about one car.

    Args:
        scene: what they change.
        lines: of the track.
        strange: told of what is unknown.
    """

    def __init__(self, scene: Scene, lines: Lines, strange: Strange) -> None:
        self._scene = scene
        self._lines = lines
        self._strange = strange
        self.readers: dict[str, Callable[[Any, int], Iterable[Update]]] = {
            "Competitor": self._competitor,
            "Driver": self._driver,
            "DriverUpdate": self._driver_update,
            "BasicTimeCrossing": self._cross,
            "LaptimeResultsUpdate": self._laptimes,
            "AdvSectorTimeLineCrossing": self._sector,
            "SectorTimeResultsUpdate": self._sector_best,
            "PitIn": self._pit_in,
            "PitOut": self._pit_out,
            "SpeedTrapCrossing": self._speed,
            "TopSpeedResultsUpdate": self._speed,
        }

    def _competitor(self, competitor: Competitor, _at: int) -> tuple[()]:
        id_, number = key(competitor.competitor_id), key(competitor.competitor_number)
        car = self._scene.board.enter(id_ or number, number)
        for column, text in (
            ("class", competitor.category_id),
            ("team", competitor.team_name),
            ("car", competitor.car_make),
        ):
            if text is not None:
                car.put(column, text.strip() or None)
        return ()

    def _driver(self, driver: Driver, at: int) -> tuple[()]:
        return self._driver_update(driver, at) if driver.is_in_car else ()

    def _driver_update(self, driver: Driver, _at: int) -> tuple[()]:
        name = f"{driver.first_name or ''} {driver.last_name or ''}".strip()
        if name:
            self._car(driver.car_id).put("driver", name)
        return ()

    def _car(self, id_: str | int | None) -> Car:
        return self._scene.board.car(key(id_))

    def _cross(self, times: Laptimes, at: int) -> Iterator[Update]:
        car = self._car(times.car_id)
        yield from self._scene.cross(car, _lap(times, in_pit=car.in_pit), at)
        _take_best(car, times)

    def _laptimes(self, times: Laptimes, at: int) -> Iterator[Update]:
        car = self._car(times.car_id)
        lap = _lap(times, in_pit=car.in_pit)
        yield from self._scene.crossings.count(car, lap, at)
        self._scene.stand(car, lap)
        _take_best(car, times)

    def _sector(self, crossing: SectorCrossing, _at: int) -> tuple[()]:
        number, line = key(crossing.competitor_number), key(crossing.timeline_number)
        car = self._scene.board.numbered(number)
        if car is None:
            self._strange.meet("car number", number)
            return ()
        if not crossing.is_start_finish:
            car.run()
        time_of_day_us = us(crossing.timeline_crossing_time_of_day)
        if time_of_day_us is not None:
            at_us = self._lines.on_and_on(time_of_day_us)
            self._lines.cross(car, line, at_us, us(crossing.sector_time))
        return ()

    def _sector_best(self, best: SectorBest, _at: int) -> tuple[()]:
        sector, time_us = self._lines.named(best.sector_name or ""), us(best.best_sector_time)
        if sector is not None and time_us:
            self._car(best.car_id).sectors.set_best(sector.number, time_us)
        return ()

    def _pit_in(self, message: PitMessage, _at: int) -> Iterator[Update]:
        return self._scene.pit_in(self._car(message.car_id), us(message.session_time))

    def _pit_out(self, message: PitMessage, _at: int) -> Iterator[Update]:
        return self._scene.pit_out(self._car(message.car_id), us(message.session_time))

    def _speed(self, speed: Speed, _at: int) -> Iterator[Update]:
        car = self._car(speed.car_id)
        if speed.speed is not None and 0 < speed.speed < 1_000:
            yield from self._scene.speed(car, speed.speed)
        if speed.top_speed is not None and 0 < speed.top_speed < 1_000:
            yield from self._scene.best_speed(car, speed.top_speed)


def _lap(times: Laptimes, *, in_pit: bool) -> Lap:
    total_us = us(times.session_time)
    return Lap(
        given(times.number_of_laps),
        us(times.lap_time) or None,
        us(times.last_elapsed_time) if total_us is None else total_us,
        times.is_crossing_in_pits or in_pit,
    )


def _take_best(car: Car, times: Laptimes) -> None:
    best_us = us(times.best_laptime)
    if best_us:
        car.best_us = best_us
