"""`livetiming-dvr`: records every session on air."""

from __future__ import annotations

import os

import click

import livetiming
from livetiming.cli.holding import hold_recordings
from livetiming.cli.outcome import PlainProgram
from livetiming.errors import LogLocked
from livetiming.settings import check_folders, load_settings, shared_secret


@click.command(
    cls=PlainProgram,
    name="livetiming-dvr",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-v", "--verbose", is_flag=True, help="Say what happens.")
@click.option("--debug", is_flag=True, help="Say everything.")
@click.version_option(livetiming.__version__, prog_name="livetiming-dvr")
def main(*, verbose: bool, debug: bool) -> int:
    """Record every session on air, and seal what is over.

    \b
    LIVETIMING_RECORDINGS_TEMP_DIR  what is being recorded
    LIVETIMING_RECORDINGS_DIR       sealed recordings
    LIVETIMING_ANALYSIS_DIR         their analyses
    LIVETIMING_STATE_DIR            the services' own logs, if they are on this machine

    \b
    Ctrl-C or SIGTERM stops it; it goes on where it was at the next start.
    Exit code 75: another dvr records to this folder.
    """
    settings = load_settings()
    check_folders(settings)
    shared_secret(settings)
    try:
        lock = hold_recordings(settings)
    except LogLocked as error:
        click.echo(f"livetiming-dvr: {error}", err=True)
        return os.EX_TEMPFAIL
    from livetiming.cli.recording import run_dvr

    return run_dvr(settings, lock, verbose=verbose, debug=debug)


if __name__ == "__main__":
    main()
