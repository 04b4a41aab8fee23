"""`livetiming-plugins`: which service classes are installed, and why one does not load."""

from __future__ import annotations

import click
import msgspec

import livetiming
from livetiming.cli.options import click_options
from livetiming.cli.outcome import Outcome, PlainProgram
from livetiming.errors import BadArgument
from livetiming.services.api import Plugin, variables
from livetiming.services.plugins import find, installed


class Listed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A service class as it is listed.

    Args:
        class_: its name.
        title: the feed in a few words.
        verified: what it was checked against.
        options: the names of its options.
        variables: that set further ones.
        schedulable: the options that a calendar may set.
        attribution: whose timing it is.
        columns: that its tables may have.
        poll_interval_s: how often its feed is asked, where it does not speak by itself.
        stale_after_s: silence that means a stale feed.
        problem: why it does not load.
    """

    class_: str = msgspec.field(name="class")
    title: str | None = None
    verified: str | None = None
    options: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    schedulable: tuple[str, ...] = ()
    attribution: str | None = None
    columns: tuple[str, ...] = ()
    poll_interval_s: float | None = None
    stale_after_s: float | None = None
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
        plugin = find(name)
    except BadArgument as error:
        return Listed(class_=name, problem=str(error))
    listed = Listed(
        class_=name,
        title=plugin.title,
        verified=str(plugin.verified),
        options=tuple(option.opts[0] for option in click_options(plugin.options)),
        variables=tuple(variables(plugin.options).values()),
    )
    return _with_feed(listed, plugin) if isinstance(plugin, Plugin) else listed


def _with_feed(listed: Listed, plugin: Plugin) -> Listed:
    return msgspec.structs.replace(
        listed,
        schedulable=tuple(sorted(plugin.schedulable)),
        attribution=None if plugin.attribution is None else plugin.attribution.text,
        columns=tuple(column.id for column in plugin.columns),
        poll_interval_s=plugin.poll_interval_s,
        stale_after_s=plugin.stale_after_s,
    )


def _line(entry: Listed) -> str:
    if entry.problem:
        return f"{entry.class_:<12} {entry.problem}"
    options = f"  {' '.join(entry.options)}" if entry.options else ""
    return f"{entry.class_:<12} {entry.title}  (verified: {entry.verified}){options}"
