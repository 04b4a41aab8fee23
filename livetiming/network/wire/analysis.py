"""What is told of a session's analysis, and answered to who asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from livetiming.events.plain import shown
from livetiming.network.wire.fields import (
    BadMessage,
    Seq,
    Writer,
    number_of,
    read_json,
    write_json,
    writer_of,
)

_Number = Annotated[int, Meta(ge=0)]
_Row = list[bool | int | float | str | None]
_FRAME = len('"":[],')
_PAIR = len("[,],")


class RowsChanged(NamedTuple):
    """Rows of an analysis that are new or were withdrawn.

    Args:
        writer: the opening of the log.
        seq: of the event after which the rows stand so.
        rows: by table, the numbers of rows and the rows themselves in the order of the columns;
            none at all where an analysis is there only now.
    """

    writer: int
    seq: int
    rows: dict[str, list[tuple[int, Any]]]


class Page(msgspec.Struct, frozen=True):
    """Rows of one table.

    Args:
        writer: the opening of the log.
        seq: of the event after which they stand so.
        version: of the analysis.
        table: whose rows they are.
        columns: their names.
        rows: consecutive, in the order of the columns.
        next_row: the number of the row that comes after them.
    """

    writer: Writer
    seq: Seq
    version: int
    table: str
    columns: tuple[str, ...]
    rows: list[Any]
    next_row: _Number


class Tables(msgspec.Struct, frozen=True):
    """Which tables there are.

    Args:
        writer: the opening of the log.
        seq: of the event after which they stand so.
        version: of the analysis.
        tables: how many rows each has; `None` of those that are made when they are asked for.
    """

    writer: Writer
    seq: Seq
    version: int
    tables: dict[str, _Number | None]


class _ReadPage(Page, frozen=True):
    rows: list[_Row]


def read_rows(args: Sequence[Any]) -> RowsChanged:
    """Read what came on a session's analysis topic.

    Raises: `BadMessage`.
    """
    match args:
        case (int(writer), int(seq), str(text)):
            rows = _read_rows(text)
            return RowsChanged(writer_of(writer), number_of("seq", seq), rows)
    raise BadMessage(f"expected rows of an analysis, got {shown(args)}")


def _read_rows(text: str) -> dict[str, list[tuple[int, Any]]]:
    try:
        return msgspec.json.decode(text, type=dict[str, list[tuple[_Number, _Row]]])
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError) as error:
        raise BadMessage(f"{error}; in {text[:80]!r}") from error


def write_rows(changed: RowsChanged) -> tuple[int, int, str]:
    """The arguments that publish rows."""
    return changed.writer, changed.seq, msgspec.json.encode(changed.rows).decode()


def row_portions(
    rows: Iterable[tuple[str, int, bytes]], size: int
) -> Iterator[dict[str, list[tuple[int, Any]]]]:
    """Cut rows into what fits into messages.

    Args:
        rows: the table, the number and the JSON of each, those of a table together.
        size: bytes of JSON that fit.
    """
    portion: dict[str, list[tuple[int, Any]]] = {}
    room = size
    for table, number, row in rows:
        needed = len(row) + len(str(number)) + _PAIR
        needed += 0 if table in portion else len(table) + _FRAME
        if portion and needed > room:
            yield portion
            portion, room = {}, size
            needed += len(table) + _FRAME
        portion.setdefault(table, []).append((number, msgspec.Raw(row)))
        room -= needed
    if portion:
        yield portion


def read_page(text: object) -> Page:
    """Read the answer of `analysis` for one table.

    Raises: `BadMessage`.
    """
    return read_json(_ReadPage, text)


def read_tables(text: object) -> Tables:
    """Read the answer of `analysis` for the table "".

    Raises: `BadMessage`.
    """
    return read_json(Tables, text)


def write_analysis(answer: Page | Tables) -> str:
    """The answer of `analysis`, as JSON."""
    return write_json(answer)
