"""The log that a user names: how the verbs take it, find it and open it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from livetiming.cli.times import TimeArgument
from livetiming.errors import BadArgument, NoLog
from livetiming.events.log import LogReader, RealDisk, open_reader
from livetiming.events.log.paths import BODY, TAIL, growing_of

Function = TypeVar("Function", bound=Callable[..., Any])

LOG = click.argument("log", metavar="LOG", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")


def time_argument(name: str) -> Callable[[Function], Function]:
    """An optional argument that is a moment."""
    return click.argument(name, type=TimeArgument(), required=False)


def locate(path: Path) -> Path:
    """Find out which file a log is opened by.

    A body without a tail beside it is opened by its own name, whichever name was given.

    Raises: `NoLog` for a file that has the name of no log; `BadArgument` for a folder.
    """
    paths = growing_of(path)
    if not paths.tail.exists() and paths.body.exists():
        return paths.body
    if path.is_dir() and not (paths.tail.exists() or paths.body.exists()):
        raise BadArgument(f"{path}: is a folder; name a log in it")
    if path.is_file() and not path.name.endswith((BODY, TAIL, ".lock")):
        raise NoLog(path, f"is no log: expected a name that ends in {BODY} or {TAIL}")
    return path


def open_named(path: Path) -> LogReader:
    """Open the log that a user named.

    Raises: `NoLog`, `LogDamaged`, `LogError`.
    """
    return open_reader(RealDisk(), locate(path))


def files_of(path: Path) -> list[Path]:
    """The files that hold the lines of a log."""
    paths = growing_of(path)
    return [file for file in (paths.body, paths.tail) if file.exists()]
