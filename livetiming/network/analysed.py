"""The analysis of a log as far as it was folded, as its holder answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from livetiming.errors import BadArgument
from livetiming.events import Event, State
from livetiming.events.log import Disk, Folded, open_reader
from livetiming.network.wire import MAX_ANSWER, Page, Tables, write_analysis
from livetiming.projections.analysis import (
    TABLES,
    VERSION,
    Analysis,
    Changes,
)

_HEAD = 2 * 1024
"""Bytes of an answer beside its rows, at most: names of columns above all."""


class Analysed:
    """An analysis that knows how far it has got.

    Args:
        start: the log before its first line.
    """

    def __init__(self, start: Folded) -> None:
        self.analysis = Analysis(start.state, start.at) if start.seq else Analysis()
        self.seq = start.seq
        """Of the last event in it."""

    def step(self, event: Event, state: State) -> Changes:
        """Take the next event.

        Args:
            event: of the session.
            state: of the session after it.
        Returns: which rows are new or were withdrawn.
        """
        changes = self.analysis.step(event, state)
        self.seq = event.seq
        return changes

    @property
    def at(self) -> int:
        """The instant of that event."""
        return self.analysis.at

    def is_base(self, table: str) -> bool:
        """Whether a table is kept; the others are made of those."""
        return table in self.analysis.base

    def row(self, table: str, number: int) -> bytes:
        """A row of a base table, as JSON."""
        return msgspec.json.encode(self.analysis.base[table].row(number))

    def tables(self, writer: int) -> str:
        """Answer which tables there are."""
        base = self.analysis.base
        rows = {name: len(base[name]) if name in base else None for name in TABLES}
        return write_analysis(Tables(writer, self.seq, VERSION, rows))

    def page(self, writer: int, table: str, from_row: int, limit: int) -> str:
        """Answer with rows of a base table."""
        found = self.analysis.base[table]
        numbers = range(from_row, min(len(found), from_row + limit))
        rows = _fitting(msgspec.json.encode(found.row(number)) for number in numbers)
        return _page(writer, self.seq, table, found.columns, rows, min(from_row, len(found)))


class Made:
    """A table that was made of the base tables, as it was then.

    Args:
        analysed: of which it is made; more may be added to it meanwhile.
        table: its name.
        seq: of the last event when it was asked for.
        at: its instant.
    """

    def __init__(self, analysed: Analysed, table: str, seq: int, at: int) -> None:
        document = analysed.analysis.table(table, at)
        self.seq = seq
        self._table = table
        self._columns = document.columns
        self._rows = [msgspec.json.encode(row) for row in document.rows]

    def page(self, writer: int, from_row: int, limit: int) -> str:
        """Answer with rows of it."""
        rows = _fitting(self._rows[from_row : from_row + limit])
        first = min(from_row, len(self._rows))
        return _page(writer, self.seq, self._table, self._columns, rows, first)


class Folding:
    """An analysis that is folded from its log by itself, on and on.

    Args:
        disk: where it is.
        path: of the log, or one of its files.
    """

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk = disk
        self.path = path
        self.log: Folded | None = None
        self.analysed: Analysed | None = None
        self._stopped = False

    def fold(self, until: int) -> Analysed:
        """Fold what follows, up to an event or the end.

        Raises: `LogError` where the log cannot be read, or is another one than before.
        """
        with open_reader(self._disk, self.path) as reader:
            if self.log is None or self.analysed is None:
                self.log = reader.start()
                self.analysed = Analysed(self.log)
            if self.log.seq < until:
                for _, event in reader.after(self.log):
                    self.analysed.step(event, self.log.state)
                    if event.seq >= until or self._stopped:
                        break
        return self.analysed

    def take(self, lines: Sequence[bytes]) -> None:
        """Fold lines that follow what was folded.

        Args:
            lines: without line feeds.
        """
        if self.log is not None and self.analysed is not None:
            for _, event in self.log.steps(lines):
                self.analysed.step(event, self.log.state)

    def stop(self) -> None:
        """Have whoever folds it stop soon."""
        self._stopped = True


class Question(NamedTuple):
    """What is asked of an analysis.

    Args:
        table: one of `TABLES`; "" is which there are.
        from_row: the number of the first row that is wanted.
        limit: at most so many.
    """

    table: str
    from_row: int
    limit: int


def read_question(args: Sequence[Any]) -> Question:
    """Read the arguments of `analysis`.

    Raises: `BadArgument`.
    """
    match args:
        case (str(table), int(from_row), int(limit)) if not (
            isinstance(from_row, bool) or isinstance(limit, bool)
        ):
            pass
        case _:
            raise BadArgument(f"expected (table, from_row, limit), got {args!r:.80}")
    if table and table not in TABLES:
        raise BadArgument(f"table: expected one of {', '.join(TABLES)}, got {table!r:.40}")
    if from_row < 0:
        raise BadArgument(f"from_row: expected a number of at least 0, got {from_row!r:.40}")
    if limit < 1:
        raise BadArgument(f"limit: expected a number of at least 1, got {limit!r:.40}")
    return Question(table, from_row, limit)


def _fitting(rows: Iterable[bytes]) -> list[msgspec.Raw]:
    """As many rows as fit into an answer; one at least where there is one."""
    room = MAX_ANSWER - _HEAD
    fitting: list[msgspec.Raw] = []
    for row in rows:
        room -= len(row) + 1
        if room < 0 and fitting:
            break
        fitting.append(msgspec.Raw(row))
    return fitting


def _page(
    writer: int,
    seq: int,
    table: str,
    columns: tuple[str, ...],
    rows: list[msgspec.Raw],
    first: int,
) -> str:
    return write_analysis(
        Page(writer, seq, VERSION, table, columns, rows, next_row=first + len(rows))
    )
