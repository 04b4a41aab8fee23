from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from livetiming.cli.outcome import Outcome, PlainProgram, Program, settle
from livetiming.errors import BadArgument, LogLocked


def program(action):
    @click.group(cls=Program, name="tool")
    def main() -> None:
        pass

    @main.command()
    def verb() -> object:
        return action()

    return main


def run(action, *args):
    return CliRunner().invoke(program(action), args or ["verb"])


def raising(error):
    def action():
        raise error

    return action


def test_exit_codes_are_those_of_the_documentation():
    assert [(one.name, one.value) for one in Outcome] == [
        ("DONE", 0), ("FAILED", 1), ("USAGE", 2), ("PARTIAL", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("given", "code"), [(None, 0), (Outcome.DONE, 0), (Outcome.PARTIAL, 3)])
def test_a_verb_gives_its_exit_code(given, code):
    assert run(lambda: given).exit_code == code


@pytest.mark.parametrize(
    ("error", "code", "stderr"),
    [
        (BadArgument("no such lap"), 1, "tool: no such lap\n"),
        (BadArgument("two\nlines"), 1, "tool: two lines\n"),
        (LogLocked(Path("/x.lock"), "is held"), 1, "tool: /x.lock: is held\n"),
        (FileNotFoundError(2, "No such file", "/x"), 1, "tool: /x: No such file\n"),
        (OSError("odd"), 1, "tool: odd\n"),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (KeyboardInterrupt(), 130, ""),
        (click.ClickException("no"), 1, "tool: no\n"),
        (click.UsageError("no"), 2, "tool verb: no (see `tool verb --help`)\n"),
    ],
)
def test_what_was_foreseen_is_one_line(error, code, stderr):
    result = run(raising(error))
    assert (result.exit_code, result.stderr, result.stdout) == (code, stderr, "")


def test_what_was_not_foreseen_is_not_hidden():
    assert isinstance(run(raising(ZeroDivisionError())).exception, ZeroDivisionError)


@pytest.mark.parametrize("args", [["--bad"], ["bad"], ["verb", "--bad"], ["verb", "more"]])
def test_wrong_usage_is_one_line_that_says_where_help_is(args):
    result = run(lambda: None, *args)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("tool")
    assert line.endswith("--help`)")


def test_a_program_without_verbs_ends_alike():
    @click.command(cls=PlainProgram, name="plain")
    def main() -> int:
        raise BadArgument("no")

    result = CliRunner().invoke(main, [])
    assert (result.exit_code, result.stderr) == (1, "plain: no\n")


def test_settle_needs_no_command():
    assert settle(lambda: 3) == 3
