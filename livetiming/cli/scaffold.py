"""`livetiming-plugins new`: a folder with a plugin of one's own, which already runs."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from shlex import quote
from tempfile import TemporaryDirectory

import click

from livetiming.cli.output import write_text
from livetiming.errors import BadArgument, BadValue
from livetiming.events.names import service_class
from livetiming.services.plugins import installed

PLACEHOLDER = "newfeed"
"""The service class of the template."""
_SUFFIX = ".template"
"""Of each file there, so that nobody takes it for a part of this package."""


def _class(_context: click.Context, _argument: click.Parameter, value: str) -> str:
    try:
        return service_class(value)
    except BadValue as error:
        raise click.BadParameter(str(error)) from error


@click.command("new")
@click.argument("name", metavar="NAME", callback=_class)
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder to make.  [default: livetiming-NAME]",
)
def command(*, name: str, folder: Path | None) -> None:
    """Make a folder with a plugin for the service class NAME.

    It follows a small protocol of lines, which is yours to replace, and its tests pass.
    Nothing that exists is changed.

    \b
    Example:
      livetiming-plugins new mytiming
      cd livetiming-mytiming
      python -m pip install --editable . && python -m pytest
    """
    if name in installed():
        raise BadArgument(f"service class {name!r} is installed already; choose another name")
    made = folder or Path(f"livetiming-{_distribution(name)}")
    write_folder(made, plugin_files(name))
    write_text(f"made {made}; next:")
    write_text(f"cd {quote(str(made))} && python -m pip install --editable . && python -m pytest")


def _distribution(name: str) -> str:
    return name.strip("_").replace("_", "-")


def plugin_files(name: str) -> Iterator[tuple[PurePosixPath, str]]:
    """The files of a new plugin.

    Args:
        name: its service class.
    Returns: each path within the folder, and its text.
    """
    for path, text in _templates(files("livetiming.cli") / "template", PurePosixPath()):
        yield PurePosixPath(_named(str(path), name)), _named(text, name)


def _templates(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _templates(each, path / each.name)
        elif each.name.endswith(_SUFFIX):
            yield path / each.name.removesuffix(_SUFFIX), each.read_text(encoding="utf-8")


def _named(text: str, name: str) -> str:
    distribution = f"livetiming-{PLACEHOLDER}"
    return text.replace(distribution, f"livetiming-{_distribution(name)}").replace(
        PLACEHOLDER, name
    )


def write_folder(folder: Path, contents: Iterable[tuple[PurePosixPath, str]]) -> None:
    """Make a folder at once: either all of it is there, or nothing.

    Args:
        folder: a new one, in one that exists.
        contents: the path of each file within it, and its text.
    Raises: `BadArgument` where the folder exists, `OSError` by the disk.
    """
    if os.path.lexists(folder):
        raise BadArgument(f"{folder}: exists already; name another folder with --folder")
    if not folder.parent.is_dir():
        raise BadArgument(f"{folder}: there is no folder {folder.parent}")
    try:
        _write(folder, contents)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error


def _write(folder: Path, contents: Iterable[tuple[PurePosixPath, str]]) -> None:
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
        whole = Path(beside) / folder.name
        whole.mkdir()
        for path, text in contents:
            file = whole / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        _rename(whole, folder)


def _rename(whole: Path, folder: Path) -> None:
    try:
        whole.rename(folder)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise BadArgument(f"{folder}: exists already; it was made meanwhile") from error
        raise
