"""Reads the lines that make up nearly all of a log, as we write them, many in one go.

A whole line is one struct here: reading it checks its shape, its columns and the size of its
numbers, and writing it again shows whether we would have written it so. Whatever is out of the
ordinary is left to the slower reading of `codec`, which takes it, or refuses it and says why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from livetiming.errors import BadValue
from livetiming.events.model import (
    MAX_FRACTION,
    MAX_INTEGER,
    Changed,
    Count,
    Event,
    Laps,
    Origin,
    Passed,
    Posted,
    SessionChange,
)
from livetiming.events.reading import check_values, knows_ids, knows_names
from livetiming.racing import STANDARD_COLUMNS, Mark

_MAX_TEXT = 64 * 1024
_is_untidy = re.compile(rb"\.\d*0\D|\.\d{5}").search
"""Finds a fraction that would be an integer or be rounded; a few texts look like one."""

_Seq = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
_At = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
_Integer = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
_Fraction = Annotated[float, Meta(gt=-MAX_FRACTION, lt=MAX_FRACTION)]
if TYPE_CHECKING:
    _Column = str
else:
    _Column = Literal[tuple(sorted(STANDARD_COLUMNS))]


class _Marked(NamedTuple):
    """A cell with a mark; with a plain tuple beside limited numbers, msgspec 0.22 crashes."""

    value: str | _Integer | _Fraction | Laps
    mark: Mark


class _Line(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A `changed`, `posted` or `passed`; to each, the others' fields are unknown, and no matter."""

    seq: _Seq
    at: _At
    type: Literal["changed", "posted", "passed"]
    source_at: _Integer | None = None
    cars: dict[str, dict[_Column, str | _Integer | _Fraction | Laps | _Marked | None]] = {}
    removed: tuple[str, ...] = ()
    order: tuple[Count, tuple[str, ...]] | None = None
    session: dict[str, SessionChange] = {}
    category: str | None = None
    text: str | None = None
    style: str | None = None
    car: str | None = None
    origin: Origin | None = None
    line: str | None = None
    lap: _Integer | None = None
    lap_us: _Integer | None = None
    total_us: _Integer | None = None
    driver: str | None = None


_decode_lines = msgspec.json.Decoder(_Line).decode_lines
_encode_lines = msgspec.json.Encoder().encode_lines
_LIST_END = b"]"
"""Ends a marked cell; stands twice at the end of an order."""
_new = tuple.__new__
"""Makes an `Event` in half the time."""


def read_usual(lines: Sequence[bytes]) -> list[Event] | None:
    """Read lines, if all of them are usual ones.

    Args:
        lines: without line feeds.
    Returns: their events; `None` where `codec` has to look at the lines.
    """
    text = b"\n".join([*lines, b""])
    if len(text) > _MAX_TEXT or (b"." in text and _is_untidy(text)):
        return None
    try:
        read = _decode_lines(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    rare = [line for line in read if line.order or line.session or not line.cars]
    if (
        _encode_lines(read) != text
        or len(read) != len(lines)
        or (b"-" in text and b"e-" in text)
        or not knows_ids(set[str]().union(*[line.cars for line in read]))
        or not all(map(_is_sound, rare))
    ):
        return None
    if text.count(_LIST_END) > 2 * sum(line.order is not None for line in rare):
        for each, line in zip(lines, read, strict=True):
            if _LIST_END in each:
                _make_plain(line.cars)
    return [_new(Event, (line.seq, line.at, _payload(line), line.source_at)) for line in read]


def _make_plain(cars: dict[str, Any]) -> None:
    for cells in cars.values():
        for column, cell in cells.items():
            if type(cell) is _Marked:
                cells[column] = tuple(cell)


def _is_sound(line: _Line) -> bool:
    """Look at what is in few lines: all of a crossing or a message, order and session fields."""
    if line.type == "passed":
        return knows_ids((line.car,)) and knows_names((line.line,))
    if line.type == "posted":
        whole = None not in (line.category, line.text, line.origin)
        return whole and (line.car is None or knows_ids((line.car,)))
    if line.order is not None and not line.order[1]:
        return False
    if line.session and not _are_values(line.session):
        return False
    return bool(line.cars or line.removed or line.order or line.session)


def _are_values(session: dict[str, SessionChange]) -> bool:
    try:
        check_values(session)
    except BadValue:
        return False
    return True


def _payload(line: Any) -> Changed | Passed | Posted:
    """Make what a sound line says."""
    if line.type == "changed":
        return Changed(line.cars, line.removed, line.order, line.session)
    if line.type == "passed":
        return Passed(line.car, line.line, line.lap, line.lap_us, line.total_us, line.driver)
    return Posted(
        category=line.category,
        text=line.text,
        style=line.style,
        car=line.car,
        origin=line.origin,
    )
