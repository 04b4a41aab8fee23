"""Reading a log, growing or sealed: all of it in order, or the state at any moment of it.

Memory is bounded: one frame is open at a time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from types import TracebackType
from typing import Generic, Literal, NamedTuple

from livetiming.disk import Disk
from livetiming.errors import BadLine, BadState, LogDamaged
from livetiming.events.codec import decode_all
from livetiming.events.log.fold import TIMING, Fold, S
from livetiming.events.log.folded import Folded, at_snapshot
from livetiming.events.log.growing import TornPart
from livetiming.events.log.lines import link, read_head
from livetiming.events.log.part import Form, Part, Parts
from livetiming.events.log.parts import open_parts
from livetiming.events.log.paths import TAIL
from livetiming.events.model import Event
from livetiming.events.names import SessionId


class Seq(NamedTuple):
    """The moment after event `seq`."""

    seq: int


class Instant(NamedTuple):
    """The moment after the last event at or before `at`, epoch ms."""

    at: int


Moment = Seq | Instant


class LogReader(Generic[S]):
    """Reads a log as it stood when it was opened; use it as a context manager.

    Args:
        path: one of its files.
        parts: what it is made of.
        fold: how its events add up.
    """

    def __init__(self, path: Path, parts: Parts, fold: Fold[S]) -> None:
        self.path = path
        self._fold = fold
        self._parts = parts

    def __enter__(self) -> LogReader[S]:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the file."""
        self._parts.close()

    @property
    def form(self) -> Form:
        """Growing or sealed."""
        return self._parts.form

    @property
    def session(self) -> SessionId:
        """Whose log it is."""
        return self._parts.session

    @property
    def torn(self) -> list[TornPart]:
        """What belongs to no whole line or frame, and is passed over."""
        return self._parts.torn

    @property
    def frames(self) -> int:
        """How many parts open by themselves."""
        return len(self._parts)

    @property
    def size_of_frames(self) -> int:
        """Bytes of a sealed log before its index."""
        return self._parts.end

    def start(self) -> Folded[S]:
        """The log before its first line: empty, or what a clip begins with.

        Raises: `LogDamaged`.
        """
        return self._begin(0, self._parts.read(0))

    def events(self, start: Folded[S] | None = None) -> Iterator[tuple[bytes, Event]]:
        """All lines in order, with their events, each checked against the chain and folded.

        Args:
            start: is moved on with the lines; after each line it is the log up to there.
        Raises: `LogDamaged` where a line, a chain or a snapshot's place does not fit.
        """
        return self._from(0, start or self.start())

    def _steps(
        self, number: int, lines: list[bytes], folded: Folded[S]
    ) -> Iterator[tuple[bytes, Event]]:
        try:
            yield from folded.steps(lines)
        except (BadLine, BadState) as error:
            raise self._damaged(str(error), number, folded.seq) from error

    def after(self, folded: Folded[S]) -> Iterator[tuple[bytes, Event]]:
        """The lines after a place, with their events, each checked against the chain and folded.

        Opens only the parts from that place on.

        Args:
            folded: a place in this log; is moved on with the lines.
        Raises: `LogDamaged` where a line, a chain or a snapshot's place does not fit, or where the
            log has another history than the one that led to that place.
        """
        return self._from(self._part_of(Seq(folded.seq)), folded)

    def _from(self, first: int, folded: Folded[S]) -> Iterator[tuple[bytes, Event]]:
        """The lines after a place, which is in part `first` or at its start."""
        for number in range(first, len(self._parts)):
            part = self._parts.read(number)
            lines = part.lines
            if number == first:
                lines = self._lines_after(number, part, folded)
            else:
                self._check_start(number, part, folded)
            yield from self._steps(number, lines, folded)

    def _lines_after(self, number: int, part: Part, folded: Folded[S]) -> list[bytes]:
        head = read_head(part.snapshot)
        known = folded.seq - head.seq
        chain = reduce(link, part.lines[: max(0, known)], head.chain)
        same = (head.session, chain) == (folded.session, folded.chain)
        if not same or not 0 <= known <= len(part.lines):
            what = f"event {folded.seq} is not here, or is another one than before"
            raise self._damaged(what, number, head.seq)
        return part.lines[known:]

    def _check_start(self, number: int, part: Part, folded: Folded[S]) -> None:
        head = read_head(part.snapshot)
        if (head.seq, head.chain, head.session) != (folded.seq, folded.chain, folded.session):
            what = f"the snapshot after event {head.seq} does not follow event {folded.seq}"
            raise self._damaged(what, number, folded.seq)

    def chains(self) -> Iterator[bytes]:
        """The chain after each line, without looking at what the lines say.

        Raises: `LogDamaged` where a part cannot be opened.
        """
        for number in range(len(self._parts)):
            part = self._parts.read(number)
            chain = read_head(part.snapshot).chain
            for line in part.lines:
                chain = link(chain, line)
                yield chain

    def at(self, moment: Moment) -> Folded[S]:
        """The log folded up to a moment, clamped to what there is.

        Opens one part: its cost does not grow with the log.

        Raises: `LogDamaged`.
        """
        number = self._part_of(moment)
        part = self._parts.read(number)
        folded = self._begin(number, part)
        wanted, field = _of_event(moment)
        try:
            for line, event in decode_all(part.lines):
                if event[field] > wanted:
                    break
                folded.take(event, line)
        except (BadLine, BadState) as error:
            raise self._damaged(str(error), number, folded.seq) from error
        return folded

    def last(self) -> Folded[S]:
        """The whole log folded.

        Raises: `LogDamaged`.
        """
        return self.at(Seq(2**63))

    def _part_of(self, moment: Moment) -> int:
        """The last part that begins at or before a moment."""
        wanted, field = _of_event(moment)
        numbers = range(len(self._parts))
        found = bisect_right(numbers, wanted, key=lambda n: self._parts.start(n)[field])
        return max(0, found - 1)

    def _begin(self, number: int, part: Part) -> Folded[S]:
        """The log at a part's start: by its snapshot, or folded from the start by our own rules."""
        head = read_head(part.snapshot)
        if number and head.seq != self._parts.start(number)[0]:
            raise self._damaged("the index tells of another snapshot", number, head.seq)
        trusted = head.version == self._fold.version
        before = None if trusted or not number else self._fold_to(number)
        try:
            return at_snapshot(part.snapshot, self._fold, before)
        except BadLine as error:
            raise self._damaged(str(error), number, head.seq) from error

    def _fold_to(self, number: int) -> Folded[S]:
        """The log at a part's start, folded from the start."""
        folded = self.start()
        for before in range(number):
            try:
                for line in self._parts.read(before).lines:
                    folded.step(line)
            except (BadLine, BadState) as error:
                raise self._damaged(str(error), before, folded.seq) from error
        return folded

    def _damaged(self, what: str, number: int, seq: int) -> LogDamaged:
        path, offset = self._parts.where(number)
        frame = None if path.name.endswith(TAIL) else number
        return LogDamaged(path, what, offset=offset, frame=frame, seq=seq)


def _of_event(moment: Moment) -> tuple[int, Literal[0, 1]]:
    """What a moment is compared with, and the field of an event that it is compared to."""
    return (moment.seq, 0) if isinstance(moment, Seq) else (moment.at, 1)


def open_reader(disk: Disk, path: Path) -> LogReader:
    """Open a log for reading.

    Args:
        disk: where it is.
        path: a sealed log; or a growing log's tail, its body, or the stem of both.
    Raises: `NoLog` where there is none; `LogDamaged`; `LogError` where it cannot be read.
    """
    return open_reader_of(TIMING, disk, path)


def open_reader_of(fold: Fold[S], disk: Disk, path: Path) -> LogReader[S]:
    """Open a log of any kind for reading, as `open_reader` does a session's.

    Raises: `NoLog` where there is none; `LogDamaged`; `LogError` where it cannot be read.
    """
    return LogReader(path, open_parts(disk, path, fold), fold)
