"""Following a growing log by its files: each look reads only what is new."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from livetiming.disk import Disk, File
from livetiming.errors import BadLine, BadState
from livetiming.events.log.folded import Folded
from livetiming.events.log.lines import HEAD_SIZE, MARK_START, Snapshot, read_head
from livetiming.events.log.paths import growing_of
from livetiming.events.log.reader import open_reader
from livetiming.events.model import Event

_SEQ = re.compile(rb'\{"seq":(\d{1,16}),')


class Follower:
    """A growing log that is being written by somebody else.

    A line counts once the mark of its group stands behind it.

    Args:
        disk: where the log is.
        path: one of its files.
    Raises: `NoLog` where there is none; `LogDamaged`.
    """

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk = disk
        self._tail = growing_of(path).tail
        self._begins: Snapshot | None = None
        self._position = 0
        self.gone = False
        """Whether its files were taken away; what they held was read before."""
        with open_reader(disk, path) as reader:
            self.folded: Folded = reader.last()
            """The log as far as it was read; to be read only."""

    def poll(self) -> list[Event]:
        """Read what is new.

        Returns: the new events; none where there is nothing new.
        Raises: `LogDamaged`, also where the log is another one than before.
        """
        try:
            file = self._disk.open(self._tail)
        except FileNotFoundError:
            self.gone = True
            return []
        with closing(file):
            begins = _head(file)
            if begins is None:  # the moment of a roll between emptying the tail and its new start
                return []
            if begins != self._begins:
                events = self._catch_up()
                self._begins, self._position = begins, 0
                return events + self._read_on(file)
            return self._read_on(file)

    def _catch_up(self) -> list[Event]:
        """Take all that there is beyond our place, wherever it stands."""
        with open_reader(self._disk, self._tail) as reader:
            return [event for _, event in reader.after(self.folded)]

    def _read_on(self, file: File) -> list[Event]:
        size = file.size() - self._position
        if size <= 0:
            return []
        lines = file.read(self._position, size).split(b"\n")[:-1]
        marks = [n for n, line in enumerate(lines) if line.startswith(MARK_START)]
        if not marks:
            return []
        whole = lines[: marks[-1] + 1]
        events: list[Event] = []
        try:
            for line in whole:
                if _seq(line) > self.folded.seq:
                    events.append(self.folded.step(line))
        except (BadLine, BadState):  # the tail was renewed under our hands, or is damaged
            self._begins = None
            return events + self._catch_up()
        self._position += sum(len(line) + 1 for line in whole)
        return events


def _head(file: File) -> Snapshot | None:
    """Where the tail begins: another one after each roll."""
    try:
        return read_head(file.read(0, HEAD_SIZE))
    except BadLine:
        return None


def _seq(line: bytes) -> int:
    """The number of an event line; 0 for any other."""
    match = _SEQ.match(line)
    return int(match[1]) if match else 0
