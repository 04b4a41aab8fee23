"""The tables that are given to other tools: their names, columns and typed rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec

from livetiming.analyses.folding import analyse
from livetiming.events.log import LogReader
from livetiming.events.model import tag_of
from livetiming.projections.analysis import TABLES
from livetiming.projections.analysis.aggregates import AGGREGATES
from livetiming.projections.analysis.base import Base
from livetiming.projections.analysis.table import columns_of_row


class EventRow(msgspec.Struct, frozen=True, gc=False):
    """A line of the log.

    Args:
        seq: its number.
        at: when, epoch ms.
        type: of event.
        line: as it stands in the log.
    """

    seq: int
    at: int
    type: str
    line: str


EVENTS = "events"
EXPORTED = (
    *("laps", "stints", "stops", "drivers", "flags", "positions", "messages"),
    EVENTS,
)
"""The tables that are written for other tools."""
ALL_TABLES = (*TABLES, EVENTS)
"""All that a log has: those of the analysis, and its lines."""


def row_of(name: str) -> type[msgspec.Struct]:
    """The type of a table's rows."""
    if name == EVENTS:
        return EventRow
    if name in AGGREGATES:
        return AGGREGATES[name].row
    row: type[msgspec.Struct] = get_args(get_type_hints(Base)[name])[0]
    return row


class TypedTable(NamedTuple):
    """A table whose rows hold at the end of a log.

    Args:
        name: which.
        rows: to be gone through once.
    """

    name: str
    rows: Iterable[msgspec.Struct]

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names, in order."""
        return columns_of_row(row_of(self.name))

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """The rows as tuples in the order of the columns."""
        return map(msgspec.structs.astuple, self.rows)


def read_tables(reader: LogReader, names: Iterable[str]) -> Iterator[TypedTable]:
    """Read tables of a log; it is folded once, and the lines themselves are never all in memory.

    Args:
        reader: of the log, open as long as this is gone through.
        names: which.
    Raises: `LogDamaged`.
    """
    analysis = None
    for name in names:
        if name == EVENTS:
            yield TypedTable(name, event_rows(reader))
            continue
        if analysis is None:
            analysis = analyse(reader).analysis
        yield TypedTable(name, analysis.typed(name))


def event_rows(reader: LogReader) -> Iterator[EventRow]:
    """The lines of a log.

    Raises: `LogDamaged`.
    """
    for line, event in reader.events():
        yield EventRow(event.seq, event.at, tag_of(event.payload), line.decode())
