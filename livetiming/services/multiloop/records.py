"""What the lines of a Multiloop feed say, as typed records.

Sources: Multiloop Timing Protocol 1.3, and USAC's description of what it adds (README.md).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from livetiming.racing import Flag, Kind


class Sort(StrEnum):
    """Why a record is sent: it is new, a correction, or said again for those who come late."""

    NEW = "N"
    UPDATED = "U"
    REPEATED = "R"


class Heartbeat(NamedTuple):
    """`$H`, once a second.

    Args:
        flag: `None` where `flag_word` is none that we know.
        flag_word: as sent.
        clock_at: the server's clock, epoch ms if that is UTC.
        elapsed_us: since the start of the run.
        laps_to_go: as sent, zero too where laps do not limit the run.
        to_go_us: time to go, likewise.
    """

    flag: Flag | None
    flag_word: str
    clock_at: int
    elapsed_us: int
    laps_to_go: int
    to_go_us: int


class Result(NamedTuple):
    """`$C`: how a car stands since it last crossed the line.

    Args:
        number: of the car.
        entry: the identifier of its entry.
        rank: the overall place, else the other one.
        laps: completed.
        total_us: since the start, at the last crossing.
        last_us: the last lap.
        in_pit: whether it ended in the pit lane.
        best_us: the fastest lap.
        gap_us: behind the leader.
        gap_laps: laps behind the leader.
        int_us: behind the car ahead.
        int_laps: laps behind the car ahead.
        status: a word about the car, such as `Active`.
        pits: how many stops.
        grid: the place at the start.
    """

    number: str
    entry: str
    rank: int | None
    laps: int
    total_us: int | None
    last_us: int | None
    in_pit: bool
    best_us: int | None
    gap_us: int
    gap_laps: int
    int_us: int
    int_laps: int
    status: str
    pits: int | None
    grid: int | None


class Section(NamedTuple):
    """`$S` or `$USAC:S`: a car completed a section.

    Args:
        number: of the car; `None` in the latter.
        entry: the identifier of its entry, or of the passing.
        section: its name.
        done_us: when, by a clock that goes on.
        time_us: how long it took.
    """

    number: str | None
    entry: str
    section: str
    done_us: int
    time_us: int | None


class Crossing(NamedTuple):
    """`$L`: a car crossed a line.

    Args:
        number: of the car.
        entry: the identifier of its entry, or of the passing.
        line: its name.
        total_us: since the start.
        in_pit: whether it lies in the pit lane.
    """

    number: str
    entry: str
    line: str
    total_us: int | None
    in_pit: bool


class Invalidated(NamedTuple):
    """`$I`: the lap that ended so long after the start does not count."""

    number: str
    entry: str
    total_us: int | None


class Flagged(NamedTuple):
    """`$F`: the flag, as in `Heartbeat`."""

    flag: Flag | None
    flag_word: str


class Leader(NamedTuple):
    """`$N`: another car leads."""

    number: str


class Entry(NamedTuple):
    """`$E`: who takes part; `fields` are the timekeeper's own."""

    number: str
    entry: str
    driver: str
    grid: int | None
    fields: tuple[str, ...]


class Run(NamedTuple):
    """`$R`: which session this is."""

    event: str
    name: str
    kind: Kind


class Part(NamedTuple):
    """A section of the track, from one line to another."""

    name: str
    start: str
    end: str


class Track(NamedTuple):
    """`$T`."""

    name: str
    parts: tuple[Part, ...]


class Announcement(NamedTuple):
    """`$A`.

    Args:
        number: of the message.
        is_withdrawn: whether it says that the message is no more.
        clock_at: when, by the server's clock, as in `Heartbeat`.
        text: what it says.
    """

    number: str
    is_withdrawn: bool
    clock_at: int
    text: str


class Version(NamedTuple):
    """`$V`: of the protocol."""


class Driver(NamedTuple):
    """`$USAC:DRIVERID`: who drives now."""

    entry: str
    driver: str


class Zone(NamedTuple):
    """`$USAC:TZ`: the zone of the venue."""

    timezone: str


Record = (
    Heartbeat
    | Result
    | Section
    | Crossing
    | Invalidated
    | Flagged
    | Leader
    | Entry
    | Run
    | Track
    | Announcement
    | Version
    | Driver
    | Zone
)


class Line(NamedTuple):
    """A record with its header.

    Args:
        sort: why it is sent.
        preamble: the timekeeper's mark of the run; empty where the line has no header.
        record: what it says.
    """

    sort: Sort
    preamble: str
    record: Record
