"""`analyse`: what happened in a session, for every car."""

from __future__ import annotations

from pathlib import Path

import click

from livetiming.analyses import analyse
from livetiming.cli.output import write_line
from livetiming.cli.rectool.logs import LOG, open_named
from livetiming.cli.times import TimeArgument, When

_EXAMPLES = """\b
Examples:
  livetiming-rectool analyse race.jsonl.zst
  livetiming-rectool analyse race.jsonl.zst --as-of lap:100
  livetiming-rectool analyse race.jsonl.zst --json | jq '.tables.stops.rows'
"""


@click.command(epilog=_EXAMPLES)
@LOG
@click.option(
    "--as-of",
    "when",
    type=TimeArgument(),
    metavar="TIME",
    help="As it was known then; else at the end.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: all tables, all rows.")
def command(log: Path, *, when: When | None, as_json: bool) -> None:
    """Say what happened in LOG: who is where, fastest laps, stops, flags.

    Every table with every row is in the JSON; docs/analysis.md says what they hold.
    """
    with open_named(log) as reader:
        analysed = analyse(reader, when.find(reader) if when else None)
    if as_json:
        write_line(analysed.document())
        return
    from livetiming.cli.overview import overview
    from livetiming.cli.terminal import Terminal

    terminal = Terminal()
    terminal.write(overview(analysed, terminal.width))
