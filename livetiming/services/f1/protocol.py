"""The Formula 1 parser: messages by topic in, sessions, crossings, messages and the picture out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from livetiming.events import Picture
from livetiming.services import BadFrame, Fact, Finished, Frame, SessionSeen, Strange, Update
from livetiming.services.f1.board import Board
from livetiming.services.f1.car import Car
from livetiming.services.f1.cells import put
from livetiming.services.f1.clocks import ToGo
from livetiming.services.f1.envelopes import Message, read
from livetiming.services.f1.members import members
from livetiming.services.f1.parts import Part
from livetiming.services.f1.sessions import Session
from livetiming.services.f1.signals import Signals
from livetiming.services.f1.topics import PASSED_OVER
from livetiming.services.f1.values import count, instant
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
        self._signals = Signals(self._board.picture.session, self._strange)
        self._to_go = ToGo()
        self._waiting: dict[str, Car] = {}
        self._current_lap: int | None = None
        self._is_part_told = self._is_end_told = False

    def picture(self) -> Picture:
        """The board now."""
        picture = self._board.settle()
        if self._current_lap is not None:
            picture.session["laps"] = self._laps(self._current_lap)
        return picture

    def _laps(self, current: int) -> int:
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
                yield from self._describe()
            try:
                yield from reader(message, frame.at)
            except BadFrame as error:
                trouble = trouble or error
        if self._signals.has_ended and not self._is_end_told:
            self._is_end_told = True
            yield Finished()
        if trouble is not None:
            raise trouble
        self._strange.tell()

    def _meet(self, topic: str) -> None:
        if topic not in PASSED_OVER:
            self._strange.meet("topic", topic)

    def _describe(self) -> Iterator[SessionSeen]:
        seen = self._session.seen
        if seen != self._said:
            self._said = seen
            yield seen

    def _session_info(self, message: Message, _at: int) -> Iterator[Update]:
        """Another key is another session; it is told before the board is cleared for it."""
        before = self._session
        self._session = before.after(message.content, is_whole=message.is_whole)
        yield from self._describe()
        if before.key not in (None, self._session.key):
            self._open()
        elif self._part.prefix != self._session.prefix:
            self._part.prefix = self._session.prefix
            self._board.show_part()

    def _timing_data(self, message: Message, at: int) -> Iterator[Update]:
        if message.is_whole:
            self._board.renew(message.topic)
            self._waiting.clear()
        for key, value in members(message.content):
            if key == "Lines":
                yield from self._lines(value, message, at)
            elif key == "SessionPart":
                self._is_part_told = True
                self._begin_part(value)

    def _lines(self, lines: Any, message: Message, at: int) -> Iterator[Update]:
        for number, said in members(lines):
            if said is None:
                self._board.leave(number, message.topic)
                continue
            car = self._board.car(number, message.topic)
            timing = car.timing
            laps, in_pit = timing.laps, timing.in_pit
            self._take_line(car, said)
            if message.is_whole:
                car.crossings.begin(timing)
            elif (
                timing.new_lap_us is not None or timing.laps != laps or timing.in_pit is not in_pit
            ):
                yield from self._cross(car, laps, in_pit, message, at)

    def _take_line(self, car: Car, said: Any) -> None:
        """Also what a bad line says before it goes bad has its place and its rank."""
        timing = car.timing
        line, best_us = timing.line, timing.shown_best_us
        try:
            timing.take(said)
        finally:
            if timing.line != line:
                self._board.is_unordered = True
            if timing.shown_best_us != best_us:
                self._board.rank_best()

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

    def _begin_part(self, said: object) -> None:
        if self._part.begin(count(said)):
            self._board.show_part()

    def _driver_list(self, message: Message, _at: int) -> tuple[()]:
        if message.is_whole:
            self._board.renew(message.topic)
        for number, said in members(message.content):
            if type(said) is dict:
                self._board.car(number, message.topic).names.take(said)
                self._board.is_unordered = True
            else:
                self._board.leave(number, message.topic)
        return ()

    def _timing_app_data(self, message: Message, _at: int) -> tuple[()]:
        for car, said in self._cars(message):
            car.tyres.take(said)
        return ()

    def _timing_stats(self, message: Message, _at: int) -> tuple[()]:
        for car, said in self._cars(message):
            car.stats.take(said)
        return ()

    def _cars(self, message: Message) -> Iterator[tuple[Car, Any]]:
        if message.is_whole:
            self._board.renew(message.topic)
        for key, lines in members(message.content):
            if key != "Lines":
                continue
            for number, said in members(lines):
                if said is None:
                    self._board.leave(number, message.topic)
                else:
                    yield self._board.car(number, message.topic), said

    def _track_status(self, message: Message, _at: int) -> tuple[()]:
        self._signals.take_track_status(message.content)
        return ()

    def _session_status(self, message: Message, _at: int) -> tuple[()]:
        self._signals.take_session_status(message.content)
        return ()

    def _race_control_messages(self, message: Message, _at: int) -> Iterator[Update]:
        return self._signals.take_messages(message.content, is_whole=message.is_whole)

    def _session_data(self, message: Message, _at: int) -> tuple[()]:
        for key, series in members(message.content):
            if key == "StatusSeries":
                self._signals.take_series(series)
            elif key == "Series" and not self._is_part_told:
                self._take_parts(series)
        return ()

    def _take_parts(self, series: object) -> None:
        for _, entry in members(series):
            for key, value in members(entry):
                if key == "QualifyingPart":
                    self._begin_part(value)

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
        clock = self._to_go.take(message.content, at, _stamp(message))
        put(self._board.picture.session, "remaining", clock)
        return ()

    def _lap_count(self, message: Message, _at: int) -> tuple[()]:
        session = self._board.picture.session
        for key, value in members(message.content):
            if key == "CurrentLap":
                self._current_lap = count(value)
            elif key == "TotalLaps":
                put(session, "laps_total", count(value))
        if self._current_lap is None:
            session.pop("laps", None)
        return ()


def _stamp(message: Message) -> int | None:
    """The provider's own time of a message; a damaged one is none."""
    try:
        return instant(message.stamp)
    except BadFrame:
        return None
