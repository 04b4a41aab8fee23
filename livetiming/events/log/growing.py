"""What stands in a growing log's files: found by reading, without changing anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from livetiming.errors import BadLine, BadState, LogDamaged, LogError, NoLog
from livetiming.events.codec import decode
from livetiming.events.log.disk import Disk, File
from livetiming.events.log.folded import Folded, at_snapshot
from livetiming.events.log.frames import (
    FIRST_BLOCK,
    ZSTD_MAGIC,
    BadFrame,
    CutOff,
    Extent,
    open_frame,
    peek,
    walk,
)
from livetiming.events.log.lines import HEAD_SIZE, Snapshot, read_head
from livetiming.events.log.paths import GrowingPaths
from livetiming.events.log.tail import TailDamaged, Whole, first_line, read_lines
from livetiming.events.values import SessionId


class TornPart(NamedTuple):
    """Bytes that belong to no whole line or frame.

    Args:
        path: their file.
        offset: where they begin; they reach to its end.
        data: the bytes.
    """

    path: Path
    offset: int
    data: bytes


@dataclass(kw_only=True)
class Growing:
    """A growing log as it was found.

    Args:
        paths: its files.
        frames: the whole frames of its body.
        snapshot: the line that its tail begins with; empty where the tail has none.
        tail: the whole lines of its tail.
        folded: the log folded to its last whole line.
        torn: what belongs to no whole line or frame.
        rolled: the tail's lines are all in the body already; the roll was not finished.
    """

    paths: GrowingPaths
    frames: list[Extent]
    snapshot: bytes
    tail: Whole
    folded: Folded
    torn: list[TornPart] = field(default_factory=list)
    rolled: bool = False


_NO_LINES = Whole([], None, 0)


def scan(disk: Disk, paths: GrowingPaths, session: SessionId | None = None) -> Growing:
    """Read a growing log: its tail first and then its body, so that lines overlap, never miss.

    Args:
        disk: where it is.
        paths: its files.
        session: whose log a new one is.
    Returns: what is there; an empty log where there is none and `session` is given.
    Raises: `NoLog` where there is none; `LogDamaged`.
    """
    try:
        text = _read_all(disk, paths.tail)
        body = _open_body(disk, paths)
    except OSError as error:
        raise LogError(paths.tail, f"cannot be read: {error.strerror}") from error
    if body is None:
        return _without_body(paths, text, session)
    try:
        return _Scan(paths, text or b"", body).result()
    except OSError as error:
        raise LogError(paths.body, f"cannot be read: {error.strerror}") from error
    finally:
        body.close()


def _open_body(disk: Disk, paths: GrowingPaths) -> File | None:
    if not disk.exists(paths.body):
        return None
    body = disk.open(paths.body)
    if body.size():
        return body
    body.close()
    return None


def _read_all(disk: Disk, path: Path) -> bytes | None:
    if not disk.exists(path):
        return None
    file = disk.open(path)
    try:
        return file.read(0, file.size())
    finally:
        file.close()


def _without_body(paths: GrowingPaths, text: bytes | None, session: SessionId | None) -> Growing:
    line = first_line(text or b"")
    if line is None or b"\0" in line:
        if session is None:
            raise NoLog(paths.tail, "there is no log here" if text is None else "no line is whole")
        torn = [TornPart(paths.tail, 0, text)] if text else []
        return Growing(
            paths=paths, frames=[], snapshot=b"", tail=_NO_LINES, folded=Folded(session), torn=torn
        )
    return _with_tail(paths, text or b"", line, [])


def _with_tail(paths: GrowingPaths, text: bytes, line: bytes, frames: list[Extent]) -> Growing:
    try:
        folded = at_snapshot(line)
    except BadLine as error:
        raise NoLog(paths.tail, f"is no log: {error}") from error
    try:
        tail = read_lines(text, len(line) + 1, folded)
    except TailDamaged as error:
        raise LogDamaged(paths.tail, error.what, offset=error.offset, seq=error.seq) from error
    torn = [TornPart(paths.tail, tail.end, text[tail.end :])] if tail.end < len(text) else []
    return Growing(paths=paths, frames=frames, snapshot=line, tail=tail, folded=folded, torn=torn)


def frame_head(path: Path, file: File, extent: Extent, number: int) -> Snapshot:
    """The snapshot that a frame begins with, read without opening all of it.

    Raises: `LogDamaged`.
    """
    try:
        return read_head(peek(file.read(extent.offset, min(extent.length, FIRST_BLOCK)), HEAD_SIZE))
    except (BadFrame, BadLine) as error:
        raise LogDamaged(path, str(error), offset=extent.offset, frame=number) from error


def fold_frame(content: bytes) -> Folded:
    """Fold the lines of one frame.

    Raises: `BadLine` or `BadState`.
    """
    snapshot, *lines = content.split(b"\n")[:-1]
    folded = at_snapshot(snapshot)
    for line in lines:
        folded.step(line)
    return folded


class _Scan:
    """The scan of a log that has a body."""

    def __init__(self, paths: GrowingPaths, text: bytes, body: File) -> None:
        self._paths = paths
        self._text = text
        self._body = body
        self._frames: list[Extent] = []
        self._torn: list[TornPart] = []
        self._bad_end: CutOff | BadFrame | None = None
        self._find_frames()

    def _find_frames(self) -> None:
        try:
            for extent in walk(self._body):
                if extent.magic != ZSTD_MAGIC:
                    raise BadFrame("an index stands in a growing log")
                self._frames.append(extent)
        except (CutOff, BadFrame) as error:
            self._bad_end = error

    def _end(self) -> int:
        return self._frames[-1].offset + self._frames[-1].length if self._frames else 0

    def _cut_body(self, offset: int) -> None:
        data = self._body.read(offset, self._body.size() - offset)
        self._torn.append(TornPart(self._paths.body, offset, data))

    def _damaged(self, what: str, offset: int, frame: int, seq: int = 0) -> LogDamaged:
        return LogDamaged(self._paths.body, what, offset=offset, frame=frame, seq=seq)

    def result(self) -> Growing:
        """What was found."""
        line = first_line(self._text)
        head = None if line is None else _head(line)
        if line is None or head is None:
            return self._without_tail()
        if self._frames and head.seq <= self._last_head().seq:
            found = self._overlapping(line)
        else:
            found = self._following(line, head)
        found.torn = self._torn + found.torn
        return found

    def _last_head(self) -> Snapshot:
        number = len(self._frames) - 1
        return frame_head(self._paths.body, self._body, self._frames[-1], number)

    def _without_tail(self) -> Growing:
        """The tail has no snapshot: a roll was cut off between emptying it and the new one."""
        self._drop_bad_end(covered=isinstance(self._bad_end, CutOff))
        folded = self._fold_last()
        for line in self._text.split(b"\n"):
            if _seq_of(line) > folded.seq:
                what = "lines without a snapshot before them"
                raise LogDamaged(self._paths.tail, what, offset=0, seq=folded.seq)
        torn = [TornPart(self._paths.tail, 0, self._text)] if self._text else []
        return self._rolled(folded, torn)

    def _drop_bad_end(self, *, covered: bool) -> None:
        """Cut off what follows the last whole frame, if the tail has its lines or there are none.

        Raises: `LogDamaged` otherwise.
        """
        if self._bad_end is None:
            return
        if not covered:
            what = str(self._bad_end) or "the file ends inside a frame"
            raise self._damaged(what, self._end(), len(self._frames))
        self._cut_body(self._end())

    def _rolled(self, folded: Folded, torn: list[TornPart]) -> Growing:
        return Growing(
            paths=self._paths,
            frames=self._frames,
            snapshot=b"",
            tail=_NO_LINES,
            folded=folded,
            torn=self._torn + torn,
            rolled=True,
        )

    def _fold_last(self) -> Folded:
        if not self._frames:
            raise NoLog(self._paths.body, "no frame is whole")
        extent, number = self._frames[-1], len(self._frames) - 1
        try:
            return fold_frame(open_frame(self._body.read(extent.offset, extent.length)))
        except (BadFrame, BadLine, BadState) as error:
            raise self._damaged(str(error), extent.offset, number) from error

    def _overlapping(self, line: bytes) -> Growing:
        """A roll was cut off before the tail was emptied: the frame holds it, or the tail does."""
        try:
            folded = self._fold_last()
        except LogDamaged:
            self._cut_body(self._frames.pop().offset)
            return _with_tail(self._paths, self._text, line, self._frames)
        self._drop_bad_end(covered=False)
        tail = _with_tail(self._paths, self._text, line, self._frames)
        if tail.folded.seq > folded.seq:
            raise self._damaged(
                f"the tail goes on to event {tail.folded.seq} beside a body that ends at "
                f"{folded.seq}",
                self._frames[-1].offset,
                len(self._frames) - 1,
                folded.seq,
            )
        return self._rolled(folded, [])

    def _following(self, line: bytes, head: Snapshot) -> Growing:
        before = self._fold_last() if self._frames else Folded(head.session)
        covered = (before.seq, before.chain) == (head.seq, head.chain)
        self._drop_bad_end(covered=covered)
        if not covered:
            what = (
                f"begins after event {head.seq}, but the body ends at event {before.seq} "
                "or has another chain"
            )
            raise LogDamaged(self._paths.tail, what, offset=0, seq=before.seq)
        return _with_tail(self._paths, self._text, line, self._frames)


def _head(line: bytes) -> Snapshot | None:
    try:
        return read_head(line)
    except BadLine:
        return None


def _seq_of(line: bytes) -> int:
    try:
        return decode(line).seq
    except BadLine:
        return 0
