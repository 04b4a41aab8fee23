"""The parts of a log that open by themselves, however its files look."""

from __future__ import annotations

import zlib
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from livetiming.errors import BadLine, BadValue, LogDamaged, NoLog
from livetiming.events.log.body import frame_head
from livetiming.events.log.disk import Disk, File, let_go, reading
from livetiming.events.log.frames import (
    MAX_FRAME,
    SEEK_TABLE_MAGIC,
    ZSTD_MAGIC,
    BadFrame,
    CutOff,
    Extent,
    open_lines,
    walk,
)
from livetiming.events.log.growing import Growing, TornPart, scan
from livetiming.events.log.index import (
    FOOTER_SIZE,
    MAX_INDEX,
    Index,
    index_extent,
    read_index,
    seek_table_size,
)
from livetiming.events.log.lines import read_head
from livetiming.events.log.paths import BODY, GrowingPaths, growing_of
from livetiming.events.names import SessionId


class Form(StrEnum):
    """What a log's files look like."""

    GROWING = "growing"
    SEALED = "sealed"


class Part(NamedTuple):
    """A piece of a log that opens by itself: a snapshot and the lines after it.

    Args:
        snapshot: the snapshot line, without its line feed.
        lines: the event lines, without line feeds.
    """

    snapshot: bytes
    lines: list[bytes]


class Parts(Protocol):
    """What a log is made of, in order."""

    @property
    def form(self) -> Form:
        """Growing or sealed."""

    @property
    def session(self) -> SessionId:
        """Whose log it is."""

    @property
    def torn(self) -> list[TornPart]:
        """What belongs to no whole line or frame."""

    @property
    def end(self) -> int:
        """The byte behind the last frame."""

    def __len__(self) -> int:
        """How many parts there are; at least one."""

    def start(self, number: int) -> tuple[int, int]:
        """Number and instant of the last event before a part; the first part's own instant."""

    def read(self, number: int) -> Part:
        """Open a part; `LogDamaged` where it does not."""

    def where(self, number: int) -> tuple[Path, int]:
        """The file that a part is in, and the offset of its first byte."""

    def close(self) -> None:
        """Let go of the files."""


def open_parts(disk: Disk, path: Path) -> Parts:
    """Find out what a log is made of.

    Args:
        disk: where it is.
        path: a sealed log; or a growing log's tail, its body, or the stem of both.
    Raises: `NoLog` where there is none; `LogDamaged`; `LogError` where it cannot be read.
    """
    growing = growing_of(path)
    with reading(path):
        if path.name.endswith(BODY) and disk.exists(path) and not disk.exists(growing.tail):
            return _open_lone(path, disk.open(path))
        if not (disk.exists(growing.tail) or disk.exists(growing.body)):
            raise NoLog(path, "there is no log here")
        return _GrowingParts(disk, growing)


class _Frames:
    """The zstd frames of one file."""

    def __init__(self, path: Path, file: File, extents: list[Extent]) -> None:
        self.path = path
        self.file = file
        self.extents = extents
        self._starts: dict[int, tuple[int, int]] = {}

    def start(self, number: int) -> tuple[int, int]:
        if number not in self._starts:
            with reading(self.path):
                head = frame_head(self.path, self.file, self.extents[number], number)
            self._starts[number] = (head.seq, head.at)
        return self._starts[number]

    def bytes_of(self, number: int) -> bytes:
        extent = self.extents[number]
        if extent.length > MAX_FRAME:
            what = f"a frame of {extent.length} bytes"
            raise LogDamaged(self.path, what, offset=extent.offset, frame=number)
        with reading(self.path):
            return self.file.read(extent.offset, extent.length)

    def read(self, number: int, crc32: int | None = None) -> Part:
        frame = self.bytes_of(number)
        try:
            if crc32 is not None and zlib.crc32(frame) != crc32:
                raise BadFrame("the frame does not match its CRC-32 in the index")
            snapshot, *lines = open_lines(frame)
            read_head(snapshot)
        except (BadFrame, BadLine) as error:
            offset, seq = self.extents[number].offset, self._before(number)
            raise LogDamaged(self.path, str(error), offset=offset, frame=number, seq=seq) from error
        return Part(snapshot, lines)

    def _before(self, number: int) -> int:
        """The last event before a frame that cannot be read."""
        try:
            return self.start(number)[0]
        except LogDamaged:
            return 0


class _GrowingParts:
    """A growing log: the frames of its body, and its tail as it was when it was opened."""

    form = Form.GROWING

    def __init__(self, disk: Disk, paths: GrowingPaths) -> None:
        found = scan(disk, paths)
        self.session = found.folded.session
        self.torn = found.torn
        self._paths = paths
        self._found: Growing = found
        self._body = disk.open(paths.body) if found.frames else None
        self._frames = self._body and _Frames(paths.body, self._body, found.frames)
        self.end = _end(found.frames)

    def __len__(self) -> int:
        return len(self._found.frames) + bool(self._found.snapshot)

    def start(self, number: int) -> tuple[int, int]:
        if self._frames and number < len(self._found.frames):
            return self._frames.start(number)
        head = read_head(self._found.snapshot)
        return head.seq, head.at

    def read(self, number: int) -> Part:
        if self._frames and number < len(self._found.frames):
            return self._frames.read(number)
        return Part(self._found.snapshot, self._found.tail.lines)

    def where(self, number: int) -> tuple[Path, int]:
        if number < len(self._found.frames):
            return self._paths.body, self._found.frames[number].offset
        return self._paths.tail, 0

    def close(self) -> None:
        if self._body:
            let_go(self._body)


class SealedParts:
    """A sealed log, or what is left of one.

    Args:
        path: its file.
        file: open for reading.
        extents: its whole frames.
        index: what it says of them; `None` where it is cut off.
        torn: what follows the last whole frame, where there is no index.
    """

    form = Form.SEALED

    def __init__(
        self,
        path: Path,
        file: File,
        extents: list[Extent],
        index: Index | None = None,
        torn: list[TornPart] | None = None,
    ) -> None:
        self.index = index
        self.torn = torn or []
        self._file = file
        self._frames = _Frames(path, file, extents)
        self.end = _end(extents)
        self.session = (
            SessionId(index.session) if index else frame_head(path, file, extents[0], 0).session
        )

    def __len__(self) -> int:
        """See `Parts`."""
        return len(self._frames.extents)

    def start(self, number: int) -> tuple[int, int]:
        """See `Parts`; known by the index, without opening the frame."""
        if self.index is None:
            return self._frames.start(number)
        frames = self.index.frames
        before = frames[number - 1].last_at if number else frames[0].first_at
        return frames[number].first_seq - 1, before

    def read(self, number: int) -> Part:
        """See `Parts`."""
        crc32 = None if self.index is None else self.index.frames[number].crc32
        return self._frames.read(number, crc32)

    def where(self, number: int) -> tuple[Path, int]:
        """See `Parts`."""
        return self._frames.path, self._frames.extents[number].offset

    def frame(self, number: int) -> bytes:
        """The bytes of a frame, unopened."""
        return self._frames.bytes_of(number)

    def trailer(self) -> tuple[int, bytes]:
        """Where the last frame ends, and all bytes behind it."""
        with reading(self._frames.path):
            return self.end, self._file.read(self.end, self._file.size() - self.end)

    def close(self) -> None:
        """See `Parts`."""
        let_go(self._file)


def _open_lone(path: Path, file: File) -> Parts:
    try:
        found = _find_index(path, file)
        if found is None:
            return _without_index(path, file)
        extents = [Extent(frame.offset, frame.length, ZSTD_MAGIC) for frame in found.frames]
        return SealedParts(path, file, extents, found)
    except BaseException:
        let_go(file)
        raise


def _find_index(path: Path, file: File) -> Index | None:
    """The index that the seek table leads to; `None` where the file does not end in one."""
    end = file.size()
    size = seek_table_size(file.read(max(0, end - FOOTER_SIZE), FOOTER_SIZE))
    if size is None:
        return None
    table_at = end - size
    try:
        if table_at < 8 or file.read(table_at - 8, 4) != SEEK_TABLE_MAGIC:
            raise ValueError("the seek table does not begin where its footer says")
        offset, length = index_extent(file.read(table_at, size))
        if length > MAX_INDEX:
            raise ValueError(f"an index of {length} bytes")
        index = read_index(file.read(offset, length))
        _check_frames(index, offset)
        SessionId(index.session)
    except (ValueError, BadValue, msgspec.MsgspecError) as error:
        raise LogDamaged(path, str(error), offset=table_at) from error
    return index


def _check_frames(index: Index, end: int) -> None:
    offset = 0
    for frame in index.frames:
        if frame.offset != offset or frame.length <= 0:
            raise ValueError("the index leaves bytes between its frames")
        offset += frame.length
    if offset != end or not index.frames:
        raise ValueError("the index does not reach from the first frame to itself")


def _without_index(path: Path, file: File) -> Parts:
    extents: list[Extent] = []
    complete = False
    try:
        for extent in walk(file):
            if extent.magic == ZSTD_MAGIC:
                extents.append(extent)
            complete = extent.magic == SEEK_TABLE_MAGIC
    except CutOff:
        pass
    except BadFrame as error:
        end = _end(extents)
        if not extents:
            raise NoLog(path, f"is no log: {error}") from error
        raise LogDamaged(path, str(error), offset=end, frame=len(extents)) from error
    if complete:
        raise LogDamaged(path, "the seek table's end is not one", offset=_end(extents))
    if not extents:
        raise NoLog(path, "no frame is whole")
    return SealedParts(path, file, extents, None, [_rest(path, file, _end(extents))])


def _end(extents: list[Extent]) -> int:
    return extents[-1].offset + extents[-1].length if extents else 0


def _rest(path: Path, file: File, offset: int) -> TornPart:
    if file.size() - offset > MAX_FRAME + MAX_INDEX:
        raise LogDamaged(path, "much that is no frame follows its frames", offset=offset)
    return TornPart(path, offset, file.read(offset, file.size() - offset))
