"""The RMonitor parser: lines in, sessions, crossings and the picture out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from livetiming.events import Picture
from livetiming.racing import CarState, Flag
from livetiming.services import BadFrame, Frame, SessionSeen, Update
from livetiming.services.rmonitor.board import Board, Car
from livetiming.services.rmonitor.clocks import Watched
from livetiming.services.rmonitor.crossings import Crossings
from livetiming.services.rmonitor.lines import MAX_COUNT, UnknownCommand, decoded, read
from livetiming.services.rmonitor.records import (
    ClassName,
    Correction,
    Crossing,
    Entry,
    Heartbeat,
    Init,
    LapSpeed,
    Passing,
    Place,
    PracticePlace,
    RacePlace,
    Record,
    Run,
    Setting,
)
from livetiming.services.rmonitor.roster import Roster
from livetiming.services.rmonitor.sessions import describe, is_by_best_lap

MAX_LINE = 64 * 1024
MAX_HELD = 2_000
MAX_STRANGE = 100
SETTLE_MS = 1_000
"""A dump comes in one burst (0 ms in 19 of 19); the first heartbeat after this ends it."""

_AFTER = {
    Place.FINISH: CarState.RUN,
    Place.FINISH_PIT: CarState.PIT,
    Place.PIT_IN: CarState.PIT,
    Place.PIT_OUT: CarState.OUT,
}
_IN_DUMP = (Entry, ClassName, Setting, RacePlace, PracticePlace, LapSpeed)


class RMonitorParser:
    """Follows one feed over all its sessions.

    What follows an `$I`, and a heartbeat that does not go on from the one before, is held until a
    `$B` has said whose it is, or until anything else comes: by rule within a second.
    """

    def __init__(self) -> None:
        self._roster = Roster()
        self._run: Run | None = None
        self._venue: str | None = None
        self._has_speeds = False
        self._said: SessionSeen | None = None
        self._held: list[tuple[Record, int]] | None = None
        self._beat: Heartbeat | None = None
        self._had_init = False
        self._dump_at: int | None = None
        self._strange: set[str] = set()
        self._open()
        self._readers: dict[type[Any], Callable[[Any, int], Iterable[Update]]] = {
            Heartbeat: self._heartbeat,
            Entry: self._entry,
            Run: self._switch,
            ClassName: self._class_name,
            Setting: self._setting,
            RacePlace: self._race_place,
            PracticePlace: self._practice_place,
            Passing: self._passing,
            Correction: self._correction,
            Crossing: self._crossing,
            LapSpeed: self._lap_speed,
        }

    def _open(self) -> None:
        self._board = Board(by_best_lap=is_by_best_lap(self._run))
        self._crossings = Crossings()
        self._crossed: dict[str, Crossing] = {}
        self._race_clock, self._to_go_clock = Watched(1), Watched(-1)
        self._flag = Flag.NONE
        self._dump_at = None

    def picture(self) -> Picture:
        """The board now."""
        if self._roster.dirty or self._board.unnamed:
            self._board.name(self._roster.names())
        return self._board.settle()

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a line."""
        record = self._read(frame.data)
        if record is None:
            return
        if self._said is None and not isinstance(record, Run):
            yield self._describe()
        if self._is_held(record) and len(self._held or ()) < MAX_HELD:
            self._hold(record, frame.at)
        elif self._held is None:
            yield from self._readers[type(record)](record, frame.at)
        else:
            yield from self._release(record, frame.at)

    def _is_held(self, record: Record) -> bool:
        if isinstance(record, Heartbeat):
            before, self._beat = self._beat, record
            return before is not None and _starts_anew(before, record)
        return isinstance(record, Init) or (self._held is not None and isinstance(record, _IN_DUMP))

    def _read(self, data: str | bytes) -> Record | None:
        if len(data) > MAX_LINE:
            raise BadFrame("long line", f"{len(data)} bytes")
        try:
            return read(decoded(data))
        except UnknownCommand as error:
            if error.kind in self._strange or len(self._strange) >= MAX_STRANGE:
                return None
            self._strange.add(error.kind)
            raise

    def _hold(self, record: Record, at: int) -> None:
        if self._held is None:
            self._held = []
        if isinstance(record, Init):
            self._expect(record, at)
        else:
            self._held.append((record, at))

    def _release(self, record: Record, at: int) -> Iterator[Update]:
        held, self._held = self._held or [], None
        last = (record, at)
        trouble: BadFrame | None = None
        for one, one_at in [last, *held] if isinstance(record, Run) else [*held, last]:
            try:
                yield from self._readers[type(one)](one, one_at)
            except BadFrame as error:
                trouble = error
        if trouble is not None:
            raise trouble

    def _expect(self, init: Init, at: int) -> None:
        self._had_init = True
        self._roster.outdate()
        if init.reset:
            self._board.expect_dump()
            self._dump_at = at

    def _switch(self, run: Run, at: int) -> Iterator[Update]:
        before, self._run = self._run, run
        if before is None:
            self._board.rank(by_best_lap=is_by_best_lap(self._run))
            yield self._describe()
        elif run != before:
            yield from self._crossings.end(at)
            yield self._describe()
            self._start()
        self._had_init = False

    def _start(self) -> None:
        """After an `$I` the entries are those of the new run; without one they may be old."""
        self._roster.next_run()
        self._open()
        if self._had_init:
            for key in self._roster:
                self._board.car(key)

    def _describe(self) -> SessionSeen:
        self._said = describe(self._run, self._venue, has_speeds=self._has_speeds)
        return self._said

    def _setting(self, setting: Setting, _at: int) -> tuple[Update, ...]:
        if setting.name != "TRACKNAME" or setting.value in ("", self._venue):
            return ()
        self._venue = setting.value
        return (self._describe(),)

    def _entry(self, entry: Entry, _at: int) -> tuple[()]:
        self._board.car(entry.key)
        self._roster.enter(entry)
        return ()

    def _class_name(self, name: ClassName, _at: int) -> tuple[()]:
        self._roster.name_class(name)
        return ()

    def _heartbeat(self, beat: Heartbeat, at: int) -> Iterator[Update]:
        if beat.flag is not None:
            self._show(beat.flag)
        self._tell_time(beat, at)
        if self._dump_at is not None and at - self._dump_at >= SETTLE_MS:
            self._dump_at = None if self._board.end_dump() else self._dump_at
        yield from self._crossings.expire(at)
        if beat.flag is None:
            raise BadFrame("flag", f"{beat.flag_word[:20]!r} is none that we know")

    def _show(self, flag: Flag) -> None:
        """The chequered flag may come in again: Sebring 2009 went on, under red, then green."""
        if self._flag is Flag.CHEQUERED and flag not in (Flag.CHEQUERED, Flag.NONE):
            for car in self._board.cars.values():
                if car.state is CarState.FINISHED:
                    car.state = CarState.RUN
        self._flag = flag

    def _tell_time(self, beat: Heartbeat, at: int) -> None:
        session, flagged = self._board.picture.session, self._flag is not Flag.NONE
        session["flag"] = self._flag
        if beat.race_us is not None:
            session["elapsed"] = self._race_clock.show(beat.race_us, at, flagged=flagged)
        else:
            session.pop("elapsed", None)
        if beat.to_go_us or (beat.to_go_us == 0 and "remaining" in session):
            session["remaining"] = self._to_go_clock.show(beat.to_go_us, at, flagged=flagged)
        if beat.laps_to_go is not None and (beat.laps_to_go or flagged):
            session["laps_remaining"] = beat.laps_to_go
        else:
            session.pop("laps_remaining", None)

    def _race_place(self, place: RacePlace, at: int) -> tuple[Update, ...]:
        car = self._board.car(place.key)
        self._board.set_race(car, place.position, place.laps, place.total_us)
        if not place.started:
            car.state = CarState.NOT_STARTED
        elif car.state is CarState.NOT_STARTED:
            del car.cells["state"]
        return self._crossings.count(car, at)

    def _practice_place(self, place: PracticePlace, _at: int) -> tuple[()]:
        self._board.set_practice(self._board.car(place.key), place.position, place.best_us)
        return ()

    def _correction(self, correction: Correction, _at: int) -> tuple[()]:
        car = self._board.car(correction.key)
        laps = car.laps if correction.laps is None else correction.laps
        self._board.correct(car, laps, correction.total_us or car.total_us)
        return ()

    def _passing(self, passing: Passing, at: int) -> Iterator[Update]:
        car = self._board.car(passing.key)
        if self._crossings.is_history(car, passing):
            return
        yield from self._crossings.time(car, passing, at)
        if passing.lap_us is not None:
            self._board.set_last(car, passing.lap_us)
        self._move(car, self._crossings.line_of(car))

    def _crossing(self, crossing: Crossing, at: int) -> Iterator[Update]:
        """A car that has not been named yet is passed over: its reg no is not known."""
        key = self._roster.key_of(crossing.number)
        if crossing.place is None or key is None:
            return
        if crossing.time_of_day_us is not None and crossing == self._crossed.get(key):
            return
        if key in self._board.cars or key in self._roster:
            self._crossed[key] = crossing
            car = self._board.car(key)
            yield from self._crossings.cross(car, crossing.place, at)
            self._move(car, crossing.place)

    def _move(self, car: Car, place: Place) -> None:
        if car.state is CarState.FINISHED:
            return
        at_finish = place in (Place.FINISH, Place.FINISH_PIT)
        has_ended = at_finish and self._flag is Flag.CHEQUERED
        car.state = CarState.FINISHED if has_ended else _AFTER[place]

    def _lap_speed(self, lap: LapSpeed, _at: int) -> tuple[Update, ...]:
        car = self._board.car(lap.key)
        column = "best_speed" if lap.best else "speed"
        if lap.speed_kmh is None:
            car.cells.pop(column, None)
        else:
            car.cells[column] = lap.speed_kmh
        if lap.lap_us is not None and not lap.best:
            self._board.set_last(car, lap.lap_us)
        if self._has_speeds:
            return ()
        self._has_speeds = True
        return (self._describe(),)


def _starts_anew(before: Heartbeat, beat: Heartbeat) -> bool:
    """Whether a clock went the wrong way: a new run is shown before its `$B` (Sebring 2009)."""
    return (
        _race_us(beat) < _race_us(before)
        or (beat.to_go_us or 0) > (before.to_go_us or 0)
        or (beat.laps_to_go or 0) > (before.laps_to_go or MAX_COUNT)
    )


def _race_us(beat: Heartbeat) -> int:
    return -1 if beat.race_us is None else beat.race_us
