"""`livetiming-service`: follows one provider's feed and records it."""

from __future__ import annotations

import math
import os
from typing import Any

import click

import livetiming
from livetiming.cli.holding import hold_service
from livetiming.cli.options import (
    click_options,
    from_variables,
    read_options,
    read_options_without_feed,
)
from livetiming.cli.outcome import Program
from livetiming.cli.recording_file import check_recording
from livetiming.cli.service_options import OF_A_FEED, Given, service_options
from livetiming.errors import BadArgument, BadValue
from livetiming.events import SessionId
from livetiming.events.names import service_class
from livetiming.services.api import Plugin, ServicePlugin
from livetiming.services.held import AlreadyRuns, instance_name
from livetiming.services.plugins import find, installed
from livetiming.settings import load_variables, read_settings

_HELP = ["-h", "--help"]
MAX_SPEED = 100_000


class _Classes(Program):
    """Each installed service class is a verb, with the options of its provider."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(installed())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        try:
            plugin = find(cmd_name)
        except BadArgument as error:
            raise click.UsageError(str(error), ctx) from error
        own = click_options(plugin.options)
        return click.Command(
            cmd_name,
            params=[*_host_options(plugin), *own],
            callback=lambda **values: _run(cmd_name, plugin, values),
            help=f"{plugin.title}\n\nVerified against: {plugin.verified}.",
            context_settings={"help_option_names": _HELP},
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Service classes"):
            formatter.write_text(f"{', '.join(installed())}; see `livetiming-plugins`")


@click.command(
    cls=_Classes,
    name="livetiming-service",
    context_settings={"help_option_names": _HELP},
    subcommand_metavar="CLASS [OPTIONS]",
)
@click.version_option(livetiming.__version__, prog_name="livetiming-service")
def main() -> None:
    """Follow the feed of a timing provider and record it.

    \b
    Examples:
      livetiming-service demo -v
      livetiming-service rmonitor --host 192.0.2.1 --port 50000 -d "Race 1"
      livetiming-service rmonitor --from race.txt --speed 60
    `livetiming-service CLASS --help` shows the options of a class.

    \b
    Ctrl-C or SIGTERM closes the session; SIGUSR1 ends the service without closing it,
    so that another process can go on with -s. A closed session stays on the air until the dvr
    has recorded it; a second Ctrl-C gives that up. Exit code 75: another process has this log,
    this session or this name; 70: start it again with -s.
    """


def _host_options(plugin: Plugin | ServicePlugin) -> list[click.Option]:
    """The options that every service has; those that do not go with this one are not shown."""
    options = service_options()
    if isinstance(plugin, ServicePlugin):
        for option in options:
            option.hidden = option.name in OF_A_FEED
    return options


def _run(name: str, plugin: Plugin | ServicePlugin, values: dict[str, Any]) -> int:
    fields = Given.__struct_fields__
    given = Given(**{key: value for key, value in values.items() if key in fields})
    if isinstance(plugin, ServicePlugin):
        _check_no_feed(name, given)
    _check(given)
    read = read_options_without_feed if given.from_ else read_options
    found = load_variables()
    chosen = {key: value for key, value in values.items() if key not in fields}
    own = read(plugin.options, {**chosen, **from_variables(plugin.options, found)})
    settings = read_settings(found)
    check_recording(settings.state_dir, given.recording_filename)
    try:
        held = hold_service(settings.state_dir, name, given.name)
    except AlreadyRuns as error:
        click.echo(f"livetiming-service: {error}", err=True)
        return os.EX_TEMPFAIL
    from livetiming.cli.running import Run, run_service

    return run_service(Run(settings, name, plugin, own, given), held)


def _check_no_feed(name: str, given: Given) -> None:
    usual = Given()
    for field, option in OF_A_FEED.items():
        if getattr(given, field) != getattr(usual, field):
            what = "its sessions are as they come, and it follows no feed of its own"
            raise click.UsageError(f"{option} does not go with {name}: {what}")


def _check(given: Given) -> None:
    if given.speed is not None and not given.from_:
        raise click.UsageError("--speed goes with --from")
    if given.speed is not None and not given.speed <= MAX_SPEED:
        raise click.UsageError(f"--speed: expected at most {MAX_SPEED}, got {given.speed}")
    if given.uuid is not None and given.initial_state is not None:
        raise click.UsageError("--uuid does not go with -s: the log has its session's id")
    if not math.isfinite(given.linger):
        raise click.UsageError(f"--linger: expected seconds, got {given.linger}")
    if given.take_over and given.initial_state is None:
        raise click.UsageError("--take-over goes with -s")
    try:
        if given.uuid is not None:
            SessionId(given.uuid)
        if given.masquerade is not None:
            service_class(given.masquerade)
        instance_name(given.name)
    except BadValue as error:
        raise click.UsageError(str(error)) from error
