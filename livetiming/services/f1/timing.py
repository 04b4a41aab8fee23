"""One car's line of `TimingData`: laps, times, gaps, sectors, and what the car is doing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from livetiming.events import Cells, Laps
from livetiming.racing import CarState, Mark
from livetiming.services import BadFrame, Strange
from livetiming.services.f1.cells import Marked, put
from livetiming.services.f1.members import index, members
from livetiming.services.f1.parts import MAX_PARTS, Part
from livetiming.services.f1.shown import shown
from livetiming.services.f1.values import count, flag, gap, text, time_us

SECTORS = 3
_FLAGGED = 1024
"""The bit of `Status` that a car has from its last crossing on, under the chequered flag: 1088
and 1104 are seen then, 64 and 80 before (Imola and Silverstone 2024)."""
_SEGMENTS = frozenset({0, 2048, 2049, 2051, 2052, 2064})
_AHEAD = frozenset({"TimeDiffToPositionAhead", "TimeDifftoPositionAhead"})
_QUALIFYING = ("q1", "q2", "q3")


class Timing:
    """What `TimingData` says of a car.

    Args:
        cells: the car's, for the columns in `Timing.columns`.
        part: of the session.
        strange: takes what is unknown.
    """

    columns = (
        *("state", "laps", "gap", "int", "last", "best", "s1", "s2", "s3", "speed", "pits"),
        *_QUALIFYING,
    )

    def __init__(self, cells: Cells, part: Part, strange: Strange) -> None:
        self._cells = cells
        self._part = part
        self._strange = strange
        self._line: int | None = None
        self._position: int | None = None
        self.laps: int | None = None
        self.in_pit: bool | None = None
        self.new_lap_us: int | None = None
        """A lap time that a message has just brought; whoever has seen it sets it to `None`.
        One equal to the one before is none: the feed says it again only when it says all again."""
        self.shown_best_us: int | None = None
        self._did: dict[str, bool] = {}
        self._status = 0
        self._leads = False
        self._race_gaps: list[str] | None = None
        self._gaps = ["", ""]
        self._part_gaps: dict[int, list[str]] = {}
        self._best_us: int | None = None
        self._part_bests: dict[int, int | None] = {}
        self._last = Marked("last", time_us)
        self._speed = Marked("speed", count)
        self._sectors = tuple(Marked(f"s{n + 1}", time_us) for n in range(SECTORS))

    @property
    def line(self) -> int | None:
        """The place in the order, from 1."""
        return self._position if self._line is None else self._line

    @property
    def last_us(self) -> int | None:
        """The last lap time."""
        return self._last.value

    @property
    def sectors_us(self) -> int | None:
        """The sum of the sectors of this lap; `None` while one of them is not known."""
        times = [sector.value for sector in self._sectors]
        return None if None in times else sum(time for time in times if time is not None)

    def take(self, said: object) -> None:
        """Take what a message says of the car.

        Raises: `BadFrame` where a value has another shape than it ever had.
        """
        for key, value in members(said):
            reader = _READERS.get(key)
            if reader is not None:
                reader(self, value)

    def begin_part(self) -> None:
        """Another part of qualifying runs: what was shown of the one before is no more."""
        self._show_gaps()
        self._show_best()

    def _take_line(self, value: object) -> None:
        self._line = count(value)

    def _take_position(self, value: object) -> None:
        self._position = count(value)

    def _take_laps(self, value: object) -> None:
        self.laps = count(value)
        put(self._cells, "laps", self.laps)

    def _take_stops(self, value: object) -> None:
        put(self._cells, "pits", count(value))

    def _take_last(self, value: object) -> None:
        before = self._last.value
        self._last.take(value, self._cells)
        if self._last.value != before:
            self.new_lap_us = self._last.value

    def _take_in_pit(self, value: object) -> None:
        self.in_pit = flag(value)
        self._show_state()

    def _take_status(self, value: object) -> None:
        self._status = count(value) or 0
        self._show_state()

    def _show_state(self) -> None:
        self._cells["state"] = self._state()

    def _state(self) -> CarState:
        did = self._did
        if did.get("Retired"):
            return CarState.RETIRED
        if self._status & _FLAGGED or did.get("KnockedOut"):
            return CarState.FINISHED
        if did.get("Stopped"):
            return CarState.STOP
        if self.in_pit:
            return CarState.PIT
        return CarState.OUT if did.get("PitOut") else CarState.RUN

    def _take_race_gap(self, value: object, which: int) -> None:
        if self._race_gaps is None:
            self._race_gaps = ["", ""]
        self._race_gaps[which] = text(value)
        self._show_gaps()

    def _take_leader_gap(self, value: object) -> None:
        self._take_race_gap(value, 0)

    def _take_interval(self, value: object) -> None:
        if value is None:
            self._take_race_gap(None, 1)
        for key, each in members(value):
            if key == "Value":
                self._take_race_gap(each, 1)

    def _take_fastest_gap(self, value: object) -> None:
        self._gaps[0] = text(value)
        self._show_gaps()

    def _take_ahead_gap(self, value: object) -> None:
        self._gaps[1] = text(value)
        self._show_gaps()

    def _take_part_gaps(self, value: object) -> None:
        for key, said in members(value):
            if (place := index(key, MAX_PARTS)) is None:
                continue
            gaps = self._part_gaps.setdefault(place, ["", ""])
            for name, each in members(said):
                if name == "TimeDiffToFastest":
                    gaps[0] = text(each)
                elif name in _AHEAD:
                    gaps[1] = text(each)
        self._show_gaps()

    def lead(self, leads: bool) -> None:
        """Take whether it is the first car: its gaps may come seconds later (2020) and are none."""
        if leads is not self._leads:
            self._leads = leads
            self._show_gaps()

    def _show_gaps(self) -> None:
        gaps = self._race_gaps
        if self._leads:
            gaps = ["", ""]
        elif gaps is None:
            gaps = self._gaps if not self._part_gaps else self._gaps_of_part()
        put(self._cells, "gap", self._gap(gaps[0]))
        put(self._cells, "int", self._gap(gaps[1]))

    def _gaps_of_part(self) -> list[str]:
        """Of the part that runs; a car that is out keeps those of its last one."""
        if self._did.get("KnockedOut"):
            told = [place for place, gaps in self._part_gaps.items() if any(gaps)]
            return self._part_gaps[max(told)] if told else ["", ""]
        place = self._part.index
        return self._gaps if place is None else self._part_gaps.get(place, ["", ""])

    def _gap(self, said: str) -> int | Laps | None:
        try:
            return gap(said)
        except BadFrame:
            self._strange.meet("gap", said)
            return None

    def _take_best(self, value: object) -> None:
        if value is None:
            self._best_us = None
        for key, each in members(value):
            if key == "Value":
                self._best_us = time_us(each)
        self._show_best()

    def _take_part_bests(self, value: object) -> None:
        for key, said in members(value):
            if (place := index(key, MAX_PARTS)) is None:
                continue
            if said is None:
                self._part_bests[place] = None
            for name, each in members(said):
                if name == "Value":
                    self._part_bests[place] = time_us(each)
            if place < len(_QUALIFYING):
                put(self._cells, _QUALIFYING[place], self._part_bests.get(place))
        self._show_best()

    def _show_best(self) -> None:
        """Where it stays as it is, so does its mark."""
        best_us = self._best_of_part() if self._part_bests else self._best_us
        if best_us != self.shown_best_us:
            self.shown_best_us = best_us
            put(self._cells, "best", best_us)

    def _best_of_part(self) -> int | None:
        """Of the part that runs; a car that is out keeps that of its last one."""
        if self._did.get("KnockedOut"):
            told = [place for place, best_us in self._part_bests.items() if best_us]
            return self._part_bests[max(told)] if told else self._best_us
        place = self._part.index
        return self._best_us if place is None else self._part_bests.get(place)

    def mark_best(self, *, is_fastest: bool) -> None:
        """Show whether the best lap is the fastest of all."""
        best_us = self.shown_best_us
        if best_us is not None:
            self._cells["best"] = (best_us, Mark.SB) if is_fastest else best_us

    def _take_sectors(self, value: object) -> None:
        for key, said in members(value):
            if (place := index(key, SECTORS)) is None:
                continue
            if type(said) is dict and "Segments" in said:
                self._look_at(said["Segments"])
                if len(said) == 1:
                    continue
            self._sectors[place].take(said, self._cells)

    def _look_at(self, segments: object) -> None:
        """Segments are not shown; a code that is new is told."""
        for _, segment in members(segments):
            for key, code in members(segment):
                if key == "Status" and (type(code) is not int or code not in _SEGMENTS):
                    self._strange.meet("segment code", shown(code))

    def _take_speeds(self, value: object) -> None:
        for key, said in members(value):
            if key == "ST":
                self._speed.take(said, self._cells)


def _doing(name: str) -> Callable[[Timing, Any], None]:
    def take(timing: Timing, value: object) -> None:
        timing._did[name] = flag(value)
        timing._show_state()
        if name == "KnockedOut":
            timing.begin_part()

    return take


_READERS: dict[str, Callable[[Timing, Any], None]] = {
    "Line": Timing._take_line,
    "Position": Timing._take_position,
    "NumberOfLaps": Timing._take_laps,
    "NumberOfPitStops": Timing._take_stops,
    "LastLapTime": Timing._take_last,
    "BestLapTime": Timing._take_best,
    "BestLapTimes": Timing._take_part_bests,
    "Sectors": Timing._take_sectors,
    "Speeds": Timing._take_speeds,
    "InPit": Timing._take_in_pit,
    "PitOut": _doing("PitOut"),
    "Retired": _doing("Retired"),
    "Stopped": _doing("Stopped"),
    "KnockedOut": _doing("KnockedOut"),
    "Status": Timing._take_status,
    "GapToLeader": Timing._take_leader_gap,
    "IntervalToPositionAhead": Timing._take_interval,
    "TimeDiffToFastest": Timing._take_fastest_gap,
    "TimeDiffToPositionAhead": Timing._take_ahead_gap,
    "Stats": Timing._take_part_gaps,
}
