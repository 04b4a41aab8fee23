"""What the TCP feed says of the session under way: its clocks, flags, zones, notices, weather."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from livetiming.racing import Flag
from livetiming.services import Fact, Strange, Update, ValueClock
from livetiming.services.hhtiming.control import FLAGS, ZONES, Notices, Zones, number_in
from livetiming.services.hhtiming.messages import (
    Heartbeat,
    RaceControl,
    SectorStatus,
    Weather,
    given,
    us,
)
from livetiming.services.hhtiming.scene import Scene
from livetiming.services.hhtiming.weather import shown


class ControlReader:
    """Reads the messages that are about no single car.

    Args:
        scene: what they change.
        strange: told of what is unknown.
    """

    def __init__(self, scene: Scene, strange: Strange) -> None:
        self._scene = scene
        self._strange = strange
        self.begin()
        self.readers: dict[str, Callable[[Any, int], Iterable[Update]]] = {
            "Heartbeat": self.beat,
            "GeneralRaceControl": self._race_control,
            "TrackSectorStatus": self._zone,
            "WeatherTS": self._weather,
        }

    def begin(self) -> None:
        """Another session has begun."""
        self._elapsed, self._to_go = ValueClock(1), ValueClock(-1)
        self._notices, self._zones = Notices(), Zones()

    def beat(self, beat: Heartbeat, at: int) -> Iterator[Update]:
        """Take a heartbeat, or what a message has of one."""
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

    def _weather(self, weather: Weather, _at: int) -> Iterator[Update]:
        self._scene.session.has_weather = True
        yield from self._scene.describe()
        self._scene.board.picture.session.update(shown(weather))
