"""The Multiloop parser: lines in, sessions, crossings, messages and the picture out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from livetiming.events import Picture
from livetiming.racing import CarState, Flag
from livetiming.services import BadFrame, Frame, SessionSeen, Strange, Update, ValueClock
from livetiming.services.multiloop.board import Board
from livetiming.services.multiloop.car import Car
from livetiming.services.multiloop.crossings import FINISHES, PLACES, Crossings, Place
from livetiming.services.multiloop.lines import MAX_LINE, UnknownCommand, decoded, read
from livetiming.services.multiloop.notices import Notices
from livetiming.services.multiloop.records import (
    Announcement,
    Crossing,
    Driver,
    Entry,
    Flagged,
    Heartbeat,
    Invalidated,
    Leader,
    Line,
    Result,
    Run,
    Section,
    Sort,
    Track,
    Version,
    Zone,
)
from livetiming.services.multiloop.sectors import Sectors
from livetiming.services.multiloop.sessions import describe, key_of

MAX_HELD = 2_000
HOLD_MS = 10_000
"""So long the records of a run that has not been named wait for its `$R`."""


_Reader = Callable[[Any, Sort, int], Iterable[Update]]


class MultiloopParser:
    """Follows one feed over all its sessions.

    A session is (preamble, event, run). Records with another preamble than that of the session
    wait for the `$R` that names theirs.
    """

    def __init__(self) -> None:
        self._preamble = ""
        self._run: Run | None = None
        self._key: str | None = None
        self._timezone: str | None = None
        self._venue: str | None = None
        self._said: SessionSeen | None = None
        self._held: list[tuple[Line, int]] = []
        self._sectors = Sectors()
        self._strange = Strange()
        self._open()
        self._readers: dict[type[Any], _Reader] = {
            Heartbeat: self._heartbeat,
            Result: self._result,
            Section: self._section,
            Crossing: self._crossing,
            Invalidated: self._invalidated,
            Flagged: self._flagged,
            Leader: self._nothing,
            Entry: self._entry,
            Run: self._switch,
            Track: self._track,
            Announcement: self._announcement,
            Version: self._nothing,
            Driver: self._driver,
            Zone: self._zone,
        }

    def _open(self) -> None:
        self._board = Board()
        self._crossings = Crossings()
        self._notices = Notices()
        self._elapsed, self._to_go = ValueClock(1), ValueClock(-1)
        self._flag = Flag.NONE

    def picture(self) -> Picture:
        """The board now."""
        return self._board.settle(self._sectors.count)

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a line."""
        line = self._read(frame.data)
        if line is None:
            return
        if self._said is None and not isinstance(line.record, Run):
            yield self._describe()
        if self._is_of_another_run(line):
            yield from self._hold(line, frame.at)
        else:
            yield from self._take(line, frame.at)
        self._strange.tell()

    def _read(self, data: str | bytes) -> Line | None:
        if len(data) > MAX_LINE:
            raise BadFrame("long line", f"{len(data)} bytes")
        try:
            return read(decoded(data))
        except UnknownCommand as error:
            self._strange.meet("command", error.kind.removeprefix("command "))
            self._strange.tell()
            return None

    def _is_of_another_run(self, line: Line) -> bool:
        """A line of the open run says that those of another one before it were strays."""
        self._preamble = self._preamble or line.preamble
        if line.preamble and line.preamble == self._preamble:
            self._held = []
        return bool(line.preamble) and line.preamble != self._preamble

    def _take(self, line: Line, at: int) -> Iterator[Update]:
        yield from self._readers[type(line.record)](line.record, line.sort, at)

    def _hold(self, line: Line, at: int) -> Iterator[Update]:
        """Keep a record of a run that is not open yet: its `$R` opens it, or the time does."""
        if self._held and self._held[0][0].preamble != line.preamble:
            self._held = []
        if isinstance(line.record, Run):
            yield from self._begin(line.preamble, line.record)
        elif self._held and at - self._held[0][1] >= HOLD_MS:
            yield from self._begin(line.preamble, None)
            yield from self._take(line, at)
        elif len(self._held) < MAX_HELD:
            self._held.append((line, at))

    def _begin(self, preamble: str, run: Run | None) -> Iterator[Update]:
        """Open the next session; the track stays, as its `$T` is sent but now and then."""
        yield from self._crossings.end()
        self._preamble, self._run = preamble, run
        self._key = key_of(preamble, run)
        yield self._describe()
        self._open()
        held, self._held = self._held, []
        for line, at in held:
            yield from self._take(line, at)

    def _switch(self, run: Run, _sort: Sort, _at: int) -> Iterator[Update]:
        before = self._run
        if before is not None and (run.event, run.name) != (before.event, before.name):
            self._held = []
            yield from self._begin(self._preamble, run)
        elif run != before:
            self._run = run
            self._key = self._key or key_of(self._preamble, run)
            yield self._describe()

    def _describe(self) -> SessionSeen:
        self._said = describe(
            self._key, self._run, self._venue, self._timezone, sectors=self._sectors.count
        )
        return self._said

    def _heartbeat(self, beat: Heartbeat, _sort: Sort, at: int) -> Iterator[Update]:
        session = self._board.picture.session
        if self._elapsed.is_set_back(beat.elapsed_us):
            self._crossings.restart()
            self._board.restart()
        session["elapsed"] = self._elapsed.show(beat.elapsed_us, at)
        if beat.to_go_us or "remaining" in session:
            session["remaining"] = self._to_go.show(beat.to_go_us, at)
        if beat.laps_to_go or "laps_remaining" in session:
            session["laps_remaining"] = beat.laps_to_go
        yield from self._crossings.expire(at)
        yield from self._notices.set_clock(beat.clock_at, at)
        self._show(beat.flag, beat.flag_word)

    def _flagged(self, flagged: Flagged, _sort: Sort, _at: int) -> tuple[()]:
        self._show(flagged.flag, flagged.flag_word)
        return ()

    def _show(self, flag: Flag | None, word: str) -> None:
        """An unknown flag is told, and the one before stays."""
        if flag is None:
            self._strange.meet("flag", word)
            return
        if self._flag is Flag.CHEQUERED and flag not in (Flag.CHEQUERED, Flag.NONE):
            self._board.go_on()
        self._flag = flag
        self._board.picture.session["flag"] = flag

    def _car(self, number: str, entry: str) -> Car | None:
        car = self._board.car(number, entry)
        if car is None:
            self._strange.meet("car of two with one number", number)
        return car

    def _result(self, result: Result, sort: Sort, _at: int) -> Iterator[Update]:
        car = self._car(result.number, result.entry)
        if car is None or _is_history(car, result, sort):
            return
        has_crossed = False
        for fact in self._crossings.count(car, result, sort):
            has_crossed = True
            yield fact
        self._board.stand(car, result)
        if result.rank == 1:
            self._board.picture.session["laps"] = result.laps
        if has_crossed:
            self._move(car, Place.FINISH_PIT if result.in_pit else Place.FINISH)

    def _crossing(self, crossing: Crossing, sort: Sort, at: int) -> Iterator[Update]:
        car = self._car(crossing.number, crossing.entry)
        place = PLACES.get(crossing.line)
        if car is None or sort is Sort.REPEATED:
            return
        if place is Place.FINISH and crossing.in_pit:
            place = Place.FINISH_PIT
        if place is None:
            car.move(CarState.PIT if crossing.in_pit else CarState.RUN)
            return
        yield from self._crossings.cross(car, place, crossing, at)
        self._move(car, place)

    def _move(self, car: Car, place: Place) -> None:
        if place in FINISHES and self._flag is Flag.CHEQUERED:
            car.move(CarState.FINISHED)
        else:
            car.move(_AFTER[place])

    def _invalidated(self, lap: Invalidated, _sort: Sort, _at: int) -> tuple[()]:
        """Take back the last lap; of an earlier one only the `$C` tells that follows."""
        car = self._board.known(lap.number, lap.entry)
        if car is not None and lap.total_us is not None and lap.total_us == car.total_us:
            self._board.take_back(car)
        return ()

    def _section(self, section: Section, _sort: Sort, _at: int) -> tuple[()]:
        car = self._board.entered(section.entry)
        if section.number is not None:
            car = self._car(section.number, section.entry)
        sector = self._sectors.number(section.section)
        if car is not None and sector is not None:
            self._board.complete(car, sector, section.done_us, section.time_us)
        return ()

    def _entry(self, entry: Entry, _sort: Sort, _at: int) -> tuple[()]:
        self._board.enter(entry)
        return ()

    def _driver(self, driver: Driver, _sort: Sort, _at: int) -> tuple[()]:
        car = self._board.entered(driver.entry)
        if car is not None and driver.driver:
            car.cells["driver"] = driver.driver
        return ()

    def _track(self, track: Track, _sort: Sort, _at: int) -> Iterator[Update]:
        before = (self._venue, self._sectors.count)
        self._venue = track.name or None
        self._sectors.learn(track.parts)
        if before != (self._venue, self._sectors.count):
            yield self._describe()

    def _zone(self, zone: Zone, _sort: Sort, _at: int) -> Iterator[Update]:
        if zone.timezone and zone.timezone != self._timezone:
            self._timezone = zone.timezone
            yield self._describe()

    def _announcement(self, announcement: Announcement, _sort: Sort, _at: int) -> Iterable[Update]:
        return self._notices.take(announcement)

    def _nothing(self, _record: Leader | Version, _sort: Sort, _at: int) -> tuple[()]:
        return ()


_AFTER = {
    Place.FINISH: CarState.RUN,
    Place.FINISH_PIT: CarState.PIT,
    Place.PIT_IN: CarState.PIT,
    Place.PIT_OUT: CarState.OUT,
}


def _is_history(car: Car, result: Result, sort: Sort) -> bool:
    """Whether a new result comes late, after that of a later crossing; a corrected one may."""
    is_known = car.total_us is not None and result.total_us is not None
    return sort is Sort.NEW and is_known and (result.total_us or 0) < (car.total_us or 0)
