"""What the lines of an RMonitor feed say, as typed records.

Sources: RMonitor Timing Protocol 1.0 (2010), IMSA Enhanced RMon 1.03, and captures (README.md).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from livetiming.racing import Flag


class Heartbeat(NamedTuple):
    """`$F`, once a second.

    Args:
        laps_to_go: `None` where the race is not limited by laps.
        to_go_us: time to go.
        time_of_day_us: since local midnight.
        race_us: since the first green; `None` before.
        flag: `None` where `flag_word` is none that we know.
        flag_word: as sent.
    """

    laps_to_go: int | None
    to_go_us: int | None
    time_of_day_us: int | None
    race_us: int | None
    flag: Flag | None
    flag_word: str


class Entry(NamedTuple):
    """`$A` or `$COMP`: a competitor; `additional` is `None` in `$A`, which has no such field."""

    key: str
    number: str
    class_key: str
    first: str
    last: str
    nationality: str
    additional: str | None


class Run(NamedTuple):
    """`$B`: which session this is."""

    number: str
    description: str


class ClassName(NamedTuple):
    """`$C`."""

    class_key: str
    description: str


class Setting(NamedTuple):
    """`$E`, or the name in `$T`."""

    name: str
    value: str


class RacePlace(NamedTuple):
    """`$G`: laps is `None` before the first is completed; `started` is false for `-1`, `-2`."""

    key: str
    position: int | None
    laps: int | None
    total_us: int | None
    started: bool


class PracticePlace(NamedTuple):
    """`$H`: the place by best lap."""

    key: str
    position: int | None
    best_us: int | None


class Init(NamedTuple):
    """`$I`: a reset by a relay has no date; a genuine one starts a run.

    Args:
        reset: whether it only announces a dump of what is known anyway.
        day: the date, where it can be read.
        time_of_day_us: since local midnight.
    """

    reset: bool
    day: date | None
    time_of_day_us: int | None


class Passing(NamedTuple):
    """`$J`: a car crossed the line; no lap time means for the first time."""

    key: str
    lap_us: int | None
    total_us: int | None


class Correction(NamedTuple):
    """`$COR`: laps and total time as they are from now on."""

    key: str
    laps: int | None
    total_us: int | None


class Place(StrEnum):
    """The line names of `$L` that we understand.

    SF is start-finish, PI pit in, PO pit out; T stands on the track, P in the pit lane.
    """

    FINISH = "SFT"
    FINISH_PIT = "SFP"
    PIT_IN = "PIP"
    PIT_OUT = "POP"


class Crossing(NamedTuple):
    """`$L`: a car, by its number, crossed a line.

    Args:
        number: the car number, not the reg no.
        place: `None` for a line that we do not understand.
        time_of_day_us: since local midnight.
    """

    number: str
    place: Place | None
    time_of_day_us: int | None


class LapSpeed(NamedTuple):
    """`$SR` (last lap) or `$SP` (best lap): the mean speed of a lap.

    Args:
        key: reg no.
        best: whether it is of the best lap.
        lap_us: time of that lap.
        speed_kmh: `None` where there is no lap yet.
    """

    key: str
    best: bool
    lap_us: int | None
    speed_kmh: float | None


Record = (
    Heartbeat
    | Entry
    | Run
    | ClassName
    | Setting
    | RacePlace
    | PracticePlace
    | Init
    | Passing
    | Correction
    | Crossing
    | LapSpeed
)
