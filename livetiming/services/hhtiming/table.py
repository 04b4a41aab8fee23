"""The columns of an HH Timing table, and which of them a session has."""

from __future__ import annotations

from functools import lru_cache

from livetiming.racing import Column, ColumnType, columns, track

MAX_SECTORS = 20
DEFAULT_SECTORS = 3
TRACK = track("air", "track_temp", "humidity", "pressure", "wind", "wind_direction")

_STANDARD_SECTORS = 9
_BEFORE = columns("num", "state", "class", "team", "driver", "car", "laps", "gap", "int")
_TIMES = columns("last", "best")
_SPEEDS = columns("speed", "best_speed")
_AFTER = columns("pits")


def _sector(number: int, prefix: str, title: str, what: str) -> Column:
    if number <= _STANDARD_SECTORS:
        return columns(f"{prefix}{number}")[0]
    return Column(
        f"{prefix}{number}", ColumnType.TIME, f"{title}{number}", f"{what} sector {number}"
    )


@lru_cache(maxsize=8)
def table(sectors: int, *, has_speeds: bool) -> tuple[Column, ...]:
    """The table of a track with so many sectors.

    Args:
        sectors: how many.
        has_speeds: whether the feed tells speeds.
    """
    numbers = range(1, sectors + 1)
    last = tuple(_sector(n, "s", "S", "last time in") for n in numbers)
    best = tuple(_sector(n, "bs", "BS", "best time in") for n in numbers)
    return _BEFORE + last + best + _TIMES + (_SPEEDS if has_speeds else ()) + _AFTER


COLUMNS = table(MAX_SECTORS, has_speeds=True)
