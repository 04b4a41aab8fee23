"""The parts of a sealed log, or of what is left of one."""

from __future__ import annotations

from pathlib import Path

import msgspec

from livetiming.disk import File, let_go, reading
from livetiming.errors import BadValue, LogDamaged, NoLog
from livetiming.events.log.body import frame_head
from livetiming.events.log.frames import (
    MAX_FRAME,
    SEEK_TABLE_MAGIC,
    ZSTD_MAGIC,
    BadFrame,
    CutOff,
    Extent,
    walk,
)
from livetiming.events.log.growing import TornPart
from livetiming.events.log.index import (
    FOOTER_SIZE,
    MAX_INDEX,
    Index,
    index_extent,
    read_index,
    seek_table_size,
)
from livetiming.events.log.part import Form, Frames, Part, Parts, end_of
from livetiming.events.names import SessionId


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
        self._frames = Frames(path, file, extents)
        self.end = end_of(extents)
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


def open_sealed(path: Path, file: File) -> Parts:
    """Find the frames of a sealed log; it closes the file.

    Args:
        path: its file.
        file: open for reading.
    Raises: `NoLog`, `LogDamaged`; `OSError`.
    """
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
        end = end_of(extents)
        if not extents:
            raise NoLog(path, f"is no log: {error}") from error
        raise LogDamaged(path, str(error), offset=end, frame=len(extents)) from error
    if complete:
        raise LogDamaged(path, "the seek table's end is not one", offset=end_of(extents))
    if not extents:
        raise NoLog(path, "no frame is whole")
    return SealedParts(path, file, extents, None, [_rest(path, file, end_of(extents))])


def _rest(path: Path, file: File, offset: int) -> TornPart:
    if file.size() - offset > MAX_FRAME + MAX_INDEX:
        raise LogDamaged(path, "much that is no frame follows its frames", offset=offset)
    return TornPart(path, offset, file.read(offset, file.size() - offset))
