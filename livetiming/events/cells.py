"""One cell or one session field, cleaned or refused.

Source of every rule: docs/log-format.md, section "Values".
"""

from __future__ import annotations

from livetiming.errors import BadValue
from livetiming.events.model import (
    MAX_INTEGER,
    CellChange,
    Clock,
    Laps,
    Plain,
    SessionChange,
)
from livetiming.events.names import name
from livetiming.events.plain import integer, number, shown, text
from livetiming.racing import CarState, Flag, Mark, SessionField

_CLOCK_FIELDS = frozenset({SessionField.ELAPSED, SessionField.REMAINING})
_COUNT_FIELDS = frozenset({SessionField.LAPS, SessionField.LAPS_REMAINING, SessionField.LAPS_TOTAL})


def cell(value: CellChange) -> CellChange:
    """Clean a cell.

    Returns: the clean cell, or `None` where it holds nothing.
    Raises: `BadValue` where it is no cell.
    """
    if isinstance(value, tuple):
        if len(value) != 2:
            raise BadValue(f"cell: expected (value, mark), got {len(value)} items")
        plain = _plain(value[0])
        return None if plain is None else (plain, _mark(value[1]))
    return None if value is None else _plain(value)


def _plain(value: Plain) -> Plain | None:
    match value:
        case str():
            return text(value)
        case bool() | int() | float():
            return number(value)
        case Laps(laps) if type(laps) is int and 1 <= laps <= MAX_INTEGER:
            return value
    raise BadValue(f"cell: expected text, number or laps, got {shown(value)}")


def _mark(value: str) -> Mark:
    try:
        return Mark(value)
    except ValueError:
        raise BadValue(f"mark: expected one of {', '.join(Mark)}, got {shown(value)}") from None


def column_cell(column: str, value: CellChange) -> CellChange:
    """Clean the cell of one column, and check the column's name."""
    name(column)
    try:
        cleaned = cell(value)
    except BadValue as error:
        raise BadValue(f"{column}: {error}") from error
    if column == "state" and cleaned is not None and cleaned not in set(CarState):
        raise BadValue(f"state: expected one of {', '.join(CarState)}, got {shown(cleaned)}")
    return cleaned


def session_value(field: str, value: SessionChange) -> SessionChange:
    """Clean the value of one session field or of one track column, and check its name."""
    name(field)
    if value is None:
        return None
    if field in _CLOCK_FIELDS:
        return _clock(field, value)
    if field == SessionField.FLAG:
        return _flag(value)
    try:
        cleaned = text(value) if isinstance(value, str) else number(value)  # type: ignore[arg-type]
    except BadValue as error:
        raise BadValue(f"{field}: {error}") from error
    if field in _COUNT_FIELDS and not isinstance(cleaned, int):
        raise BadValue(f"{field}: expected a number of laps, got {shown(value)}")
    return cleaned


def _clock(field: str, value: SessionChange) -> Clock:
    if not isinstance(value, Clock) or not isinstance(value.runs, bool):
        raise BadValue(f"{field}: expected a clock, got {shown(value)}")
    return Clock(integer(field, value.value_us), integer(field, value.at), value.runs)


def _flag(value: SessionChange) -> str:
    try:
        return Flag(str(value)).value
    except ValueError:
        raise BadValue(f"flag: expected one of {', '.join(Flag)}, got {shown(value)}") from None
