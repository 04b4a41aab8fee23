"""Reads the demo's own feed; refuses what no frame of it can be."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from livetiming.errors import BadValue
from livetiming.events import (
    Cells,
    Clock,
    Origin,
    Passed,
    Picture,
    Posted,
    SessionValue,
    Style,
    car_id,
)
from livetiming.racing import CarState, Flag, Kind
from livetiming.services import BadFrame, Fact, Finished, Frame, SessionSeen, Update
from livetiming.services.demo.frames import Beat, Clocks, Crossing, End, Fields, Note, Rows, Start
from livetiming.services.demo.table import COLUMNS, TRACK

LINES = frozenset({"finish", "finish_pit", "pit_in", "pit_out"})
MAX_CARS = 200

_COLUMNS = frozenset(column.id for column in COLUMNS)
_TEXT_FIELDS = frozenset({"flag", "zones"})
_FIELDS = _TEXT_FIELDS | {"laps"} | {column.id for column in TRACK}
_STATES = frozenset(CarState)
_FLAGS = frozenset(Flag)
_STYLES = frozenset({*Flag, *Style})
_decoder: msgspec.json.Decoder[Start | Beat | End] = msgspec.json.Decoder(Start | Beat | End)


class DemoParser:
    """Reads the frames of one race after another."""

    def __init__(self) -> None:
        self._key: str | None = None
        self._cars: dict[str, Cells] = {}
        self._order: list[str] = []
        self._session: dict[str, SessionValue] = {}
        self._source_at: int | None = None

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a frame; nothing is taken over from one that is refused."""
        message = _decode(frame.data)
        match message:
            case Start():
                yield from self._start(message, frame.at)
            case Beat():
                yield from self._beat(message, frame.at)
            case End():
                self._check_started()
                yield Finished()

    def picture(self) -> Picture:
        """The table as the frames told it."""
        return Picture(self._cars, self._order, self._session, self._source_at)

    def _start(self, start: Start, at: int) -> Iterator[Update]:
        _check_start(start)
        yield SessionSeen(
            key=start.key,
            name=start.name,
            description=start.description,
            kind=Kind.RACE,
            columns=COLUMNS,
            track=TRACK,
            venue=start.venue,
            timezone=start.timezone,
        )
        self._key = start.key
        self._cars = {car: {} for car in start.order}
        self._order = start.order
        self._set_cells(start.cars)
        self._set_session(start.fields, start.clock, at)
        self._source_at = start.at
        yield from map(_message, start.notes)

    def _beat(self, beat: Beat, at: int) -> Iterator[Update]:
        """A beat that is not newer was read before."""
        self._check_started()
        _check_rows(beat.cars, self._cars)
        _check_fields(beat.fields or {})
        if beat.order is not None:
            _check_order(beat.order, self._cars)
        _check_facts(beat.passed, beat.notes, self._cars)
        if self._source_at is not None and beat.at <= self._source_at:
            return
        self._set_cells(beat.cars)
        self._order = beat.order or self._order
        self._set_session(beat.fields, beat.clock, at)
        self._source_at = beat.at
        yield from map(_crossing, beat.passed)
        yield from map(_message, beat.notes)

    def _check_started(self) -> None:
        if self._key is None:
            raise BadFrame("too early", "expected a frame of kind race first")

    def _set_cells(self, rows: Rows) -> None:
        for car, changes in rows.items():
            cells = self._cars[car]
            for column, cell in changes.items():
                if cell is None:
                    cells.pop(column, None)
                else:
                    cells[column] = cell

    def _set_session(self, fields: Fields | None, clocks: Clocks, at: int) -> None:
        if fields is not None:
            self._session = {**fields}
        self._session["elapsed"] = Clock(clocks.elapsed_us, at, clocks.runs)
        self._session["remaining"] = Clock(clocks.remaining_us, at, clocks.runs)


def _decode(data: str | bytes) -> Start | Beat | End:
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadFrame("not a frame", f"{error}, got {data[:80]!r}") from error


def _check_start(start: Start) -> None:
    for text in (start.key, start.name, start.description, start.venue, start.timezone):
        _check_text(text)
    if len(start.order) > MAX_CARS:
        raise BadFrame("cars", f"expected at most {MAX_CARS}, got {len(start.order)}")
    for car in start.order:
        _check_car(car)
    _check_order(start.order, start.cars)
    _check_rows(start.cars, start.cars)
    _check_fields(start.fields)
    _check_facts([], start.notes, start.cars)


def _check_car(car: str) -> None:
    try:
        clean = car_id(car)
    except BadValue as error:
        raise BadFrame("cars", str(error)) from error
    if clean != car:
        raise BadFrame("cars", f"expected a clean number, got {car!r:.40}")


def _check_rows(rows: Rows, cars: Collection[str]) -> None:
    for car, cells in rows.items():
        if car not in cars:
            raise BadFrame("cars", f"expected one of this race, got {car!r:.40}")
        for column in cells:
            if column not in _COLUMNS:
                raise BadFrame("columns", f"expected one of this feed, got {column!r:.40}")
        if cells.get("state", CarState.RUN) not in _STATES:
            raise BadFrame("state", f"expected a state, got {cells['state']!r:.40}")


def _check_order(order: list[str], cars: Collection[str]) -> None:
    if len(order) != len(cars) or set(order) != set(cars):
        raise BadFrame("order", "expected exactly the cars, each once")


def _check_fields(fields: Fields) -> None:
    for field, value in fields.items():
        if field not in _FIELDS or isinstance(value, str) != (field in _TEXT_FIELDS):
            raise BadFrame("fields", f"got {field!r:.40} with {value!r:.40}")
        if field == "laps" and not isinstance(value, int):
            raise BadFrame("fields", f"laps: expected an integer, got {value!r:.40}")
        if field == "flag" and value not in _FLAGS:
            raise BadFrame("flag", f"expected a flag, got {value!r:.40}")


def _check_facts(passed: list[Crossing], notes: list[Note], cars: Collection[str]) -> None:
    for crossing in passed:
        if crossing.car not in cars or crossing.line not in LINES:
            raise BadFrame("crossing", f"got {crossing.car!r:.40} on {crossing.line!r:.40}")
    for note in notes:
        _check_text(note.category)
        _check_text(note.text)
        if note.style is not None and note.style not in _STYLES:
            raise BadFrame("style", f"expected a flag or a style, got {note.style!r:.40}")
        if note.car is not None and note.car not in cars:
            raise BadFrame("message", f"expected a car of this race, got {note.car!r:.40}")


def _check_text(text: str) -> None:
    if not text.strip() or not text.isprintable():
        raise BadFrame("text", f"expected some, got {text!r:.40}")


def _crossing(crossing: Crossing) -> Fact:
    passed = Passed(
        crossing.car,
        crossing.line,
        crossing.lap,
        crossing.lap_us,
        crossing.total_us,
        crossing.driver,
    )
    return Fact(passed, crossing.at)


def _message(note: Note) -> Fact:
    posted = Posted(
        category=note.category,
        text=note.text,
        style=note.style,
        car=note.car,
        origin=Origin.PROVIDER,
    )
    return Fact(posted, note.at)
