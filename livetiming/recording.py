"""The public API for those who work with recordings in Python; `livetiming.open_recording`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from livetiming import moments
from livetiming.analyses.folding import Analysed, analyse
from livetiming.analyses.tables import ALL_TABLES, EVENTS, TypedTable, event_rows
from livetiming.errors import BadArgument
from livetiming.events import Described, State
from livetiming.events.log import Instant, LogReader, Moment, RealDisk, open_reader
from livetiming.events.log.paths import growing_of

Time = int | datetime | str
"""An instant in epoch ms or with its zone, or text as on the command line: `lap:12`, `+3600`."""


class StateAt(NamedTuple):
    """The timing screen at a moment.

    Args:
        seq: after which event.
        at: the instant of that event, epoch ms.
        state: cars with their cells, order, session fields, messages; to be read only.
    """

    seq: int
    at: int
    state: State


class Recording:
    """A log of a session, sealed or growing, as it stood when it was opened.

    Use it as a context manager, or `close` it.

    Args:
        reader: of the log.
    """

    def __init__(self, reader: LogReader) -> None:
        self._opened: LogReader | None = reader
        self._session = str(reader.session)

    def __enter__(self) -> Recording:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the file."""
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.__exit__(None, None, None)
            self._opened = None

    @property
    def _reader(self) -> LogReader:
        if self._opened is None:
            raise BadArgument(f"the recording of session {self._session} is closed; open it again")
        return self._opened

    @property
    def session(self) -> str:
        """The id of the session."""
        return self._session

    @cached_property
    def described(self) -> Described | None:
        """What the session is; `None` where nobody said so."""
        return self._reader.last().state.described

    def states(self) -> Iterator[StateAt]:
        """The timing screen after each event.

        All of them are one and the same `State`, moved on: take what is needed from it before the
        next one.

        Raises: `LogDamaged` where the log was changed after it was written.
        """
        folded = self._reader.start()
        for _, event in self._reader.events(folded):
            yield StateAt(event.seq, event.at, folded.state)

    def at(self, time: Time) -> StateAt:
        """The timing screen at a moment; one frame of the log is read for it.

        Args:
            time: an instant, or text as on the command line; clamped to what there is.
        Raises: `BadArgument` for what is no time, or a lap that nobody drove; `LogDamaged`.
        """
        folded = self._reader.at(self._moment(time))
        return StateAt(folded.seq, folded.at, folded.state)

    def table(self, name: str, as_of: Time | None = None) -> list[Any]:
        """A table of the analysis as typed rows, those that hold.

        Args:
            name: one of `tables`.
            as_of: as it was known at a moment; at the end where none is given.
        Raises: `BadArgument` where there is no such table or time; `LogDamaged`.
        """
        return list(self._table(name, as_of).rows)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of all tables: those of the analysis, and the lines themselves (`events`)."""
        return ALL_TABLES

    def to_arrow(self, name: str, as_of: Time | None = None) -> Any:
        """A table as a `pyarrow.Table`, which pandas, polars and DuckDB take.

        Args: see `table`.
        Raises: as `table`; `MissingExtra` where the extra `export` is not installed.
        """
        from livetiming.analyses.arrow import to_arrow

        return to_arrow(self._table(name, as_of))

    def _table(self, name: str, as_of: Time | None) -> TypedTable:
        if name not in self.tables:
            raise BadArgument(f"{name!r} is no table; there are {', '.join(self.tables)}")
        if name == EVENTS:
            return TypedTable(name, self._lines(as_of))
        analysed = self._whole if as_of is None else analyse(self._reader, self._moment(as_of))
        return TypedTable(name, analysed.analysis.typed(name, analysed.source.at))

    def _lines(self, as_of: Time | None) -> Iterable[Any]:
        last = None if as_of is None else self.at(as_of).seq
        for row in event_rows(self._reader):
            if last is not None and row.seq > last:
                return
            yield row

    @cached_property
    def _whole(self) -> Analysed:
        return analyse(self._reader)

    def _moment(self, time: Time) -> Moment:
        match time:
            case str():
                return moments.parse(time).find(self._reader)
            case datetime() if time.tzinfo is not None:
                return Instant(round(time.timestamp() * 1000))
            case int():
                return Instant(time)
        raise BadArgument(f"{time!r} is no time: give epoch ms, a datetime with its zone, or text")


def open_recording(path: str | os.PathLike[str]) -> Recording:
    """Open a recording, or any log of a session.

    Args:
        path: a recording (`.jsonl.zst`); or any file of a growing log, or the stem of its files.
    Raises: `NoLog` where there is none; `LogDamaged`; `LogError` where it cannot be read.
    """
    paths = growing_of(Path(path))
    is_body = not paths.tail.exists() and paths.body.exists()
    return Recording(open_reader(RealDisk(), paths.body if is_body else Path(path)))
