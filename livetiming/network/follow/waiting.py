"""Lines that came too early, until those before them are there."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import NamedTuple

from livetiming.network.follow.limits import Limits


class Run(NamedTuple):
    """Consecutive lines.

    Args:
        first_seq: of the first of them.
        chain: after the line before it.
        lines: without line feeds.
    """

    first_seq: int
    chain: bytes
    lines: Sequence[bytes]


class Waiting:
    """What is known of one writer's lines beyond those that were applied.

    Args:
        limits: how much is kept.

    Attributes:
        writer: whose lines they are.
        head: the last line that this writer is known to have.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.writer: int | None = None
        self.head = 0
        self._runs: list[Run] = []
        self._lines = self._bytes = 0

    def of(self, writer: int) -> None:
        """Begin with this writer, unless it is the one already."""
        if writer != self.writer:
            self.writer = writer
            self.head = 0
            self.clear()

    def clear(self) -> None:
        """Drop all lines; that they exist is not forgotten."""
        self._runs.clear()
        self._lines = self._bytes = 0

    def reaches(self, head: int) -> None:
        """The writer is known to have this line."""
        self.head = max(self.head, head)

    def put(self, run: Run) -> None:
        """Keep lines; where there are too many, all are dropped, and so a hole to ask for."""
        if not run.lines:
            return
        insort(self._runs, run, key=_first_seq)
        self._lines += len(run.lines)
        self._bytes += sum(map(len, run.lines))
        if self._lines > self._limits.waiting_lines or self._bytes > self._limits.waiting_bytes:
            self.clear()

    def take(self, next_seq: int) -> Run | None:
        """The first lines, unless there is a hole before them."""
        if not self._runs or self._runs[0].first_seq > next_seq:
            return None
        run = self._runs.pop(0)
        self._lines -= len(run.lines)
        self._bytes -= sum(map(len, run.lines))
        return run


def _first_seq(run: Run) -> int:
    return run.first_seq
