"""The Formula 1 parser: messages by topic in, sessions, crossings, messages and the picture out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from livetiming.events import Picture
from livetiming.services import BadFrame, Fact, Finished, Frame, SessionSeen, Strange, Update
from livetiming.services.f1.board import Board, Car
from livetiming.services.f1.cells import put
from livetiming.services.f1.clocks import ToGo
from livetiming.services.f1.envelopes import Message, read
from livetiming.services.f1.flags import ENDS, Flags
from livetiming.services.f1.members import members
from livetiming.services.f1.names import Names
from livetiming.services.f1.parts import Part
from livetiming.services.f1.race_control import RaceControl
from livetiming.services.f1.sessions import Session
from livetiming.services.f1.stats import Stats
from livetiming.services.f1.timing import Timing
from livetiming.services.f1.topics import PASSED_OVER
from livetiming.services.f1.tyres import Tyres
from livetiming.services.f1.values import count, instant, text
from livetiming.services.f1.weather import TRACK, take_weather

_Reader = Callable[[Message, int], Iterable[Update]]


class F1Parser:
    """Follows one feed over all its sessions.

    Each topic has cells and fields of its own: a whole state of it replaces those and no others.
    """

    def __init__(self) -> None:
        self._strange = Strange()
        self._session = Session()
        self._said: SessionSeen | None = None
        self._open()
        self._readers: dict[str, _Reader] = {
            "SessionInfo": self._session_info,
            "SessionData": self._session_data,
            "SessionStatus": self._session_status,
            "TrackStatus": self._track_status,
            "DriverList": self._driver_list,
            "TimingData": self._timing_data,
            "TimingAppData": self._timing_app_data,
            "TimingStats": self._timing_stats,
            "RaceControlMessages": self._race_control_messages,
            "WeatherData": self._weather_data,
            "ExtrapolatedClock": self._extrapolated_clock,
            "LapCount": self._lap_count,
            "Heartbeat": lambda _message, _at: (),
        }

    def _open(self) -> None:
        self._part = Part(self._session.prefix)
        self._board = Board(self._part, self._strange)
        self._flags = Flags(self._strange)
        self._control = RaceControl(self._flags)
        self._to_go = ToGo()
        self._waiting: dict[str, Car] = {}
        self._told_status = self._told_track = self._told_part = False
        self._current_lap: int | None = None
        self._has_ended = False

    def picture(self) -> Picture:
        """The board now."""
        picture = self._board.settle()
        if self._current_lap is not None:
            picture.session["laps"] = self._leader_laps(self._current_lap)
        return picture

    def _leader_laps(self, current: int) -> int:
        """Completed: the leader's own count, and before there is one, all but the lap that runs."""
        order = self._board.picture.order
        if order and type(laps := self._board.picture.cars[order[0]].get("laps")) is int:
            return laps
        return max(0, current - 1)

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a frame."""
        trouble: BadFrame | None = None
        if self._waiting:
            yield from self._expire(frame.at)
        for message in read(frame):
            reader = self._readers.get(message.topic)
            if reader is None:
                self._meet(message.topic)
                continue
            if self._said is None and message.topic != "SessionInfo":
                yield self._describe()
            try:
                yield from reader(message, frame.at)
            except BadFrame as error:
                trouble = trouble or error
        if self._flags.status == ENDS and not self._has_ended:
            self._has_ended = True
            yield Finished()
        if trouble is not None:
            raise trouble
        self._strange.tell()

    def _meet(self, topic: str) -> None:
        if topic not in PASSED_OVER:
            self._strange.meet("topic", topic)

    def _describe(self) -> SessionSeen:
        self._said = self._session.seen
        return self._said

    def _session_info(self, message: Message, _at: int) -> Iterator[Update]:
        """Another key is another session; it is told before the board is cleared for it."""
        before = self._session
        self._session = before.after(message.content, is_whole=message.is_whole)
        seen = self._session.seen
        if seen != self._said:
            self._said = seen
            yield seen
        if before.key not in (None, self._session.key):
            self._open()
        elif self._part.prefix != self._session.prefix:
            self._part.prefix = self._session.prefix
            self._show_part()

    def _timing_data(self, message: Message, at: int) -> Iterator[Update]:
        if message.is_whole:
            self._forget_timing()
        for key, value in members(message.content):
            if key == "Lines":
                yield from self._lines(value, message, at)
            elif key == "SessionPart":
                self._told_part = True
                self._begin_part(count(value))

    def _forget_timing(self) -> None:
        for car in self._board.cars.values():
            _clear(car, Timing.columns)
            car.timing = Timing(car.cells, self._part, self._strange)
        self._forget("TimingData")
        self._board.rank_best()
        self._waiting.clear()

    def _forget(self, topic: str) -> None:
        """Before a whole state: the cars that it does not show leave with it."""
        self._board.outdate(topic)

    def _lines(self, lines: Any, message: Message, at: int) -> Iterator[Update]:
        for number, said in members(lines):
            if said is None:
                self._board.leave(number, "TimingData")
                continue
            car = self._board.car(number, "TimingData")
            timing = car.timing
            line, best_us, laps, in_pit = (
                timing.line,
                timing.shown_best_us,
                timing.laps,
                timing.in_pit,
            )
            try:
                timing.take(said)
            finally:
                self._board.unordered |= timing.line != line
                if timing.shown_best_us != best_us:
                    self._board.rank_best()
            if message.is_whole:
                car.crossings.begin(timing)
            elif (
                timing.new_lap_us is not None or timing.laps != laps or timing.in_pit is not in_pit
            ):
                yield from self._cross(car, laps, in_pit, message, at)

    def _cross(
        self, car: Car, laps: int | None, in_pit: bool | None, message: Message, at: int
    ) -> Iterator[Update]:
        source_at = _stamp(message)
        for passed in car.crossings.follow(car.timing, laps, in_pit, at):
            yield Fact(passed, source_at)
        if car.crossings.is_waiting:
            self._waiting[car.number] = car
            car.crossings.source_at = source_at

    def _expire(self, at: int) -> Iterator[Update]:
        for number, car in list(self._waiting.items()):
            for passed in car.crossings.expire(car.timing, at):
                yield Fact(passed, car.crossings.source_at)
            if not car.crossings.is_waiting:
                del self._waiting[number]

    def _begin_part(self, number: int | None) -> None:
        if self._part.begin(number):
            self._show_part()

    def _show_part(self) -> None:
        put(self._board.picture.session, "part", self._part.name)
        for car in self._board.cars.values():
            car.timing.begin_part()
        self._board.rank_best()

    def _driver_list(self, message: Message, _at: int) -> tuple[()]:
        if message.is_whole:
            for car in self._board.cars.values():
                _clear(car, Names.columns)
                car.names = Names(car.cells)
            self._forget("DriverList")
        for number, said in members(message.content):
            if type(said) is dict:
                self._board.car(number, "DriverList").names.take(said)
                self._board.unordered = True
            else:
                self._board.leave(number, "DriverList")
        return ()

    def _timing_app_data(self, message: Message, _at: int) -> tuple[()]:
        if message.is_whole:
            for car in self._board.cars.values():
                _clear(car, Tyres.columns)
                car.tyres = Tyres(car.cells)
            self._forget("TimingAppData")
        for car, said in self._cars(message):
            car.tyres.take(said)
        return ()

    def _timing_stats(self, message: Message, _at: int) -> tuple[()]:
        if message.is_whole:
            for car in self._board.cars.values():
                _clear(car, Stats.columns)
                car.stats = Stats(car.cells)
            self._forget("TimingStats")
        for car, said in self._cars(message):
            car.stats.take(said)
        return ()

    def _cars(self, message: Message) -> Iterator[tuple[Car, Any]]:
        for key, lines in members(message.content):
            if key != "Lines":
                continue
            for number, said in members(lines):
                if said is None:
                    self._board.leave(number, message.topic)
                else:
                    yield self._board.car(number, message.topic), said

    def _race_control_messages(self, message: Message, _at: int) -> Iterator[Update]:
        if message.is_whole:
            self._control.begin()
        try:
            yield from self._control.take(message.content)
        finally:
            self._show_flags()

    def _track_status(self, message: Message, _at: int) -> tuple[()]:
        for key, value in members(message.content):
            if key == "Status" and text(value):
                self._told_track = True
                self._flags.show_track(text(value))
        self._show_flags()
        return ()

    def _session_status(self, message: Message, _at: int) -> tuple[()]:
        for key, value in members(message.content):
            if key == "Status" and text(value):
                self._told_status = True
                self._flags.show_status(text(value))
        self._show_flags()
        return ()

    def _session_data(self, message: Message, _at: int) -> tuple[()]:
        """Says again what other topics say: of use where those are missing."""
        for key, series in members(message.content):
            if key == "StatusSeries":
                for _, said in members(series):
                    self._take_statuses(said)
            elif key == "Series" and not self._told_part:
                for _, said in members(series):
                    self._take_part(said)
        self._show_flags()
        return ()

    def _take_statuses(self, said: object) -> None:
        for key, value in members(said):
            if key == "TrackStatus" and not self._told_track and text(value):
                self._flags.show_track(text(value))
            elif key == "SessionStatus" and not self._told_status and text(value):
                self._flags.show_status(text(value))

    def _take_part(self, said: object) -> None:
        for key, value in members(said):
            if key == "QualifyingPart":
                self._begin_part(count(value))

    def _show_flags(self) -> None:
        session = self._board.picture.session
        put(session, "flag", self._flags.flag)
        put(session, "zones", self._flags.zones)

    def _weather_data(self, message: Message, _at: int) -> tuple[()]:
        session = self._board.picture.session
        if message.is_whole:
            for column in TRACK:
                session.pop(column.id, None)
        take_weather(message.content, session)
        return ()

    def _extrapolated_clock(self, message: Message, at: int) -> tuple[()]:
        if message.is_whole:
            self._to_go.begin()
        clock = self._to_go.take(message.content, at)
        put(self._board.picture.session, "remaining", clock)
        return ()

    def _lap_count(self, message: Message, _at: int) -> tuple[()]:
        for key, value in members(message.content):
            if key == "CurrentLap":
                self._current_lap = count(value)
            elif key == "TotalLaps":
                put(self._board.picture.session, "laps_total", count(value))
        if self._current_lap is None:
            self._board.picture.session.pop("laps", None)
        return ()


def _clear(car: Car, columns: Iterable[str]) -> None:
    for column in columns:
        car.cells.pop(column, None)


def _stamp(message: Message) -> int | None:
    """The provider's own time of a message; a damaged one is none."""
    try:
        return instant(message.stamp)
    except BadFrame:
        return None
