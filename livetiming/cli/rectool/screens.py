"""Where a watched session is drawn: over the whole terminal, or one table below the other."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from rich.live import Live
from rich.text import Text

from livetiming.cli.rectool.sources import Source
from livetiming.cli.table import timing_screen
from livetiming.cli.terminal import Terminal

_TERMINATED = 128 + signal.SIGTERM


class Screen(Protocol):
    """Draws a session."""

    redraws: bool
    """Whether it is drawn again as the clocks go on, without news."""

    def draw(self, source: Source) -> None:
        """Draw it as it is now."""


class PlainScreen:
    """One table below the other."""

    redraws = False

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._drawn = False

    def draw(self, source: Source) -> None:
        """See `Screen`."""
        if self._drawn:
            self._terminal.write([Text()])
        self._drawn = True
        look = source.look(self._terminal.width, None)
        self._terminal.write(timing_screen(source.state, look))


class WholeScreen:
    """The whole terminal; use `whole_screen`."""

    redraws = True

    def __init__(self, terminal: Terminal, live: Live) -> None:
        self._terminal = terminal
        self._live = live
        self.lines: list[Text] = []

    def draw(self, source: Source) -> None:
        """See `Screen`."""
        look = source.look(self._terminal.width, self._terminal.height)
        self.lines = timing_screen(source.state, look)
        text = Text("\n", no_wrap=True, overflow="crop").join(self.lines)
        self._live.update(text, refresh=True)


@contextmanager
def whole_screen(terminal: Terminal) -> Iterator[WholeScreen]:
    """Take the whole terminal; give it back with the last picture on it, however this ends."""
    live = Live(console=terminal.console, screen=True, auto_refresh=False)
    screen = WholeScreen(terminal, live)
    with _termination_unwinds():
        try:
            with live:
                yield screen
        finally:
            terminal.write(screen.lines)


@contextmanager
def _termination_unwinds() -> Iterator[None]:
    """Let SIGTERM leave through the `finally` blocks: a killed program would keep the terminal."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(_TERMINATED)
