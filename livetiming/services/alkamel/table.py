"""The table of Al Kamel's sessions: its columns and the track data, and which form has which."""

from __future__ import annotations

from livetiming.racing import Column, ColumnType, columns, track

_KPH = Column("kph", ColumnType.SPEED, "Lap km/h", "mean speed of the last lap")
_PIT_TIME = Column("pit_time", ColumnType.TIME, "Last stop", "duration of the last pit stop")
_GROUP = Column("group", ColumnType.TEXT, "Group", "as the organiser groups the cars in a class")
_SECTORS = tuple(f"s{n}" for n in range(1, 10))

FILE_COLUMNS = (
    *columns("num", "state", "class", "pic"),
    _GROUP,
    *columns("team", "driver", "car", "laps", "gap", "int", "class_gap", "class_int"),
    *columns("last", "best", "s1", "s2", "s3", "bs1", "bs2", "bs3", "speed", "best_speed"),
    _KPH,
    *columns("pits"),
    _PIT_TIME,
)
"""Of a lap-by-lap file."""


def live_columns(sectors: int) -> tuple[Column, ...]:
    """The columns of the live feed, on a track with so many sectors."""
    return columns(
        *("num", "state", "class", "pic", "team", "driver", "car", "laps"),
        *("gap", "int", "class_gap", "class_int", "last", "best"),
        *_SECTORS[:sectors],
        "pits",
    )


TRACK = (
    *track("air", "track_temp", "humidity", "pressure"),
    Column("wind_speed", ColumnType.NUMBER, "Wind", "as the feed gives it, without a unit"),
    *track("wind_direction"),
)

COLUMNS = (
    *FILE_COLUMNS,
    *(column for column in live_columns(9) if column not in FILE_COLUMNS),
)
"""Of both forms."""
