"""The body of a growing log: its frames, found, folded and proven."""

from __future__ import annotations

from pathlib import Path

from livetiming.disk import Disk, File, let_go
from livetiming.errors import BadLine, BadState, LogDamaged
from livetiming.events.log.fold import Fold, S
from livetiming.events.log.folded import Folded, at_snapshot
from livetiming.events.log.frames import (
    FIRST_BLOCK,
    MAX_FRAME,
    ZSTD_MAGIC,
    BadFrame,
    CutOff,
    Extent,
    open_lines,
    peek,
    walk,
)
from livetiming.events.log.lines import HEAD_SIZE, Snapshot, link, read_head


def frame_head(path: Path, file: File, extent: Extent, number: int) -> Snapshot:
    """The snapshot that a frame begins with, read without opening all of it.

    Raises: `LogDamaged`; `OSError`.
    """
    try:
        return read_head(peek(file.read(extent.offset, min(extent.length, FIRST_BLOCK)), HEAD_SIZE))
    except (BadFrame, BadLine) as error:
        raise LogDamaged(path, str(error), offset=extent.offset, frame=number) from error


class Body:
    """The whole frames of a body.

    Args:
        path: its file.
        file: open for reading.

    Attributes:
        frames: where they stand.
        bad_end: what is wrong behind them; `None` where nothing is.
        cut_off: whether the file only ends too early there.
        last_snapshot: the snapshot line of the last frame, once it is folded.
    """

    def __init__(self, path: Path, file: File) -> None:
        self.path = path
        self._file = file
        self.frames: list[Extent] = []
        self.bad_end: LogDamaged | None = None
        self.cut_off = False
        self.last_snapshot = b""
        self._find()

    def _find(self) -> None:
        try:
            for extent in walk(self._file):
                if extent.magic != ZSTD_MAGIC:
                    raise BadFrame("an index stands in a growing log")
                self.frames.append(extent)
        except CutOff:
            self.cut_off = True
            self.bad_end = self._damaged("the file ends inside a frame", len(self.frames))
        except BadFrame as error:
            self.bad_end = self._damaged(str(error), len(self.frames))

    def _damaged(self, what: str, number: int, seq: int = 0) -> LogDamaged:
        offset = self.frames[number].offset if number < len(self.frames) else self.end
        return LogDamaged(self.path, what, offset=offset, frame=number, seq=seq)

    @property
    def end(self) -> int:
        """The byte behind the last whole frame."""
        return self.frames[-1].offset + self.frames[-1].length if self.frames else 0

    def rest(self) -> bytes:
        """What follows the last whole frame.

        Raises: `LogDamaged` where it is more than one frame can be.
        """
        size = self._file.size() - self.end
        if size > MAX_FRAME:
            raise self._damaged(f"{size} bytes that are no frame", len(self.frames))
        return self._file.read(self.end, size)

    def fold(self, fold: Fold[S]) -> Folded[S] | None:
        """The log at the body's end; a last frame that cannot be read becomes its bad end.

        Args:
            fold: the rules.
        Returns: `None` where no frame can be read.
        Raises: `LogDamaged` where the damage goes further back.
        """
        if not self.frames:
            return None
        try:
            return self._fold_last(fold)
        except LogDamaged as error:
            if error.frame != len(self.frames) - 1:
                raise
            self.frames.pop()
            self.bad_end, self.cut_off = error, False
        return self._fold_last(fold) if self.frames else None

    def _fold_last(self, fold: Fold[S]) -> Folded[S]:
        """Fold the last frame, and before it those whose snapshots were folded by other rules."""
        last = first = len(self.frames) - 1
        while first and self._version(first) != fold.version:
            first -= 1
        folded = self._fold_frame(first, fold, None)
        for number in range(first + 1, last + 1):
            folded = self._fold_frame(number, fold, folded)
        return folded

    def _version(self, number: int) -> int:
        return frame_head(self.path, self._file, self.frames[number], number).version

    def _fold_frame(self, number: int, fold: Fold[S], before: Folded[S] | None) -> Folded[S]:
        snapshot, *lines = self._lines(number)
        self.last_snapshot = snapshot
        seq = before.seq if before else 0
        try:
            folded = at_snapshot(snapshot, fold, before)
            for _, event in folded.steps(lines):
                seq = event.seq
        except (BadLine, BadState) as error:
            raise self._damaged(str(error), number, seq) from error
        return folded

    def _lines(self, number: int) -> list[bytes]:
        extent = self.frames[number]
        try:
            return open_lines(self._file.read(extent.offset, extent.length))
        except BadFrame as error:
            raise self._damaged(str(error), number) from error

    def prove(self, count: int) -> None:
        """Compare the chain of all its lines with the snapshots between them.

        Args:
            count: how many frames.
        Raises: `LogDamaged` at the first frame that does not fit.
        """
        before: tuple[int, bytes] | None = None
        for number in range(count):
            before = self._prove_frame(number, before)

    def _prove_frame(self, number: int, before: tuple[int, bytes] | None) -> tuple[int, bytes]:
        snapshot, *lines = self._lines(number)
        seq = before[0] if before else 0
        try:
            head = read_head(snapshot)
        except BadLine as error:
            raise self._damaged(str(error), number, seq) from error
        if before is not None and (head.seq, head.chain) != before:
            what = f"the snapshot after event {head.seq} does not follow event {seq}"
            raise self._damaged(what, number, seq)
        chain = head.chain
        for line in lines:
            chain = link(chain, line)
        return head.seq + len(lines), chain


def prove_body(disk: Disk, path: Path, count: int) -> None:
    """Prove that no line of a body was changed, so that nothing is built on a damaged one.

    Takes part of a second for a log of 24 hours.

    Args:
        disk: where it is.
        path: its file.
        count: how many of its frames stay.
    Raises: `LogDamaged`; `OSError`.
    """
    file = disk.open(path)
    try:
        Body(path, file).prove(count)
    finally:
        let_go(file)
