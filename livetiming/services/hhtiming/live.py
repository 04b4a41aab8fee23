"""The TCP feed: JSON documents, each of which changes something of the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from livetiming.racing import Flag
from livetiming.services import Fact, Strange, Update
from livetiming.services.hhtiming.car import Car
from livetiming.services.hhtiming.clocks import Watched
from livetiming.services.hhtiming.control import FLAGS, ZONES, Notices, Zones, number_in
from livetiming.services.hhtiming.crossings import Lap
from livetiming.services.hhtiming.lines import Lines
from livetiming.services.hhtiming.messages import (
    Competitor,
    Driver,
    Event,
    Heartbeat,
    Laptimes,
    PitMessage,
    RaceControl,
    SectorBest,
    SectorCrossing,
    SectorStatus,
    SessionInfo,
    Speed,
    TrackInformation,
    Weather,
    given,
    key,
    read,
    us,
)
from livetiming.services.hhtiming.scene import Scene
from livetiming.services.hhtiming.weather import shown


class LiveReader:
    """Reads the documents of the TCP feed.

    Args:
        scene: what they change.
        strange: told of what is unknown.
    """

    def __init__(self, scene: Scene, strange: Strange) -> None:
        self._scene = scene
        self._strange = strange
        self._lines = Lines()
        self._event: str | None = None
        self._open()
        self._readers: dict[str, Callable[[Any, int], Iterable[Update]]] = {
            "Heartbeat": self._heartbeat,
            "Event": self._name_event,
            "SessionInfo": self._session_info,
            "Competitor": self._competitor,
            "Driver": self._driver,
            "DriverUpdate": self._driver_update,
            "AdvTrackInformation": self._track,
            "BasicTimeCrossing": self._cross,
            "LaptimeResultsUpdate": self._laptimes,
            "AdvSectorTimeLineCrossing": self._sector,
            "SectorTimeResultsUpdate": self._sector_best,
            "PitIn": self._pit_in,
            "PitOut": self._pit_out,
            "GeneralRaceControl": self._race_control,
            "TrackSectorStatus": self._zone,
            "SpeedTrapCrossing": self._speed,
            "TopSpeedResultsUpdate": self._speed,
            "WeatherTS": self._weather,
        }

    def _open(self) -> None:
        self._elapsed, self._to_go = Watched(1), Watched(-1)
        self._notices, self._zones = Notices(), Zones()

    def read(self, data: str | bytes, at: int) -> Iterator[Update]:
        """Read a document; what stands between two is nothing.

        Raises: `BadFrame` where it cannot be read.
        """
        if not data.strip():
            return
        kind, message = read(data)
        if message is None:
            self._strange.meet("message", kind)
            return
        if kind not in ("Event", "SessionInfo"):
            yield from self._settle_event()
        if kind in self._readers:
            yield from self._readers[kind](message, at)

    def _settle_event(self) -> Iterator[Update]:
        """An event's name that no new session follows is that of the open one."""
        if self._event is not None:
            self._scene.session.event, self._event = self._event, None
        yield from self._scene.describe()

    def _heartbeat(self, beat: Heartbeat, at: int) -> Iterator[Update]:
        fields = self._scene.board.picture.session
        elapsed_us, to_go_us = us(beat.session_time), us(beat.time_to_go)
        time_of_day_us = us(beat.time_of_day)
        if elapsed_us is not None:
            if self._elapsed.is_set_back(elapsed_us):
                self._scene.restart()
            fields["elapsed"] = self._elapsed.show(elapsed_us, at)
        if to_go_us or (to_go_us is not None and "remaining" in fields):
            fields["remaining"] = self._to_go.show(to_go_us, at)
        if elapsed_us is not None and time_of_day_us is not None:
            self._notices.set_clock(elapsed_us, time_of_day_us, at)
        if (status := given(beat.track_status)) is not None:
            self._show(status)
        yield from self._scene.crossings.expire(at)

    def _show(self, status: int) -> None:
        """An unknown status is told, and the flag before stays."""
        flag = FLAGS.get(status)
        if flag is None:
            self._strange.meet("track status", str(status))
        else:
            self._scene.show(flag)
            self._show_zones()

    def _show_zones(self) -> None:
        fields = self._scene.board.picture.session
        fields.pop("zones", None)
        if self._zones:
            fields["zones"] = str(self._zones)
        is_free = self._scene.flag in (Flag.NONE, Flag.GREEN)
        fields["flag"] = Flag.SLOW_ZONE if self._zones and is_free else self._scene.flag

    def _name_event(self, event: Event, at: int) -> Iterator[Update]:
        if event.event_name is not None:
            self._event = event.event_name.strip()
        yield from self._heartbeat(event, at)

    def _session_info(self, info: SessionInfo, at: int) -> Iterator[Update]:
        session, id_ = self._scene.session, key(info.session_id)
        if info.event_name is not None:
            self._event = info.event_name.strip()
        if self._event is not None:
            session.event, self._event = self._event, None
        if info.session_description is not None:
            session.description = info.session_description.strip()
        if (type_ := given(info.session_type)) is not None:
            session.type_ = type_
        before = session.key
        session.key = id_ or before
        if before is None or before == session.key:
            yield from self._scene.describe()
        else:
            yield from self._scene.begin(at)
            self._open()
        yield from self._heartbeat(info, at)

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

    def _track(self, track: TrackInformation, _at: int) -> Iterator[Update]:
        session = self._scene.session
        if track.track_name is not None:
            session.venue = track.track_name.strip() or None
        sectors = track.ordered_list_of_on_track_sectors
        if sectors is not None and sectors.values:
            session.sectors = self._lines.learn(sectors.values)
        yield from self._scene.describe()

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
            self._car(best.car_id).set_best(sector.number, time_us)
        return ()

    def _pit_in(self, message: PitMessage, _at: int) -> Iterator[Update]:
        return self._scene.pit_in(self._car(message.car_id), us(message.session_time))

    def _pit_out(self, message: PitMessage, _at: int) -> Iterator[Update]:
        return self._scene.pit_out(self._car(message.car_id), us(message.session_time))

    def _race_control(self, message: RaceControl, _at: int) -> Iterator[Update]:
        text = (message.message_string or "").strip()
        fact = self._notices.take(text, us(message.message_received_time))
        if fact is not None:
            car = self._scene.board.known(number_in(text) or "")
            posted = msgspec.structs.replace(fact.payload, car=car.id if car else None)
            yield Fact(posted, fact.source_at)

    def _zone(self, zone: SectorStatus, _at: int) -> tuple[()]:
        name, status = (zone.zone_name or "").strip(), given(zone.zone_status)
        if name and status is not None and status in ZONES:
            self._zones.set(name, ZONES[status])
            self._show_zones()
        elif status is not None:
            self._strange.meet("zone status", str(status))
        return ()

    def _speed(self, speed: Speed, _at: int) -> Iterator[Update]:
        car = self._car(speed.car_id)
        if speed.speed is not None and 0 < speed.speed < 1_000:
            yield from self._scene.speed(car, speed.speed)
        if speed.top_speed is not None and 0 < speed.top_speed < 1_000:
            yield from self._scene.best_speed(car, speed.top_speed)

    def _weather(self, weather: Weather, _at: int) -> Iterator[Update]:
        self._scene.session.has_weather = True
        yield from self._scene.describe()
        self._scene.board.picture.session.update(shown(weather))


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
