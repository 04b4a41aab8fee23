"""One car followed through its session, so that it can be seen what a change of it means."""

from __future__ import annotations

import msgspec

from livetiming.events import Cells, Passed
from livetiming.events.model import CellChange
from livetiming.projections.happenings.cells import (
    class_position,
    gap_of,
    mark_of,
    number_of,
    sector_of,
    text_of,
)
from livetiming.projections.happenings.counting import Counting, Ended
from livetiming.projections.happenings.kinds import (
    DriverChanged,
    Entry,
    EntryChanged,
    Lap,
    LapCompleted,
    LapCorrected,
    LapTakenBack,
    PlaceChanged,
    Refuelled,
    StateChanged,
    Waits,
)
from livetiming.projections.happenings.lane import IN_PIT, ON_TRACK, Lane
from livetiming.projections.happenings.moment import Moment
from livetiming.racing import CarState, Mark

NOTED = frozenset(("laps", "last", "state", "driver", "num", "class", "team", "car", "best"))
"""Columns whose change may mean something; the rest is read when something happens."""
_ENTRY = frozenset(("num", "class", "team", "car", "best"))
_NO_CELLS: Cells = {}


class Car:
    """What is known of a car.

    Args:
        id_: its id.
    """

    __slots__ = ("_entry", "_lane", "_state", "counting", "id", "is_present", "place")

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.is_present = False
        self.place: int | None = None
        """From 1."""
        self.counting = Counting()
        self._lane = Lane(id_)
        self._state: CarState | None = None
        self._entry: Entry | None = None

    def cross(self, passed: Passed, at: int, now: Moment, *, is_last: bool) -> None:
        """Take a crossing, with the state after the change of its instant.

        Args:
            passed: the crossing.
            at: its instant.
            now: the event that completes that instant, or comes after it.
            is_last: whether it is the car's last one; of others nobody saw place and gap.
        """
        if passed.driver is not None:
            self._drive(passed.driver, now)
        lane = self._lane
        match passed.line:
            case "pit_in":
                lane.come_in(now, at, self.counting.next, is_timed=True)
            case "pit_out":
                lane.go_out(now, at, is_timed=True)
            case "finish" | "finish_pit" as line:
                cells = now.state.cars.get(self.id, _NO_CELLS)
                lane.num = text_of(cells.get("num")) or lane.num
                lane.cross(
                    now, at, passed.lap or self.counting.next,
                    in_lane=line == "finish_pit", is_shown_in=cells.get("state") in IN_PIT,
                )  # fmt: skip
                self._count(passed, at, now, is_last=is_last)

    def look(self, changes: dict[str, CellChange], now: Moment) -> None:
        """See what a change of its cells means, after the crossings of that instant."""
        is_first, self.is_present = not self.is_present, True
        cells = now.state.cars[self.id]
        if is_first or not _ENTRY.isdisjoint(changes):
            self._enter(cells, now)
        if "driver" in changes:
            self._drive(text_of(cells.get("driver")), now)
        if is_first or "state" in changes:
            self._be(cells.get("state"), now, is_first=is_first)
        if "last" in changes:
            self._time(cells.get("last"), now, is_first=is_first)
        if "laps" in changes:
            for lap in self.counting.count(number_of(cells.get("laps")), now.at):
                now.found.append(LapTakenBack(lap))
        if "laps" in changes or "last" in changes:
            self._pair(now)

    def leave(self, now: Moment) -> None:
        """It is no longer in the table."""
        now.found.append(StateChanged(self.id, now.at, self._state, None))
        now.found.append(PlaceChanged(self.id, now.at, self.place, None))
        self.is_present = False
        self.place = self._state = None
        self.counting.leave()
        if self._entry is not None:
            self._entry = msgspec.structs.replace(self._entry, present=False)
            now.found.append(EntryChanged(self._entry))

    def expire(self, now: Moment) -> None:
        """Wait no longer for the other half of a lap."""
        match self.counting.expire(trusts_crossings=now.trusts_crossings):
            case LapCompleted() as again:
                for each in (*self.counting.given_back(again.lap.lap), again):
                    self._tell(each, now)
            case Ended(lap, time_us, at):
                if lap in self.counting.done:
                    self._correct(lap, time_us, now)
                else:
                    self._complete(Ended(lap, time_us, at), now, is_last=True)

    # Where it is and who drives it.

    def _be(self, told: CellChange, now: Moment, *, is_first: bool) -> None:
        before = self._state
        self._state = state = CarState(told) if isinstance(told, str) else None
        if before is not state or is_first:
            now.found.append(StateChanged(self.id, now.at, before, state))
        lane = self._lane
        if state in IN_PIT and is_first and not self.counting.done:
            if not lane.is_in:
                lane.be_in()
        elif state in IN_PIT:
            lane.come_in(
                now, now.at, self.counting.next, is_timed=not is_first
            )  # fmt: skip
        elif state in ON_TRACK:
            lane.go_out(now, now.at, is_timed=not is_first)
        if state is CarState.FUEL and before is not state:
            now.found.append(Refuelled(self.id, now.at))

    def _drive(self, driver: str | None, now: Moment) -> None:
        if driver is None or driver == self._lane.driver:
            return
        before, self._lane.driver = self._lane.driver, driver
        if before is not None:
            is_out_lap = self._lane.is_out_lap and not self._lane.is_in
            now.found.append(DriverChanged(self.id, now.at, before, driver, is_out_lap))

    def _enter(self, cells: Cells, now: Moment) -> None:
        known = self._entry
        entry = Entry(
            self.id,
            text_of(cells.get("num")) or self.id,
            text_of(cells.get("class")),
            text_of(cells.get("team")),
            text_of(cells.get("car")),
            self._from_lap(cells) if known is None else known.from_lap,
            number_of(cells.get("best")),
            present=True,
        )
        if entry != known:
            self._entry = entry
            self._lane.num = entry.num
            now.found.append(EntryChanged(entry))

    def _from_lap(self, cells: Cells) -> int | None:
        """Laps before the first one that was seen."""
        done = self.counting.done
        return min(done) - 1 if done else number_of(cells.get("laps"))

    # Its laps.

    def _count(self, passed: Passed, at: int, now: Moment, *, is_last: bool) -> None:
        lap, counting = passed.lap, self.counting
        if lap is None:
            return
        if lap < 1:
            counting.laps = counting.laps or 0
            self._lane.begin_lap()
        elif lap in counting.done:
            self._correct(lap, passed.lap_us, now)
        else:
            self._complete(Ended(lap, passed.lap_us, at), now, is_last=is_last)

    def _time(self, cell: CellChange, now: Moment, *, is_first: bool) -> None:
        valid = self.counting.time(cell, is_first=is_first)
        if valid is not None:
            known = self.counting.done[self.counting.laps or 0].lap
            if known.valid is not valid:
                self._mend(msgspec.structs.replace(known, valid=valid), known, now)

    def _pair(self, now: Moment) -> None:
        ended = self.counting.pair()
        if ended is not None:
            self._complete(ended, now, is_last=True)
        elif self.counting.waits:
            now.found.append(Waits(self.id, now.at))

    def _complete(self, ended: Ended, now: Moment, *, is_last: bool) -> None:
        counting = self.counting
        for again in counting.given_back(ended.lap):
            self._tell(again, now)
        is_newest = counting.laps is None or ended.lap > counting.laps
        self._tell(self._completed(ended, now, is_seen=is_newest and is_last), now)
        if is_newest:
            self._lane.begin_lap()

    def _tell(self, completed: LapCompleted, now: Moment) -> None:
        self.counting.complete(completed)
        now.found.append(completed)

    def _completed(self, ended: Ended, now: Moment, *, is_seen: bool) -> LapCompleted:
        """Read what there is to say of a lap; one that nobody saw end has no place and no gap."""
        cells = now.state.cars.get(self.id, _NO_CELLS)
        get = cells.get
        place = self.place if is_seen else None
        mark = mark_of(get("last"), ended.time_us) if is_seen else None
        flag = now.state.session.get("flag")
        taken = self.counting.taken.get(ended.lap)
        lap = Lap(
            self.id,
            text_of(get("num")) or self.id,
            text_of(get("class")),
            text_of(get("team")),
            ended.lap,
            ended.time_us,
            ended.at,
            self._lane.driver,
            place,
            None if place is None else class_position(now.state, cells, place),
            sector_of(get("s1")) if is_seen else None,
            sector_of(get("s2")) if is_seen else None,
            sector_of(get("s3")) if is_seen else None,
            flag if type(flag) is str else None,
            self._lane.came_in or (taken is not None and taken.lap.in_lap),
            self._lane.is_out_lap or (taken is not None and taken.lap.out_lap),
            text_of(get("tyre")),
            mark,
            mark is not Mark.INVALID,
        )
        if place is None:
            return LapCompleted(lap)
        return LapCompleted(lap, 0) if place == 1 else LapCompleted(lap, *gap_of(get("gap")))

    def _correct(self, number: int, time_us: int | None, now: Moment) -> None:
        known = self.counting.done[number].lap
        if time_us is not None and time_us != known.time_us:
            self._mend(msgspec.structs.replace(known, time_us=time_us), known, now)

    def _mend(self, lap: Lap, before: Lap, now: Moment) -> None:
        done = self.counting.done
        done[lap.lap] = msgspec.structs.replace(done[lap.lap], lap=lap)
        now.found.append(LapCorrected(lap, before))
