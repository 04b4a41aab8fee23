"""Tables for Arrow and Parquet, where `pyarrow` is installed (the extra `export`)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from livetiming.analyses.tables import TypedTable, row_of
from livetiming.errors import MissingExtra

_ROWS = 65_536
"""So many are one row group."""


def pyarrow() -> Any:
    """Load it.

    Raises: `MissingExtra` where it is not installed.
    """
    try:
        return import_module("pyarrow")
    except ImportError as error:
        raise MissingExtra(
            "pyarrow is not installed; install it with: pip install 'livetiming[export]'"
        ) from error


def to_arrow(table: TypedTable) -> Any:
    """Make a `pyarrow.Table`, each column of the type of its cells.

    Raises: `MissingExtra`.
    """
    schema = _schema(table)
    return pyarrow().Table.from_batches(_batches(table, schema), schema)


def write_parquet(table: TypedTable, file: BinaryIO) -> None:
    """Write a table as Parquet, a row group at a time.

    Raises: `MissingExtra`.
    """
    schema = _schema(table)
    parquet = import_module("pyarrow.parquet")
    with parquet.ParquetWriter(file, schema) as writer:
        for batch in _batches(table, schema):
            writer.write_batch(batch)


def _batches(table: TypedTable, schema: Any) -> Iterator[Any]:
    arrow, rows = pyarrow(), table.tuples()
    while taken := list(islice(rows, _ROWS)):
        columns = zip(*taken, strict=True)
        arrays = [arrow.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
        yield arrow.RecordBatch.from_arrays(arrays, schema=schema)


def _schema(table: TypedTable) -> Any:
    arrow = pyarrow()
    fields = msgspec.structs.fields(row_of(table.name))
    kinds = [_kind(arrow, msgspec.inspect.type_info(field.type)) for field in fields]
    return arrow.schema(list(zip(table.columns, kinds, strict=True)))


def _kind(arrow: Any, told: msgspec.inspect.Type) -> Any:
    """The type of a column; all of them may be null."""
    kinds = told.types if isinstance(told, msgspec.inspect.UnionType) else (told,)
    names = {type(kind) for kind in kinds} - {msgspec.inspect.NoneType}
    if msgspec.inspect.FloatType in names:
        return arrow.float64()
    if msgspec.inspect.IntType in names:
        return arrow.int64()
    return arrow.bool_() if msgspec.inspect.BoolType in names else arrow.string()
