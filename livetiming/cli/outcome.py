"""How a command ends: its exit code, and the one line that says why it failed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import Any

import click

from livetiming.errors import BadSetting, LivetimingError

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it."""
BROKEN_PIPE = 141
"""Exit code where nobody reads standard output any more: 128 and the number of SIGPIPE."""


class Outcome(IntEnum):
    """The exit code of a command.

    `DONE` · `FAILED`, or damage was found · `USAGE`: what was asked for does not exist ·
    `PARTIAL`: done, but something was skipped or is torn.
    """

    DONE = 0
    FAILED = 1
    USAGE = 2
    PARTIAL = 3


def settle(action: Callable[[], object]) -> int:
    """Run a command to its exit code; whatever was foreseen becomes one line on standard error.

    Args:
        action: the command; gives its own exit code, or `None` where all is done.
    """
    try:
        result = action()
        sys.stdout.flush()
    except click.ClickException as error:
        return _misused(error)
    except BadSetting as error:
        _say(_program(), str(error))
        return Outcome.USAGE
    except LivetimingError as error:
        return fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except OSError as error:
        return _broken(error)
    return result if isinstance(result, int) else Outcome.DONE


def fail(what: str) -> int:
    """Say in one line what went wrong.

    Returns: the exit code for it.
    """
    _say(_program(), what)
    return Outcome.FAILED


class _Settled(click.Command):
    """A click command whose end is settled here and not by click."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        run = partial(super().main, *args, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        sys.exit(settle(run))

    def invoke(self, ctx: click.Context) -> Any:
        return settle(partial(super().invoke, ctx))


class Program(_Settled, click.Group):
    """A program with verbs; each verb's function may give its exit code."""


class PlainProgram(_Settled):
    """A program without verbs; its function may give its exit code."""


def _misused(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
    elif isinstance(error, click.UsageError) and error.ctx is not None:
        path = error.ctx.command_path
        _say(path, f"{error.format_message().rstrip('.')} (see `{path} --help`)")
    else:
        _say(_program(), error.format_message())
    return error.exit_code


def _broken(error: OSError) -> int:
    """Tell a reader who went away from a disk that refused."""
    _let_go_of_stdout()
    if isinstance(error, BrokenPipeError):
        return BROKEN_PIPE
    what = error.strerror or str(error)
    return fail(f"{error.filename}: {what}" if error.filename else what)


def _let_go_of_stdout() -> None:
    """Send what is still buffered nowhere, if it cannot be written: the interpreter's own attempt
    at exit would print a traceback.
    """
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):  # a stream that is no file has nothing to let go of
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(who: str, what: str) -> None:
    line = " ".join(what.splitlines())
    click.echo(f"{who}: {line}", err=True)


def _program() -> str:
    context = click.get_current_context(silent=True)
    name = context.find_root().info_name if context else None
    return name or Path(sys.argv[0]).name
