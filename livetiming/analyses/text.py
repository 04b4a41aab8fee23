"""Tables as text: CSV that is safe to open in a spreadsheet, and JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec

from livetiming.analyses.tables import TypedTable

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet takes text that begins so for a formula; the last four are full-width."""
_ROWS = 1000
"""So many are written at once."""


def csv_text(table: TypedTable) -> Iterator[bytes]:
    """Write a table as CSV: header, commas, CRLF, UTF-8; an empty cell is not known.

    Text that a spreadsheet would take for a formula gets a leading `'`; numbers never do.
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(table.columns)
    for number, row in enumerate(table.tuples(), 1):
        writer.writerow([_cell(value) for value in row])
        if number % _ROWS == 0:
            yield _taken(written)
    yield _taken(written)


def _taken(written: io.StringIO) -> bytes:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text.encode()


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else str(value)
    return value


def json_lines(table: TypedTable) -> Iterator[bytes]:
    """Write each row as one JSON object on one line; `null` is not known."""
    encoder, columns = msgspec.json.Encoder(), table.columns
    for row in table.tuples():
        yield encoder.encode(dict(zip(columns, row, strict=True))) + b"\n"
