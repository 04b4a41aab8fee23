"""`replay`: the lines of a log, or the states they add up to, at any speed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from livetiming.cli.output import write_line
from livetiming.cli.rectool.logs import LOG, open_named, time_argument
from livetiming.cli.rectool.pace import Pace
from livetiming.cli.rectool.show import as_object
from livetiming.cli.times import When
from livetiming.events import Event
from livetiming.events.log import Folded, Instant, LogReader, Moment, Seq

SPEED = click.FloatRange(min=0, min_open=True)

_EXAMPLES = """\b
Examples:
  livetiming-rectool replay race.jsonl.zst | jq -c 'select(.type=="posted")'
  livetiming-rectool replay race.jsonl.zst lap:10 lap:11 --speed 4 --states
"""


@click.command(epilog=_EXAMPLES)
@LOG
@time_argument("from_time")
@time_argument("to_time")
@click.option("--speed", type=SPEED, metavar="N", help="N times as fast as it was; else at once.")
@click.option("--states", is_flag=True, help="The state after each line, as `show --json` has it.")
def command(
    log: Path, from_time: When | None, to_time: When | None, *, speed: float | None, states: bool
) -> None:
    """Print the lines of LOG as they are, from FROM_TIME to TO_TIME, both included."""
    pace = Pace(speed, time.monotonic, time.sleep)
    with open_named(log) as reader:
        first = from_time.find(reader) if from_time else None
        last = to_time.find(reader) if to_time else None
        if first and last and _is_before(reader, last, first):
            raise click.UsageError("TO_TIME is before FROM_TIME")
        folded = before(reader, first) if first else reader.start()
        play(reader.after(folded), _until(last), pace, folded if states else None)


def play(
    lines: Iterator[tuple[bytes, Event]],
    within: Callable[[Event], bool],
    pace: Pace,
    states: Folded | None,
) -> None:
    """Print lines when they are due.

    Args:
        lines: with their events.
        within: whether an event is still wanted.
        pace: waits for them.
        states: moved on by `lines`: printed in their place.
    """
    paced = pace.is_paced
    for line, event in lines:
        if not within(event):
            return
        pace.wait_for(event.at)
        write_line(as_object(states) if states else line, at_once=paced)


def before(reader: LogReader, moment: Moment) -> Folded:
    """The log just before a moment: what comes next is the first line of that moment."""
    match moment:
        case Seq(seq):
            return reader.at(Seq(seq - 1))
        case Instant(at):
            return reader.at(Instant(at - 1))


def _is_before(reader: LogReader, moment: Moment, other: Moment) -> bool:
    if type(moment) is type(other):
        return moment < other
    return reader.at(moment).seq < reader.at(other).seq


def _until(moment: Moment | None) -> Callable[[Event], bool]:
    match moment:
        case None:
            return lambda _: True
        case Seq(seq):
            return lambda event: event.seq <= seq
        case Instant(at):
            return lambda event: event.at <= at
