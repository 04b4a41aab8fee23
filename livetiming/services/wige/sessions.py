"""Which session a result is of, and the columns of its table."""

from __future__ import annotations

from livetiming.racing import Column, ColumnType, Kind, columns
from livetiming.services import SessionSeen
from livetiming.services.wige.fields import Row, number, text

MAX_SECTORS = 9
TIMEZONE = "Europe/Berlin"
NAME = "Nürburgring"
"""What a session is called until the feed names its series."""

_KINDS = {"R": Kind.RACE, "Q": Kind.QUALIFYING, "T": Kind.PRACTICE}
_HEAD = columns(
    *("num", "state", "class", "pic", "team", "driver", "car", "laps", "gap", "int"),
    *("last", "best"),
)
_TAIL = (
    *columns("best_speed", "pits"),
    Column("pro", ColumnType.TEXT, "Pro", "professionals or amateurs"),
)


def table(sectors: int) -> tuple[Column, ...]:
    """The columns, for a track of so many sectors."""
    times = columns(*(f"s{n}" for n in range(1, sectors + 1)))
    speeds = (
        Column(f"v{n}", ColumnType.SPEED, f"V{n}", f"speed at the end of sector {n}, km/h")
        for n in range(1, sectors + 1)
    )
    return (*_HEAD, *times, *speeds, *_TAIL)


COLUMNS = table(MAX_SECTORS)


def sectors_of(result: Row) -> int:
    """How many sectors the track has: the last one ends at the line, not at an intermediate."""
    intermediates = number(result, "NROFINTERMEDIATETIMES")
    return MAX_SECTORS if intermediates is None else min(intermediates + 1, MAX_SECTORS)


def kind_of(document: Row) -> Kind:
    """What a session is."""
    return _KINDS.get(text(document, "HEATTYPE").upper(), Kind.OTHER)


def key_of(document: Row) -> str | None:
    """The identity of a session; another heat is another session."""
    parts = (text(document, name) for name in ("SESSION", "HEATTYPE", "HEAT"))
    return " ".join(part for part in parts if part) or None


def describe(result: Row) -> SessionSeen:
    """Say which session a result is of."""
    return SessionSeen(
        key=key_of(result),
        name=text(result, "CUP") or NAME,
        description=text(result, "HEAT"),
        kind=kind_of(result),
        columns=table(sectors_of(result)),
        venue=text(result, "TRACKNAME") or None,
        timezone=TIMEZONE,
    )
