"""The durable part of a log, as whoever holds it answers for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from livetiming.errors import BadArgument
from livetiming.events import Event
from livetiming.events.log import Disk, Folded, Instant, LogReader, Moment, Place, Seq, open_reader
from livetiming.events.log.folded import FoldedLog
from livetiming.events.state import State, as_json, from_json
from livetiming.network.wire import MAX_ANSWER, MAX_LINES, Answer, portions

KEPT_LINES = 2_000
KEPT_SIZE = 1024 * 1024
"""So much of a log's end is answered from memory: all that a follower who was away lacks."""


class Served:
    """A growing log as far as it is durable: what its holder may speak of.

    Args:
        disk: where it is.
        path: one of its files.
        log: just opened, all of it durable; not touched.
    """

    def __init__(self, disk: Disk, path: Path, log: FoldedLog) -> None:
        self._disk = disk
        self._path = path
        self._folded = Folded(log.session, from_json(as_json(log.state)), log.place)
        self._lines: deque[tuple[bytes, bytes]] = deque()
        """The last lines, each behind the chain before it."""
        self._size = 0

    @property
    def path(self) -> Path:
        """One of its files."""
        return self._path

    @property
    def place(self) -> Place:
        """Number, instant and chain of the last durable line."""
        return self._folded.place

    @property
    def state(self) -> State:
        """After that line; to be read only."""
        return self._folded.state

    @property
    def next_seq(self) -> int:
        """Of the line that comes next."""
        return self._folded.seq + 1

    @property
    def _first_kept(self) -> int:
        return self.next_seq - len(self._lines)

    def add(self, lines: bytes, told: Callable[[Event, State], None] | None = None) -> None:
        """Lines became durable.

        Args:
            lines: that follow, each with its line feed.
            told: of each event, and of the state after it, to be read only.
        """
        chain = self._folded.chain
        for line, event in self._folded.steps(lines[:-1].split(b"\n")):
            if told is not None:
                told(event, self._folded.state)
            self._lines.append((chain, line))
            self._size += len(line)
            chain = self._folded.chain
        while len(self._lines) > KEPT_LINES or self._size > KEPT_SIZE:
            self._size -= len(self._lines.popleft()[1])

    def chain_after(self, seq: int) -> bytes | None:
        """The chain after a line; `None` where there is none such.

        Raises: `LogError` where the log cannot be read.
        """
        if not 0 <= seq <= self._folded.seq:
            return None
        if seq == self._folded.seq:
            return self._folded.chain
        if seq + 1 >= self._first_kept:
            return self._lines[seq + 1 - self._first_kept][0]
        return self._at(Seq(seq)).chain

    def kept_after(self, seq: int) -> list[bytes] | None:
        """The lines after one, from memory; `None` where they are not all there."""
        if seq + 1 < self._first_kept:
            return None
        return [line for _, line in islice(self._lines, seq + 1 - self._first_kept, None)]

    def needs_disk(self, from_seq: object) -> bool:
        """Whether lines are not answered from memory: from the disk they may come in a thread."""
        return isinstance(from_seq, int) and from_seq < self._first_kept

    def needs_disk_at(self, moment: Moment | None) -> bool:
        """Whether a moment's snapshot is not made from memory, but maybe in a thread."""
        return moment is not None and not _is_past(moment, self.place)

    def answer(self, from_seq: int, limit: int) -> Answer:
        """Give lines to whoever lacks them.

        Args:
            from_seq: the first that is wanted.
            limit: at most so many.
        Raises: `BadArgument`; `LogError` where the log cannot be read.
        """
        first, number = min(_positive("from_seq", from_seq), self.next_seq), _limit(limit)
        if first >= self._first_kept:
            start = first - self._first_kept
            kept = [line for _, line in islice(self._lines, start, start + number)]
            chain = self._lines[start][0] if kept else self._folded.chain
        else:
            with open_reader(self._disk, self._path) as reader:
                chain, kept = _read(reader, first, min(number, self.next_seq - first))
        lines = next(portions(kept, MAX_ANSWER, number), ())
        return Answer(self.state.writer or 0, self.next_seq, first, chain, lines)

    def snapshot(self, moment: Moment | None) -> bytes:
        """Give the snapshot line of a moment, clamped to what there is.

        Args:
            moment: `None` for now.
        Raises: `LogError` where the log cannot be read.
        """
        folded = self._folded
        if moment is not None and self.needs_disk_at(moment):
            folded = self._at(moment)
        return folded.snapshot()

    def _at(self, moment: Moment) -> Folded:
        with open_reader(self._disk, self._path) as reader:
            return reader.at(moment)


def answer_from(disk: Disk, path: Path, from_seq: int, limit: int) -> Answer:
    """Give lines of a log that nobody writes.

    Raises: `BadArgument`; `LogError` where the log cannot be read.
    """
    number = _limit(limit)
    with open_reader(disk, path) as reader:
        last = reader.last()
        first = min(_positive("from_seq", from_seq), last.seq + 1)
        chain, read = _read(reader, first, number)
    lines = next(portions(read, MAX_ANSWER, number), ())
    return Answer(last.state.writer or 0, last.seq + 1, first, chain, lines)


def _read(reader: LogReader, first: int, number: int) -> tuple[bytes, list[bytes]]:
    """The chain before a line, and the lines from it on."""
    folded = reader.at(Seq(first - 1))
    return folded.chain, [line for line, _ in islice(reader.after(folded), number)]


def read_moment(when: object) -> Moment | None:
    """Read which moment is asked for: `None`, `{"seq":n}` or `{"at":ms}`.

    Raises: `BadArgument`.
    """
    match when:
        case None:
            return None
        case {"seq": int(seq), **rest} if not rest and not isinstance(seq, bool):
            return Seq(max(0, seq))
        case {"at": int(at), **rest} if not rest and not isinstance(at, bool):
            return Instant(max(0, at))
    raise BadArgument('when: expected null, {"seq":n} or {"at":ms}')


def _is_past(moment: Moment, end: Place) -> bool:
    """Whether a moment is at or after the end."""
    return moment.seq >= end.seq if isinstance(moment, Seq) else moment.at >= end.at


def _limit(limit: int) -> int:
    return min(_positive("limit", limit), MAX_LINES)


def _positive(name: str, number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise BadArgument(f"{name}: expected a number of at least 1, got {number!r:.40}")
    return number
