"""The one writer of a growing log: it numbers events, groups them and makes them durable."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from livetiming.disk import Disk, File, let_go
from livetiming.errors import LogFailed
from livetiming.events.codec import decode
from livetiming.events.log.fold import S
from livetiming.events.log.folded import FoldedLog, number
from livetiming.events.log.frames import GROWING_LEVEL, compress
from livetiming.events.log.growing import Growing
from livetiming.events.log.lines import write_mark
from livetiming.events.log.paths import GrowingPaths
from livetiming.events.model import Event, Payload
from livetiming.events.state import State

ROLL_MS = 5 * 60 * 1000
ROLL_SIZE = 256 * 1024
"""Bytes of event lines; the snapshot, which may be twice that, does not count."""


class Roll(NamedTuple):
    """The end of a tail: its lines go into the body as one frame.

    Args:
        content: the tail without its marks.
        snapshot: the line that the next tail begins with.
    """

    content: bytes
    snapshot: bytes


class Group(NamedTuple):
    """Lines that are written and made durable together.

    Args:
        lines: the event lines, each with its line feed: what is published afterwards.
        first_seq: of the first of them.
        last_seq: of the last of them.
        text: what is appended to the tail: the lines and their mark.
        roll: set where the tail ends with this group.
    """

    lines: bytes
    first_seq: int
    last_seq: int
    text: bytes
    roll: Roll | None


class LogWriter(FoldedLog[S]):
    """Appends events to a growing log; `open_log` makes it.

    `append` and `take` belong to the thread that owns the log; `commit` may run in another one,
    one call at a time.

    Args:
        disk: where the log is.
        lock: held until `close`.
        found: the log as it was found, mended; its folded state is used up.
    """

    def __init__(self, disk: Disk, lock: File, found: Growing[S]) -> None:
        super().__init__(found.folded)
        self._disk = disk
        self._lock = lock
        self._paths = found.paths
        self._tail = [found.snapshot, *found.tail.lines] if found.snapshot else []
        self._tail_size = sum(len(line) + 1 for line in found.tail.lines)
        self._tail_first_at = found.tail.first_at
        self._lines: list[bytes] = []
        self._prologue = b""
        self._groups: deque[Group] = deque()
        self._file = disk.append(found.paths.tail)
        self._dead = False

    def append(
        self: LogWriter[State], payload: Payload, at: int, source_at: int | None = None
    ) -> Event:
        """Number an event and fold it; it is on disk after `take` and `commit`.

        Args:
            payload: what happened; cleaned here.
            at: when, epoch ms; an instant before the last event's becomes that.
            source_at: the provider's own time of it, epoch ms.
        Returns: the event.
        Raises: `BadValue` for what may not enter a log; the log is then as before.
        """
        event, line = number(self._folded, payload, at, source_at)
        self._add(event, line)
        return event

    def append_line(self, line: bytes) -> Event:
        """Take the next line of another log of this session, as it is.

        Args:
            line: without its line feed.
        Returns: the event in it.
        Raises: `BadLine` or `BadState` where it does not follow; this log is then of no more use.
        """
        event = decode(line)
        self._add(event, line)
        return event

    def _add(self, event: Event, line: bytes) -> None:
        if not self._tail:
            self._begin_tail(event.at)
        self._folded.take(event, line)
        self._lines.append(line)
        self._tail_size += len(line) + 1
        if self._tail_first_at is None:
            self._tail_first_at = event.at
        if self._tail_size >= ROLL_SIZE or event.at - self._tail_first_at >= ROLL_MS:
            self._end_group(roll=True)

    def _begin_tail(self, at: int) -> None:
        snapshot = self._folded.snapshot(self._folded.at if self._folded.seq else at)
        self._tail = [snapshot]
        self._prologue = snapshot + b"\n"

    def _end_group(self, *, roll: bool) -> None:
        folded, lines = self._folded, self._lines
        self._tail += lines
        text = b"\n".join([*lines, b""])
        mark = write_mark(folded.seq, folded.chain) + b"\n"
        self._groups.append(
            Group(
                lines=text,
                first_seq=folded.seq - len(lines) + 1,
                last_seq=folded.seq,
                text=self._prologue + text + mark,
                roll=self._roll() if roll else None,
            )
        )
        self._lines, self._prologue = [], b""

    def _roll(self) -> Roll:
        content = b"\n".join([*self._tail, b""])
        snapshot = self._folded.snapshot()
        self._tail, self._tail_first_at = [snapshot], None
        self._tail_size = 0
        return Roll(content, snapshot)

    def take(self) -> Group | None:
        """Take what was appended and is not being written yet; `None` where there is nothing."""
        if not self._groups and self._lines:
            self._end_group(roll=False)
        return self._groups.popleft() if self._groups else None

    def commit(self, group: Group) -> None:
        """Write a group and make it durable; may take as long as the disk does.

        Args:
            group: the next one, as `take` gave it.
        Raises: `LogFailed` by the disk; this writer is then of no more use: close it, and open the
            log again to learn what of the group is there.
        """
        if self._dead:
            raise LogFailed(self._paths.tail, "failed before; it must be opened again")
        try:
            self._file.write(group.text)
            self._file.sync()
            if group.roll is not None:
                roll_tail(self._disk, self._paths, self._file, group.roll)
        except OSError as error:
            self._dead = True
            raise LogFailed(self._paths.tail, f"cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Let go of the files and the lock; what was not committed is lost."""
        self._dead = True
        let_go(self._file)
        let_go(self._lock)


def roll_tail(disk: Disk, paths: GrowingPaths, tail: File, roll: Roll) -> None:
    """Move a tail into the body; at each moment one of the two has every line."""
    made = not disk.exists(paths.body)
    body = disk.append(paths.body)
    try:
        body.write(compress(roll.content, GROWING_LEVEL))
        body.sync()
    finally:
        let_go(body)
    if made:
        disk.sync_folder(paths.folder)
    renew_tail(tail, roll.snapshot)


def renew_tail(tail: File, snapshot: bytes) -> None:
    """Empty a tail whose lines are in the body, and begin it anew."""
    tail.truncate(0)
    tail.write(snapshot + b"\n")
    tail.sync()
