"""`livetiming-plugins`: which service classes are installed, and why one does not load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click
import msgspec

import livetiming
from livetiming.cli.options import click_options
from livetiming.cli.outcome import Outcome, Program
from livetiming.cli.output import printable, write_json, write_text
from livetiming.errors import BadArgument
from livetiming.services.api import Plugin, variables
from livetiming.services.plugins import find, installed, version_of


class Listed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A service class as it is listed.

    Args:
        class_: its name.
        title: the feed in a few words.
        verified: what it was checked against.
        version: of its distribution, where that is not this package.
        options: the names of its options.
        variables: that set further ones.
        schedulable: the options that a calendar may set.
        attribution: whose timing it is.
        columns: that its tables may have.
        track: data that it may have.
        poll_interval_s: how often its feed is asked, where it does not speak by itself.
        stale_after_s: silence that means a stale feed.
        problem: why it does not load.
    """

    class_: str = msgspec.field(name="class")
    title: str | None = None
    verified: str | None = None
    version: str | None = None
    options: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    schedulable: tuple[str, ...] = ()
    attribution: str | None = None
    columns: tuple[str, ...] = ()
    track: tuple[str, ...] = ()
    poll_interval_s: float | None = None
    stale_after_s: float | None = None
    problem: str | None = None


class _Verbs(Program):
    """The one verb, loaded only when it is used."""

    def list_commands(self, _: click.Context) -> list[str]:
        return ["new"]

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "new":
            return None
        from livetiming.cli.scaffold import command

        return command


@click.command(
    cls=_Verbs,
    name="livetiming-plugins",
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    subcommand_metavar="[new NAME]",
)
@click.version_option(livetiming.__version__, prog_name="livetiming-plugins")
@click.option("--json", "as_json", is_flag=True, help="List one object a line, with all details.")
@click.pass_context
def main(context: click.Context, *, as_json: bool) -> int:
    """List the installed service classes, or begin a new one.

    The list says what each was verified against, and its options.

    \b
    Examples:
      livetiming-plugins --json
      livetiming-plugins new mytiming

    Exit code 3: one of them does not load.
    """
    if context.invoked_subcommand is None:
        return _list(as_json=as_json)
    if as_json:
        raise click.UsageError("--json is for the list")
    return Outcome.DONE


def _list(*, as_json: bool) -> int:
    listed = [_listed(name) for name in installed()]
    if as_json:
        for entry in listed:
            write_json(entry)
    else:
        write_text("\n".join(map(printable, _lines(listed))))
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
        version=version_of(name),
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
        track=tuple(column.id for column in plugin.track),
        poll_interval_s=plugin.poll_interval_s,
        stale_after_s=plugin.stale_after_s,
    )


def _lines(listed: Sequence[Listed]) -> list[str]:
    """A line for each class; what one has stands below what the others have."""
    class_ = _widest(entry.class_ for entry in listed)
    loaded = [entry for entry in listed if not entry.problem]
    title = _widest(entry.title for entry in loaded)
    verified = _widest(entry.verified for entry in loaded)
    return [
        f"{entry.class_:<{class_}}  {entry.problem}"
        if entry.problem
        else f"{entry.class_:<{class_}}  {entry.title:<{title}}  "
        f"verified: {entry.verified:<{verified}}  {' '.join(entry.options)}".rstrip()
        for entry in listed
    ]


def _widest(texts: Iterable[str | None]) -> int:
    return max((len(text or "") for text in texts), default=0)
