"""`watch`: a live timing screen in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import click

from livetiming.cli.output import talk
from livetiming.cli.rectool.logs import LOG, open_named, time_argument
from livetiming.cli.rectool.replay import SPEED
from livetiming.cli.rectool.screens import PlainScreen, Screen, whole_screen
from livetiming.cli.rectool.sources import LiveSource, PlayedSource, Source
from livetiming.cli.table import Look, Mode, timing_screen
from livetiming.cli.terminal import Terminal
from livetiming.cli.times import When
from livetiming.errors import NoLog
from livetiming.events.log import Form, RealDisk
from livetiming.events.log.following import Follower
from livetiming.events.log.paths import growing_of
from livetiming.services.clocks import wall_clock

TICK_S = 0.1
"""So often a log is looked at for news."""
REDRAW_S = 0.5
"""So often clocks and ages are drawn again without news."""
WAIT_S = 0.5
"""So often a log that does not exist yet is looked for."""

_EXAMPLES = """\b
Examples:
  livetiming-rectool watch ./livetiming-data/state/5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b
  livetiming-rectool watch race.jsonl.zst lap:100 --speed 10
"""


@click.command(epilog=_EXAMPLES)
@LOG
@time_argument("time")
@click.option("--speed", type=SPEED, metavar="N", help="Play N times as fast as it was.")
@click.option("--once", is_flag=True, help="Print one table, of TIME or of now, and end.")
@click.option("--wait", is_flag=True, help="Wait for a log that is not there yet.")
def command(log: Path, time: When | None, *, speed: float | None, once: bool, wait: bool) -> None:
    """Follow a growing LOG on a live timing screen, or play a recording from TIME on.

    A growing log is played, and not followed, where TIME or --speed is given.
    ▲ is a personal best, ◆ a session best. Without a terminal each update is a table of its own.
    It ends with the session; Ctrl-C ends it before.
    """
    if wait:
        _wait_for(log, sleep)
    if once:
        _print_once(log, time)
    elif _is_followed(log, time, speed):
        _watch(_live(log, ends_closed=True), sleep)
    else:
        with open_named(log) as reader:
            moment = time.find(reader) if time else None
            _watch(PlayedSource(reader, moment, speed or 1, monotonic), sleep)


def watch_log(log: Path, *, sleep: Callable[[float], None] = sleep) -> None:
    """Follow a growing log on the terminal until its files are gone.

    Args:
        log: one of its files.
        sleep: waits for so many seconds; may raise to end it.
    Raises: `NoLog` where there is none; `LogDamaged`.
    """
    _watch(_live(log), sleep)


def show_source(source: Source, screen: Screen, sleep: Callable[[float], None]) -> None:
    """Draw a session whenever there is news, until nothing more can come.

    Args:
        source: the session.
        screen: where it is drawn.
        sleep: waits for so many seconds.
    """
    source.poll()
    screen.draw(source)
    undrawn_s = 0.0
    while not source.ended:
        sleep(TICK_S)
        undrawn_s += TICK_S
        if source.poll() or (screen.redraws and undrawn_s >= REDRAW_S):
            screen.draw(source)
            undrawn_s = 0.0


def _watch(source: Source, sleep: Callable[[float], None]) -> None:
    terminal = Terminal()
    if not terminal.is_terminal:
        show_source(source, PlainScreen(terminal), sleep)
        return
    with whole_screen(terminal) as screen:
        show_source(source, screen, sleep)


def _live(log: Path, *, ends_closed: bool = False) -> LiveSource:
    tail = growing_of(log).tail
    follower = Follower(RealDisk(), log)
    written_at = tail.stat().st_mtime_ns // 1_000_000

    def last_written_at() -> int:
        nonlocal written_at
        with suppress(FileNotFoundError):
            written_at = tail.stat().st_mtime_ns // 1_000_000
        return written_at

    return LiveSource(follower, wall_clock, last_written_at, ends_closed=ends_closed)


def _is_followed(log: Path, time: When | None, speed: float | None) -> bool:
    if time is not None or speed is not None:
        return False
    with open_named(log) as reader:
        return reader.form is Form.GROWING


def _print_once(log: Path, time: When | None) -> None:
    terminal = Terminal()
    if _is_followed(log, time, None):
        PlainScreen(terminal).draw(_live(log))
        return
    with open_named(log) as reader:
        folded = reader.at(time.find(reader)) if time else reader.last()
    look = Look(terminal.width, folded.at, Mode.MOMENT, seq=folded.seq)
    terminal.write(timing_screen(folded.state, look))


def _wait_for(log: Path, sleep: Callable[[float], None]) -> None:
    told = False
    while True:
        try:
            with open_named(log):
                return
        except NoLog as error:
            if not told:
                talk(f"waiting: {error}")
            told = True
            sleep(WAIT_S)
