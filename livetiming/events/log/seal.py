"""Writing a sealed log: frames that open by themselves, then the index that finds them."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from livetiming.disk import Disk, let_go
from livetiming.errors import BadArgument, LogFailed
from livetiming.events.codec import decode
from livetiming.events.log.folded import Folded, Place
from livetiming.events.log.frames import SEALED_LEVEL, compress
from livetiming.events.log.index import IndexedFrame, write_trailer
from livetiming.events.log.reader import open_reader
from livetiming.events.log.verify import Status, verify_sealed
from livetiming.events.model import Event

MAX_SPAN_MS = 15 * 60 * 1000
MAX_RAW = 1024 * 1024


class SealedWriter:
    """Writes a sealed log under a name that it gets only when it is whole.

    Use it as a context manager: leaving it unfinished leaves nothing behind.

    Args:
        disk: where to write.
        path: the final name; what has it is replaced.
        start: where the log begins; used up.
    """

    def __init__(self, disk: Disk, path: Path, start: Folded) -> None:
        self._disk = disk
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._folded = start
        self._frames: list[IndexedFrame] = []
        self._checksums: list[bytes] = []
        self._lines: list[bytes] = []
        self._first = (0, 0)
        self._raw = 0
        self._offset = 0
        try:
            if disk.exists(self._part):
                disk.remove(self._part)
            self._file = disk.append(self._part)
            self._writing = True
        except OSError as error:
            raise LogFailed(path, f"cannot be written: {error.strerror}") from error

    def __enter__(self) -> SealedWriter:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take away what is not whole."""
        if self._writing:
            self.discard()

    def discard(self) -> None:
        """Leave nothing behind, as far as the disk lets us."""
        self._let_go()
        with contextlib.suppress(OSError):
            if self._disk.exists(self._part):
                self._disk.remove(self._part)

    def _let_go(self) -> None:
        if self._writing:
            self._writing = False
            let_go(self._file)

    @property
    def events(self) -> int:
        """The number of the last event written."""
        return self._folded.seq

    def add(self, line: bytes, event: Event | None = None) -> None:
        """Write the next line.

        Args:
            line: an event line without its line feed.
            event: the event in it, where it is known.
        Raises: `BadLine` or `BadState` where it does not follow; `LogFailed` by the disk.
        """
        event = event or decode(line)
        if not self._lines or self._full(event, line):
            self._flush()
            self._begin(event)
        self._folded.take(event, line)
        self._lines.append(line)
        self._raw += len(line) + 1

    def finish(self, prove: Callable[[Path], None] | None = None) -> None:
        """Write the index, make it all durable, and give the file its name.

        Args:
            prove: raises where the file that is about to get the name must not have it.
        Raises: `LogFailed` by the disk; `BadArgument` where nothing was written; what `prove` does.
        """
        if not self._lines:
            raise BadArgument(f"{self._path}: a log without an event cannot be sealed")
        self._flush()
        folded = self._folded
        self._write(
            write_trailer(folded.session, folded.seq, folded.chain, self._frames, self._checksums)
        )
        try:
            self._file.sync()
            if prove is not None:
                prove(self._part)
            self._disk.rename(self._part, self._path)
            self._disk.sync_folder(self._path.parent)
            self._let_go()
        except OSError as error:
            raise LogFailed(self._path, f"cannot be written: {error.strerror}") from error

    def _full(self, event: Event, line: bytes) -> bool:
        return event.at - self._first[1] >= MAX_SPAN_MS or self._raw + len(line) >= MAX_RAW

    def _begin(self, event: Event) -> None:
        folded = self._folded
        snapshot = folded.snapshot(folded.at if folded.seq else event.at)
        self._first = (event.seq, event.at)
        self._lines = [snapshot]
        self._raw = len(snapshot) + 1

    def _flush(self) -> None:
        if not self._lines:
            return
        content = b"\n".join([*self._lines, b""])
        frame = compress(content, SEALED_LEVEL)
        first_seq, first_at = self._first
        self._frames.append(
            IndexedFrame(
                offset=self._offset,
                length=len(frame),
                crc32=zlib.crc32(frame),
                raw_length=len(content),
                first_seq=first_seq,
                first_at=first_at,
                last_seq=self._folded.seq,
                last_at=self._folded.at,
            )
        )
        self._checksums.append(frame[-4:])
        self._offset += len(frame)
        self._lines = []
        self._write(frame)

    def _write(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except OSError as error:
            raise LogFailed(self._path, f"cannot be written: {error.strerror}") from error


def seal_log(disk: Disk, source: Path, target: Path, *, proven: bool = False) -> None:
    """Seal a log under another name; the source stays as it is.

    Args:
        disk: where both are.
        source: the log.
        target: the name.
        proven: whether to read it all again before it gets the name, for a source that goes.
    Raises: `NoLog`, `LogDamaged` by the source; `LogFailed` by the disk.
    """
    with open_reader(disk, source) as reader, SealedWriter(disk, target, reader.start()) as sealed:
        folded = reader.start()
        for line, event in reader.events(folded):
            sealed.add(line, event)
        sealed.finish(_proof(disk, folded.place) if proven else None)


def _proof(disk: Disk, end: Place) -> Callable[[Path], None]:
    def prove(part: Path) -> None:
        verdict = verify_sealed(disk, part)
        what = verdict.problem.what if verdict.problem else f"ends at event {verdict.events}"
        if verdict.status is not Status.WHOLE or verdict.chain != end.chain.hex():
            raise LogFailed(part, f"is not what was written: {what}")

    return prove
