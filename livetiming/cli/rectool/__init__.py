"""`livetiming-rectool`: looks at logs, proves them, mends them, plays them.

A verb is a module of its own, loaded only when it is used.
"""

from __future__ import annotations

from importlib import import_module

import click

import livetiming
from livetiming.cli.outcome import Program

VERBS = {
    "analyse": ("analyse", "Say what happened in a session."),
    "export": ("export", "Write tables of a session for other tools."),
    "import": ("importing", "Make a log of each session in a capture."),
    "inspect": ("inspect", "Say what a log holds."),
    "rebuild": ("rebuild", "Make the stored analyses of recordings again."),
    "recover": ("recover", "Keep what is whole of a log that was cut off."),
    "replay": ("replay", "Print the lines of a log, at any speed."),
    "show": ("show", "Show the timing screen at a moment."),
    "verify": ("verify", "Prove that a log is as it was written."),
    "watch": ("watch", "Follow a log on a live timing screen."),
}
"""Each verb: the module whose `command` it is, and what it does."""


class _Verbs(Program):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"{__name__}.{VERBS[cmd_name][0]}").command
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without loading one."""
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, does) for verb, (_, does) in VERBS.items()])


_MORE = """\b
A TIME is one of
  @1781445600.25         seconds since 1970
  2026-06-14T16:00:00Z   ISO 8601; UTC where it names no zone
  +90  +1:30:00          from the first event
  seq:1500               after this event
  lap:12                 when the leader has so many laps

\b
Exit codes: 0 done, 1 failed or damage found, 2 usage,
3 done, but something was skipped or is torn.
"""


@click.command(
    cls=_Verbs,
    epilog=_MORE,
    name="livetiming-rectool",
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="VERB [ARGS]...",
)
@click.version_option(livetiming.__version__, prog_name="livetiming-rectool")
def main() -> None:
    """Look at logs of sessions, prove them, mend them, play them.

    LOG is a recording (`.jsonl.zst`), or any file of a growing log, or the stem of its files.
    """
