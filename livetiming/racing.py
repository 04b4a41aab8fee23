"""The words of motorsport timing: columns, states, flags, marks, kinds of session."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class CarState(StrEnum):
    """What a car is doing: the value of a `state` cell."""

    RUN = "run"
    OUT = "out"
    PIT = "pit"
    FUEL = "fuel"
    STOP = "stop"
    RETIRED = "ret"
    FINISHED = "fin"
    NOT_STARTED = "ns"
    DISQUALIFIED = "dq"


class Flag(StrEnum):
    """What race control shows: the value of the session field `flag`."""

    NONE = "none"
    GREEN = "green"
    WHITE = "white"
    CHEQUERED = "chequered"
    YELLOW = "yellow"
    FCY = "fcy"
    CODE_60 = "code_60"
    VSC = "vsc"
    SC = "sc"
    CAUTION = "caution"
    RED = "red"
    SLOW_ZONE = "slow_zone"
    CODE_60_ZONE = "code_60_zone"


class Mark(StrEnum):
    """What a cell's value is worth: personal best, session best, an older one, void."""

    PB = "pb"
    SB = "sb"
    OLD = "old"
    INVALID = "invalid"


class Kind(StrEnum):
    """What a session is."""

    PRACTICE = "practice"
    QUALIFYING = "qualifying"
    WARMUP = "warmup"
    RACE = "race"
    TEST = "test"
    OTHER = "other"


class ColumnType(StrEnum):
    """How a column's values are to be read: `time` and `gap` are integer microseconds."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    GAP = "gap"
    SPEED = "speed"
    CLASS = "class"
    STATE = "state"


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """A column of the timing table, or one value of the track data.

    Args:
        id: its name in cells, `^[a-z][a-z0-9_]{0,31}$`.
        type: how its values are to be read.
        title: what stands above it.
        description: a sentence, or the unit.
    """

    id: str
    type: ColumnType
    title: str
    description: str | None = None


class SessionField(StrEnum):
    """The fields of a session that no provider needs to describe."""

    FLAG = "flag"
    ELAPSED = "elapsed"
    REMAINING = "remaining"
    LAPS = "laps"
    LAPS_REMAINING = "laps_remaining"
    LAPS_TOTAL = "laps_total"
    PART = "part"
    ZONES = "zones"


def _column(id_: str, type_: ColumnType, title: str, description: str) -> Column:
    return Column(id_, type_, title, description)


def _sectors(prefix: str, title: str, what: str) -> tuple[Column, ...]:
    return tuple(
        _column(f"{prefix}{n}", ColumnType.TIME, f"{title}{n}", f"{what} sector {n}")
        for n in range(1, 10)
    )


STANDARD_COLUMNS: dict[str, Column] = {
    column.id: column
    for column in (
        _column("num", ColumnType.TEXT, "Num", "car number"),
        _column("state", ColumnType.STATE, "State", "what the car is doing"),
        _column("class", ColumnType.CLASS, "Class", "class of the car"),
        _column("pic", ColumnType.NUMBER, "PIC", "position in class"),
        _column("team", ColumnType.TEXT, "Team", "entrant"),
        _column("driver", ColumnType.TEXT, "Driver", "who drives now"),
        _column("car", ColumnType.TEXT, "Car", "make and model"),
        _column("tyre", ColumnType.TEXT, "Tyre", "compound"),
        _column("tyre_age", ColumnType.NUMBER, "Age", "laps on these tyres since new"),
        _column("tyre_stint", ColumnType.NUMBER, "Stint", "laps since the last stop"),
        _column("laps", ColumnType.NUMBER, "Laps", "laps completed"),
        _column("gap", ColumnType.GAP, "Gap", "to the leader"),
        _column("int", ColumnType.GAP, "Int", "to the car ahead"),
        _column("class_gap", ColumnType.GAP, "Class gap", "to the leader of the class"),
        _column("class_int", ColumnType.GAP, "Class int", "to the car ahead in the class"),
        _column("last", ColumnType.TIME, "Last", "last lap"),
        _column("best", ColumnType.TIME, "Best", "best lap"),
        *_sectors("s", "S", "last time in"),
        *_sectors("bs", "BS", "best time in"),
        _column("speed", ColumnType.SPEED, "Speed", "last speed, km/h"),
        _column("best_speed", ColumnType.SPEED, "Best speed", "best speed, km/h"),
        _column("pits", ColumnType.NUMBER, "Pits", "pit stops"),
        _column("p2p", ColumnType.NUMBER, "P2P", "push-to-pass left"),
        _column("grid", ColumnType.NUMBER, "Grid", "place on the grid"),
    )
}
"""Columns that every part of the system knows, by id; a provider may add its own."""


def columns(*ids: str) -> tuple[Column, ...]:
    """The standard columns of these ids, in this order."""
    return tuple(STANDARD_COLUMNS[id_] for id_ in ids)


STANDARD_TRACK: dict[str, Column] = {
    column.id: column
    for column in (
        _column("air", ColumnType.NUMBER, "Air", "°C"),
        _column("track_temp", ColumnType.NUMBER, "Track", "°C"),
        _column("humidity", ColumnType.NUMBER, "Humidity", "%"),
        _column("pressure", ColumnType.NUMBER, "Pressure", "hPa"),
        _column("wind", ColumnType.NUMBER, "Wind", "km/h"),
        _column("wind_direction", ColumnType.NUMBER, "Wind from", "degrees"),
        _column("rain", ColumnType.NUMBER, "Rain", "%"),
        _column("weather", ColumnType.TEXT, "Weather", "in words"),
    )
}
"""Track data that several providers have, by id; a provider may add its own."""


def track(*ids: str) -> tuple[Column, ...]:
    """The standard track data of these ids, in this order."""
    return tuple(STANDARD_TRACK[id_] for id_ in ids)
