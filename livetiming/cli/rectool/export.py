"""`export`: tables of a session for other tools."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import click

from livetiming.analyses.arrow import pyarrow, write_parquet
from livetiming.analyses.tables import EXPORTED, TypedTable, read_tables
from livetiming.analyses.text import csv_text, json_lines
from livetiming.cli.output import is_terminal, talk
from livetiming.cli.rectool.logs import LOG, files_of, open_named

ALL = "all"


class Form(StrEnum):
    """What a table is written as; also how the names of its files end."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"


_EXAMPLES = """\b
Examples:
  livetiming-rectool export race.jsonl.zst --to csv --table laps > laps.csv
  livetiming-rectool export race.jsonl.zst --to parquet --table all --out race
  livetiming-rectool export race.jsonl.zst --to jsonl --table stops | jq .lane_us
"""


@click.command(epilog=_EXAMPLES)
@LOG
@click.option(
    "--to",
    "form",
    type=click.Choice([form.value for form in Form]),
    required=True,
    help="What to write; parquet needs the extra `export`.",
)
@click.option(
    "--table",
    type=click.Choice([*EXPORTED, ALL]),
    default="laps",
    show_default=True,
    help="Which table.",
)
@click.option(
    "--out",
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="Where to; else standard output. `all` needs a folder, made where it does not exist.",
)
def command(log: Path, *, form: str, table: str, out: Path | None) -> None:
    """Write tables of LOG: its laps, stints, stops and so on, or its events.

    docs/analysis.md says what their columns are. CSV is safe to open in a spreadsheet: text that
    it would take for a formula gets a leading '.
    """
    kind, names = Form(form), list(EXPORTED) if table == ALL else [table]
    if out is None:
        _check_stdout(kind, table)
    if kind is Form.PARQUET:
        pyarrow()
    with open_named(log) as reader:
        for each in read_tables(reader, names):
            if out is None:
                _write(each, kind, sys.stdout.buffer)
                continue
            path = _path(out, each.name, kind, is_folder=table == ALL)
            _check_not_log(path, log)
            with _replacing(path) as file:
                _write(each, kind, file)
            talk(f"{path}")


def _check_stdout(form: Form, table: str) -> None:
    """See that standard output can take it.

    Raises: `click.UsageError`.
    """
    if table == ALL:
        raise click.UsageError("--table all: name a folder with --out")
    if form is Form.PARQUET and is_terminal():
        raise click.UsageError("--to parquet: a terminal shows none; name a file with --out")


def _check_not_log(path: Path, log: Path) -> None:
    """See that no log is written over.

    Raises: `click.UsageError`.
    """
    if path.exists() and any(path.samefile(file) for file in files_of(log)):
        raise click.UsageError(f"--out: {path} is the log itself; name another file")


def _path(out: Path, name: str, form: Form, *, is_folder: bool) -> Path:
    if is_folder:
        out.mkdir(parents=True, exist_ok=True)
    return out / f"{name}.{form}" if is_folder or out.is_dir() else out


def _write(table: TypedTable, form: Form, file: BinaryIO) -> None:
    if form is Form.PARQUET:
        write_parquet(table, file)
        return
    for part in (csv_text if form is Form.CSV else json_lines)(table):
        file.write(part)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Write a file that gets its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
