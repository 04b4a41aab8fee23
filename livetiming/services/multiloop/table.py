"""The columns of a Multiloop table, and which of them a run has."""

from __future__ import annotations

from livetiming.racing import Column, ColumnType, columns

MAX_SECTORS = 20
_STANDARD_SECTORS = 9
_BEFORE = columns("num", "state", "class", "driver", "car", "laps", "gap", "int")
_AFTER = columns("last", "best", "pits", "grid")


def _sector(number: int) -> Column:
    if number <= _STANDARD_SECTORS:
        return columns(f"s{number}")[0]
    return Column(f"s{number}", ColumnType.TIME, f"S{number}", f"last time in sector {number}")


def table(sectors: int) -> tuple[Column, ...]:
    """The table of a track with so many sectors."""
    return _BEFORE + tuple(_sector(n) for n in range(1, sectors + 1)) + _AFTER


COLUMNS = table(MAX_SECTORS)
