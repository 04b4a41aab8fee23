"""Zstandard frames: made, found in a file, and opened with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import zstandard

from livetiming.disk import File

MAX_CONTENT = 4 * 1024 * 1024
MAX_WINDOW = 8 * 1024 * 1024
GROWING_LEVEL = 9
SEALED_LEVEL = 19
MAX_FRAME = MAX_CONTENT + MAX_CONTENT // 64
"""Bytes of a compressed frame: content that cannot be compressed grows by its block headers."""
FIRST_BLOCK = 18 + 3 + 128 * 1024
"""So many bytes hold a frame's header and its first block: no less of a block can be opened."""

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
INDEX_MAGIC = b"\x5d\x2a\x4d\x18"
SEEK_TABLE_MAGIC = b"\x5e\x2a\x4d\x18"
_MAGIC_SIZE = 4
_MAX_HEADER = 18
_BLOCK_HEADER = 3
_CHECKSUM = 4
_RLE = 1
_RESERVED = 3
_MAX_BLOCK = 128 * 1024
_CONTENT_SIZE_BYTES = (0, 2, 4, 8)
_DICTIONARY_ID_BYTES = (0, 1, 2, 4)


class BadFrame(Exception):
    """Bytes that are no frame of ours; the message says what is wrong with them."""


class CutOff(Exception):
    """The file ends inside a frame."""


class Extent(NamedTuple):
    """Where a frame stands in its file.

    Args:
        offset: of its first byte.
        length: of the whole frame.
        magic: its first four bytes.
    """

    offset: int
    length: int
    magic: bytes


def compress(content: bytes, level: int) -> bytes:
    """Make a frame, with its content's size and checksum."""
    return zstandard.ZstdCompressor(
        level=level, write_checksum=True, write_content_size=True
    ).compress(content)


def open_frame(frame: bytes) -> bytes:
    """Decompress a frame, its declared sizes checked before anything else.

    Raises: `BadFrame`.
    """
    try:
        _check_declared(frame)
        return zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise BadFrame(str(error)) from error


def open_lines(frame: bytes) -> list[bytes]:
    """Open a frame: its snapshot line and its event lines, without line feeds.

    Raises: `BadFrame`.
    """
    if len(frame) > MAX_FRAME:
        raise BadFrame(f"a frame of {len(frame)} bytes")
    *lines, rest = open_frame(frame).split(b"\n")
    if rest or not lines:
        raise BadFrame("the frame does not end in a line feed")
    return lines


def _check_declared(part: bytes) -> None:
    """Refuse a frame by what its header says.

    Raises: `BadFrame`, or `ZstdError` where it is no header.
    """
    parameters = zstandard.get_frame_parameters(part)
    content, window = parameters.content_size, parameters.window_size
    if content > MAX_CONTENT or window > MAX_WINDOW:
        raise BadFrame(f"declares {content} bytes and a window of {window}")
    if not parameters.has_checksum:
        raise BadFrame("has no checksum")


def peek(part: bytes, size: int) -> bytes:
    """The first bytes of a frame's content.

    Args:
        part: the frame, or its first `FIRST_BLOCK` bytes.
        size: how many are wanted.
    Raises: `BadFrame`.
    """
    try:
        _check_declared(part)
        with zstandard.ZstdDecompressor().stream_reader(part) as reader:
            return reader.read(size)
    except zstandard.ZstdError as error:
        raise BadFrame(str(error)) from error


def salvage(part: bytes) -> bytes:
    """What can still be had of a frame that was cut off: the content of its whole blocks."""
    found = b""
    try:
        _check_declared(part)
        with zstandard.ZstdDecompressor().stream_reader(part, read_size=1024) as reader:
            while (chunk := reader.read(16 * 1024)) and len(found) < MAX_CONTENT:
                found += chunk
    except (BadFrame, zstandard.ZstdError):
        return found
    return found


def walk(file: File, offset: int = 0) -> Iterator[Extent]:
    """Find the frames of a file one after another, without opening them.

    Raises: `CutOff` where the file ends inside a frame, `BadFrame` where none begins; both after
        the frames before it were given.
    """
    end = file.size()
    while offset < end:
        extent = _measure(file, offset)
        if extent.offset + extent.length > end:
            raise CutOff
        yield extent
        offset += extent.length


def _measure(file: File, offset: int) -> Extent:
    header = file.read(offset, _MAX_HEADER)
    magic = header[:_MAGIC_SIZE]
    if magic in (INDEX_MAGIC, SEEK_TABLE_MAGIC):
        size = _number(header, _MAGIC_SIZE, 4)
        return Extent(offset, 8 + size, magic)
    if magic != ZSTD_MAGIC:
        if len(magic) < _MAGIC_SIZE and any(
            known.startswith(magic) for known in (ZSTD_MAGIC, INDEX_MAGIC, SEEK_TABLE_MAGIC)
        ):
            raise CutOff
        raise BadFrame(f"expected a zstd frame, got bytes {magic.hex(' ')}")
    return Extent(offset, _zstd_length(file, offset, header), magic)


def _zstd_length(file: File, offset: int, header: bytes) -> int:
    descriptor = _number(header, _MAGIC_SIZE, 1)
    length = _header_length(descriptor)
    last = False
    while not last:
        block = _number(file.read(offset + length, _BLOCK_HEADER), 0, _BLOCK_HEADER)
        last, kind, size = bool(block & 1), block >> 1 & 3, block >> 3
        length += _BLOCK_HEADER + (1 if kind == _RLE else size)
        if kind == _RESERVED or size > _MAX_BLOCK or length > MAX_FRAME:
            raise BadFrame("a block is not one of zstd's, or the frame is too long")
    return length + (_CHECKSUM if descriptor & 4 else 0)


def _header_length(descriptor: int) -> int:
    single_segment = descriptor >> 5 & 1
    content_size = _CONTENT_SIZE_BYTES[descriptor >> 6] or single_segment
    window = 1 - single_segment
    return _MAGIC_SIZE + 1 + window + _DICTIONARY_ID_BYTES[descriptor & 3] + content_size


def _number(data: bytes, start: int, length: int) -> int:
    part = data[start : start + length]
    if len(part) < length:
        raise CutOff
    return int.from_bytes(part, "little")
