"""The parser: messages of the WebSocket in, sessions, crossings, words and the picture out."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Clock, Origin, Picture, Posted, Style
from livetiming.racing import Flag, Kind
from livetiming.services import BadFrame, Fact, Frame, SessionSeen, Strange, Update, read_json
from livetiming.services.wige.board import Board
from livetiming.services.wige.control import Control, Message, car_number
from livetiming.services.wige.fields import Row, rows, text
from livetiming.services.wige.sessions import describe
from livetiming.services.wige.zones import Zones

_FLAGS = {"0": Flag.GREEN, "1": Flag.YELLOW, "2": Flag.RED}
_UNREAD = frozenset({"7", "501", "9002"})
"""Laps of a car, top qualifying, statistics: not asked for, and known by the table."""
_INSTANT = 10**11
"""An end beyond this is an instant, epoch ms; else it is how long it is until then."""
_FARTHEST_MS = 14 * 24 * 3_600_000
_MAX_DIGITS = 15
_CATEGORY = "Race control"


class WigeParser:
    """Follows one event over all its sessions."""

    def __init__(self) -> None:
        self._strange = Strange()
        self._control = Control()
        self._seen: SessionSeen | None = None
        self._server_ahead_ms = 0
        self._flag: Flag | None = None
        self._remaining: tuple[str, Clock] | None = None
        self._waiting: Frame | None = None
        self._open()

    def _open(self) -> None:
        self._board = Board(self._strange)
        self._zones = Zones()
        self._session = ""

    def picture(self) -> Picture:
        """The table now."""
        return Picture(self._board.cars, self._board.order, self._fields())

    def _fields(self) -> dict[str, str | int | float | Clock]:
        fields: dict[str, str | int | float | Clock] = {}
        flag = self._flag
        if flag in (None, Flag.GREEN):
            flag = self._zones.flag or flag
        if flag is not None:
            fields["flag"] = flag
        if self._zones.words is not None:
            fields["zones"] = self._zones.words
        if self._remaining is not None and self._remaining[0] in ("", self._session):
            fields["remaining"] = self._remaining[1]
        if self._is_race and self._board.leader_laps is not None:
            fields["laps"] = self._board.leader_laps
        return fields

    @property
    def _is_race(self) -> bool:
        return self._seen is not None and self._seen.kind is Kind.RACE

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a message."""
        document = read_json(frame.data)
        if not isinstance(document, dict):
            raise BadFrame("no object", f"got {type(document).__name__}")
        yield from self._read(document, frame)
        self._strange.tell()

    def _read(self, document: Row, frame: Frame) -> Iterator[Update]:
        match text(document, "PID"):
            case "0":
                yield from self._result(document)
            case "3":
                yield from self._messages(document, frame)
            case "4":
                self._track_state(document, frame.at)
            case "LTS_TIMESYNC":
                self._set_clock(document, frame.at)
            case "LTS_NOT_FOUND":
                raise BadFrame("not found", "the server knows no such event; check its id")
            case pid if pid not in _UNREAD:
                self._strange.meet("PID", pid)

    def _result(self, result: Row) -> Iterator[Update]:
        rows(result, "RESULT")
        seen = describe(result)
        if seen != self._seen:
            yield seen
            if self._seen is not None and seen.key != self._seen.key:
                self._end()
            self._seen = seen
        self._session = text(result, "SESSION")
        self._show_flag(result)
        yield from self._board.show(result)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            yield from self._messages(read_json(waiting.data), waiting)

    def _end(self) -> None:
        self._open()
        if self._remaining is not None and not self._remaining[0]:
            self._remaining = None

    def _messages(self, document: Row, frame: Frame) -> Iterator[Update]:
        """Held until the session is known whose they are."""
        of = text(document, "SESSION")
        if self._seen is None or (of and self._session and of != self._session):
            self._waiting = frame
            return
        for message in self._control.hear(document, frame.at):
            self._zones.hear(message.text)
            yield Fact(self._posted(message), message.at)

    def _posted(self, message: Message) -> Posted:
        num = car_number(message.text)
        cars = [] if num is None else self._board.ids_of(num)
        return Posted(
            category=message.group[:32] or _CATEGORY,
            text=message.text,
            style=Style.RACE_CONTROL,
            car=cars[0] if len(cars) == 1 else None,
            origin=Origin.PROVIDER,
        )

    def _track_state(self, document: Row, at: int) -> None:
        self._show_flag(document)
        end = text(document, "ENDTIME")
        if end.isascii() and end.isdigit() and len(end) <= _MAX_DIGITS:
            self._tell_time(text(document, "SESSION"), int(end), at)

    def _tell_time(self, session: str, end: int, at: int) -> None:
        """An end of zero is none."""
        left_ms = end - (at + self._server_ahead_ms) if end > _INSTANT else end
        if end == 0 or left_ms > _FARTHEST_MS:
            self._remaining = None
        else:
            self._remaining = (session, Clock(max(0, left_ms) * 1000, at, runs=True))

    def _show_flag(self, document: Row) -> None:
        """An unknown state is told, and the one before stays."""
        state = text(document, "TRACKSTATE")
        if state in _FLAGS:
            self._flag = _FLAGS[state]
        elif state:
            self._strange.meet("TRACKSTATE", state)

    def _set_clock(self, document: Row, at: int) -> None:
        now = document.get("serverLocalTime")
        if isinstance(now, int | float) and abs(now - at) <= _FARTHEST_MS:
            self._server_ahead_ms = round(now - at)
