"""The analysis of a session as others see it: folded event by event, asked table by table."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from livetiming.projections.analysis.aggregates import AGGREGATES
from livetiming.projections.analysis.base import Base
from livetiming.projections.analysis.fold import BaseFold
from livetiming.projections.analysis.table import Table, columns_of_row

VERSION = 1
"""Raised whenever a table would answer otherwise: stored analyses are then made again."""
TABLES = (*Base._fields, *AGGREGATES)
"""The names of all tables, the base tables first."""


class Document(NamedTuple):
    """A table as it is stored and sent.

    Args:
        columns: their names.
        rows: lists in the order of the columns.
    """

    columns: tuple[str, ...]
    rows: list[list[Any]]


class Source(msgspec.Struct, frozen=True):
    """Of what a document tells.

    Args:
        session: whose it is.
        seq: after which event.
        chain: of the log there, hexadecimal.
        at: the instant of that event, or the earlier one that was asked for, epoch ms.
    """

    session: str
    seq: int
    chain: str
    at: int


class Analysis(BaseFold):
    """What happened in a session; see `BaseFold` for its arguments and for `step`."""

    def typed(self, name: str, at: int | None = None) -> list[Any]:
        """The rows of a table that hold, or held at an instant, as structs.

        Args:
            name: one of `TABLES`.
            at: an instant, epoch ms; `None` is now.
        """
        base = self._tables
        if name in AGGREGATES:
            when = self.at if at is None else at
            return list(AGGREGATES[name].rows(base.holding(at), when))
        table: Table[Any] = self.base[name]
        return table.holding(at)

    def table(self, name: str, at: int | None = None) -> Document:
        """A table as it is stored and sent; of a base table also the rows that were withdrawn.

        Args: see `typed`.
        """
        if name in AGGREGATES:
            rows = [list(msgspec.structs.astuple(row)) for row in self.typed(name, at)]
            return Document(columns_of(name), rows)
        table: Table[Any] = self.base[name]
        return Document(table.columns, table.as_of(at))

    def tables(self, at: int | None = None) -> dict[str, Document]:
        """All tables; see `table`."""
        return {name: self.table(name, at) for name in TABLES}


def columns_of(name: str) -> tuple[str, ...]:
    """The columns of a table."""
    if name in AGGREGATES:
        return columns_of_row(AGGREGATES[name].row)
    return BaseFold().base[name].columns


def document(source: Source, tables: dict[str, Document]) -> bytes:
    """Write the analysis of a session as it is stored: equal analyses, equal bytes."""
    told = {name: {"columns": each.columns, "rows": each.rows} for name, each in tables.items()}
    return msgspec.json.encode({"analysis": VERSION, "source": source, "tables": told})
