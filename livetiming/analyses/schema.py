"""The JSON schema of a stored analysis, made from the types of its rows.

`python -m livetiming.analyses.schema > docs/analysis.schema.json`
"""

from __future__ import annotations

import re
import sys
from inspect import cleandoc
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

from livetiming.analyses.tables import row_of
from livetiming.projections.analysis import TABLES, VERSION, Source, columns_of

_FORM = "https://json-schema.org/draft/2020-12/schema"
_SOURCE = Source.__struct_fields__
_HELD = {
    "known_at": (int, "when the row became known, epoch ms"),
    "withdrawn_at": (int | None, "when it was taken back, epoch ms; null while it holds"),
}
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {6,}.*)*)", re.MULTILINE)


def schema() -> bytes:
    """Write it, for people to read too."""
    told = {"$schema": _FORM, "title": "The stored analysis of a session"}
    text = msgspec.json.encode({**told, **msgspec.json.schema(document_type())})
    return msgspec.json.format(text, indent=1) + b"\n"


def document_type() -> type[msgspec.Struct]:
    """A stored analysis as a type, its tables by name and each row a list of typed cells."""
    tables = msgspec.defstruct("Tables", [(name, _table(name)) for name in TABLES])
    fields: list[Any] = [
        ("analysis", Annotated[int, Meta(description=f"version of the analysis, now {VERSION}")]),
        ("source", msgspec.defstruct("Source", [(n, _cell(Source, n)) for n in _SOURCE])),
        ("tables", tables),
    ]
    return msgspec.defstruct("Analysis", fields)


def _table(name: str) -> type[msgspec.Struct]:
    title = "".join(part.capitalize() for part in name.split("_"))
    row = row_of(name)
    cells = [(column, _cell(row, column)) for column in columns_of(name)]
    rows = msgspec.defstruct(f"{title}Row", cells, array_like=True)
    rows.__doc__ = cleandoc(row.__doc__ or "").partition("\n")[0]
    columns: Any = tuple[tuple(Literal[column] for column in columns_of(name))]  # type: ignore[misc]
    return msgspec.defstruct(f"{title}Table", [("columns", columns), ("rows", list[rows])])  # type: ignore[valid-type]


def _cell(row: type[msgspec.Struct], column: str) -> Any:
    """The type of a cell, with the name of its column and what the row's docstring says of it."""
    if column in _HELD:
        kind, told = _HELD[column]
    else:
        hints, said = get_type_hints(row), _arguments(row)
        field = column if column in hints else f"{column}_"
        kind, told = hints[field], said.get(field, "")
    return Annotated[kind, Meta(title=column, description=told or None)]


def _arguments(row: type[msgspec.Struct]) -> dict[str, str]:
    found = _ARGUMENT.findall(cleandoc(row.__doc__ or ""))
    return {name: re.sub(r"\s+", " ", text) for name, text in found}


if __name__ == "__main__":
    sys.stdout.buffer.write(schema())
