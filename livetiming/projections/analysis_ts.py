"""The browser's copy of the row types of the analysis, made from ours.

`python -m livetiming.projections.analysis_ts > web/src/analysis/rows.ts`
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec

from livetiming.projections.analysis import VERSION
from livetiming.projections.analysis.aggregates import AGGREGATES
from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.stints import NEUTRAL
from livetiming.projections.analysis.table import columns_of_row
from livetiming.racing import CarState, Flag

_HEAD = """\
/** The rows of the analysis; made by `python -m livetiming.projections.analysis_ts`. */

import {{ {readers} }} from '../feed/shape';

/** Raised whenever a table would answer otherwise. */
export const VERSION = {version};

/** One reader for each column of a table, in the order of the columns. */
export type Shape<Row> = {{ readonly [K in keyof Row]-?: Reader<Row[K]> }};

/** All that a car can do, in the order in which it is counted. */
export const CAR_STATES = [{states}] as const;

/** Flags under which nobody races. */
export const NEUTRAL = [{neutral}] as const;
"""
_Tables = Mapping[str, type[msgspec.Struct]]
_WORDS: dict[frozenset[type], tuple[str, str]] = {
    frozenset({str}): ("string", "text"),
    frozenset({int}): ("number", "integer"),
    frozenset({bool}): ("boolean", "flag"),
    frozenset({int, float}): ("number", "number"),
}
"""What TypeScript calls a Python type, and what reads it."""
_READERS = ("flag", "integer", "nullable", "number", "oneOf")


def typescript() -> str:
    """Write the types of all rows, and what reads their columns."""
    base: _Tables = {name: get_args(rows)[0] for name, rows in get_type_hints(Holding).items()}
    aggregates: _Tables = {name: each.row for name, each in AGGREGATES.items()}
    rows = {row.__name__: row for row in (*base.values(), *aggregates.values())}
    body = "\n".join(
        (
            *(line for row in rows.values() for line in _type(row)),
            *_tables("Base", base),
            *_tables("Aggregate", aggregates),
        )
    )
    readers = [name for name in _READERS if re.search(rf"[ (]{name}[(),]", body)]
    head = _HEAD.format(
        readers=", ".join([*readers, "type Reader", "text"]),
        version=VERSION,
        states=_quoted(CarState),
        neutral=_quoted(flag for flag in Flag if flag in NEUTRAL),
    )
    return head + body + "\n"


def _type(row: type[msgspec.Struct]) -> Iterator[str]:
    yield f"\n/** {(row.__doc__ or '').splitlines()[0]} */"
    yield f"export type {row.__name__} = {{"
    for column, type_ in _columns(row):
        yield f"  readonly {column}: {_written(type_)};"
    yield "};"


def _tables(kind: str, tables: _Tables) -> Iterator[str]:
    yield f"\nexport type {kind}Rows = {{"
    for name, row in tables.items():
        yield f"  readonly {name}: {row.__name__};"
    yield "};"
    shapes = f"{{ readonly [T in keyof {kind}Rows]: Shape<{kind}Rows[T]> }}"
    yield f"\nexport const {kind.upper()}: {shapes} = {{"
    for name, row in tables.items():
        yield f"  {name}: {{"
        for column, type_ in _columns(row):
            yield f"    {column}: {_reader(type_)},"
        yield "  },"
    yield "};"


def _columns(row: type[msgspec.Struct]) -> Iterator[tuple[str, Any]]:
    yield from zip(columns_of_row(row), get_type_hints(row).values(), strict=True)


def _written(type_: Any) -> str:
    known, is_nullable = _parts(type_)
    enum = _enum(known)
    word = _WORDS[known][0] if enum is None else _quoted(enum, " | ")
    return f"{word} | null" if is_nullable else word


def _reader(type_: Any) -> str:
    known, is_nullable = _parts(type_)
    enum = _enum(known)
    reader = _WORDS[known][1] if enum is None else f"oneOf([{_quoted(enum)}])"
    return f"nullable({reader})" if is_nullable else reader


def _parts(type_: Any) -> tuple[frozenset[type], bool]:
    """The types of a union without `None`, and whether that is one of them."""
    types = frozenset(get_args(type_) or (type_,))
    return types - {NoneType}, NoneType in types


def _enum(types: frozenset[type]) -> type[StrEnum] | None:
    return next((type_ for type_ in types if issubclass(type_, StrEnum)), None)


def _quoted(words: Iterable[StrEnum], between: str = ", ") -> str:
    return between.join(f"'{word}'" for word in words)


if __name__ == "__main__":
    sys.stdout.write(typescript())
