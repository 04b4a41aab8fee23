"""`show`: the timing screen at a moment."""

from __future__ import annotations

from pathlib import Path

import click

from livetiming.cli.output import talk, write_line
from livetiming.cli.rectool.logs import JSON, LOG, open_named, time_argument
from livetiming.cli.times import When
from livetiming.events.log import Folded
from livetiming.events.state import as_json as state_json

_EXAMPLES = """\b
Examples:
  livetiming-rectool show race.jsonl.zst lap:112
  livetiming-rectool show race.jsonl.zst 2026-06-14T16:00:00Z --json
"""


@click.command(epilog=_EXAMPLES)
@LOG
@time_argument("time")
@JSON
def command(log: Path, time: When | None, *, as_json: bool) -> None:
    """Show the timing screen of LOG at TIME, or at its end."""
    with open_named(log) as reader:
        folded = reader.at(time.find(reader)) if time else reader.last()
        is_before = folded.seq == reader.start().seq
    if as_json:
        write_line(as_object(folded))
        return
    if time and is_before:
        talk(f"{time.text} is before the first event")
    _print(folded)


def as_object(folded: Folded) -> bytes:
    """A moment as JSON: which one it is, then the state's own keys."""
    head = b'{"session_id":"%s","seq":%d,"at":%d,"chain":"%s",' % (
        folded.session.encode(),
        folded.seq,
        folded.at,
        folded.chain.hex().encode(),
    )
    return head + state_json(folded.state)[1:]


def _print(folded: Folded) -> None:
    from livetiming.cli.table import Look, Mode, timing_screen
    from livetiming.cli.terminal import Terminal

    terminal = Terminal()
    look = Look(width=terminal.width, at=folded.at, mode=Mode.MOMENT, seq=folded.seq)
    terminal.write(timing_screen(folded.state, look))
