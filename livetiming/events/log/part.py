"""What a log is made of: parts that open by themselves, most of them zstd frames of a file."""

from __future__ import annotations

import zlib
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from livetiming.disk import File, reading
from livetiming.errors import BadLine, LogDamaged
from livetiming.events.log.body import frame_head
from livetiming.events.log.frames import (
    MAX_FRAME,
    BadFrame,
    Extent,
    open_lines,
)
from livetiming.events.log.growing import TornPart
from livetiming.events.log.lines import read_head
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


class Frames:
    """The zstd frames of one file.

    Args:
        path: the file.
        file: open for reading.
        extents: where its frames stand.
    """

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


def end_of(extents: list[Extent]) -> int:
    """The byte behind the last of some extents."""
    return extents[-1].offset + extents[-1].length if extents else 0
