"""`livetiming-plugins`: which service classes are installed, and why one does not load."""

from __future__ import annotations

import click
import msgspec

import livetiming
from livetiming.cli.outcome import Outcome, PlainProgram
from livetiming.errors import BadArgument
from livetiming.services.plugins import installed, load


class Listed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A service class as it is listed.

    Args:
        class_: its name.
        title: the feed in a few words.
        verified: what it was checked against.
        options: the names of its options.
        problem: why it does not load.
    """

    class_: str = msgspec.field(name="class")
    title: str | None = None
    verified: str | None = None
    options: tuple[str, ...] = ()
    problem: str | None = None


@click.command(
    cls=PlainProgram,
    name="livetiming-plugins",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(livetiming.__version__, prog_name="livetiming-plugins")
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def main(*, as_json: bool) -> int:
    """List the installed service classes, and what each was verified against.

    \b
    Example: livetiming-plugins --json

    Exit code 3: one of them does not load.
    """
    listed = [_listed(name) for name in installed()]
    for entry in listed:
        click.echo(msgspec.json.encode(entry).decode() if as_json else _line(entry))
    broken = any(entry.problem for entry in listed)
    return Outcome.PARTIAL if broken else Outcome.DONE


def _listed(name: str) -> Listed:
    try:
        plugin = load(name)
    except BadArgument as error:
        return Listed(class_=name, problem=str(error))
    options = tuple(f"--{option.replace('_', '-')}" for option in plugin.options.__struct_fields__)
    return Listed(class_=name, title=plugin.title, verified=str(plugin.verified), options=options)


def _line(entry: Listed) -> str:
    if entry.problem:
        return f"{entry.class_:<12} {entry.problem}"
    options = f"  {' '.join(entry.options)}" if entry.options else ""
    return f"{entry.class_:<12} {entry.title}  (verified: {entry.verified}){options}"
