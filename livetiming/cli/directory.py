"""`livetiming-directory`: says what is on air, and what was."""

from __future__ import annotations

import click

import livetiming
from livetiming.cli.outcome import PlainProgram
from livetiming.cli.times import TimeArgument, When
from livetiming.settings import load_settings, shared_secret


@click.command(
    cls=PlainProgram,
    name="livetiming-directory",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--at", "when", type=TimeArgument(), metavar="TIME", help="Print what was on air then, and end."
)
@click.option("--json", "as_json", is_flag=True, help="With --at: print one JSON object.")
@click.option("-v", "--verbose", is_flag=True, help="Say what happens.")
@click.option("--debug", is_flag=True, help="Say everything.")
@click.version_option(livetiming.__version__, prog_name="livetiming-directory")
def main(*, when: When | None, as_json: bool, verbose: bool, debug: bool) -> int:
    """Say what is on air to everybody who asks, until Ctrl-C.

    Its own log in LIVETIMING_STATE_DIR says what was on air when; --at reads it, whether the
    directory runs or not. TIME is @1781445600, 2026-06-14T16:00:00Z, +90 (seconds from the first
    event) or seq:15.

    \b
    Examples:
      livetiming-directory -v
      livetiming-directory --at 2026-06-14T16:00:00Z

    \b
    Ctrl-C or SIGTERM stops it. Exit code 75: another directory has this folder.
    """
    settings = load_settings()
    if when is not None:
        from livetiming.cli.listing import print_listing

        return print_listing(settings, when, as_json=as_json)
    if as_json:
        raise click.UsageError("--json goes with --at")
    shared_secret(settings)
    from livetiming.cli.on_air import run_directory

    return run_directory(settings, verbose=verbose, debug=debug)


if __name__ == "__main__":
    main()
