"""The end of a sealed log: our index of its frames, and the seek table that other tools read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import msgspec

from livetiming.events.log.frames import INDEX_MAGIC, SEEK_TABLE_MAGIC
from livetiming.events.names import SessionId

SEEKABLE_MAGIC = b"\xb1\xea\x92\x8f"
FOOTER_SIZE = 9
MAX_FRAMES = 100_000
MAX_INDEX = 16 * 1024 * 1024
"""Bytes of an index frame: more than that many frames need."""
_HAS_CHECKSUMS = 0x80
_EMPTY_XXH64 = b"\x99\xe9\xd8\x51"
_ENTRY = struct.Struct("<II4s")


class IndexedFrame(msgspec.Struct, frozen=True, array_like=True):
    """Where a frame stands, what it weighs, what is in it.

    Args:
        offset: of its first byte in the file.
        length: of the compressed frame.
        crc32: of the compressed bytes; zstd's own checksum does not cover its headers.
        raw_length: of its content.
        first_seq: of its first event.
        first_at: the instant of that.
        last_seq: of its last event.
        last_at: the instant of that.
    """

    offset: int
    length: int
    crc32: int
    raw_length: int
    first_seq: int
    first_at: int
    last_seq: int
    last_at: int


class Index(msgspec.Struct, frozen=True):
    """What a sealed log holds.

    Args:
        index: version of this form.
        session: whose log it is.
        seq: its last event.
        chain: after that, 16 hexadecimal digits.
        frames: in the file's order.
    """

    index: int
    session: str
    seq: int
    chain: str
    frames: tuple[IndexedFrame, ...]


def write_trailer(
    session: SessionId,
    seq: int,
    chain: bytes,
    frames: Sequence[IndexedFrame],
    checksums: Sequence[bytes],
) -> bytes:
    """Write the index frame and the seek table.

    Args:
        session: whose log it is.
        seq: its last event.
        chain: after that, 8 bytes.
        frames: in the file's order.
        checksums: the last four bytes of each frame.
    """
    text = msgspec.json.encode(Index(1, str(session), seq, chain.hex(), tuple(frames)))
    index = INDEX_MAGIC + struct.pack("<I", len(text) + 4) + text + _crc32(text)
    entries = [
        _ENTRY.pack(frame.length, frame.raw_length, checksum)
        for frame, checksum in zip(frames, checksums, strict=True)
    ]
    entries.append(_ENTRY.pack(len(index), 0, _EMPTY_XXH64))
    footer = struct.pack("<IB", len(entries), _HAS_CHECKSUMS) + SEEKABLE_MAGIC
    size = sum(map(len, entries)) + len(footer)
    return index + SEEK_TABLE_MAGIC + struct.pack("<I", size) + b"".join(entries) + footer


def read_index(frame: bytes) -> Index:
    """Read an index frame.

    Raises: `ValueError`, saying what is wrong with it.
    """
    text = frame[8:-4]
    if frame[:4] != INDEX_MAGIC or len(frame) != 8 + int.from_bytes(frame[4:8], "little"):
        raise ValueError("expected the index frame")
    if frame[-4:] != _crc32(text):
        raise ValueError("the index does not match its CRC-32")
    index = msgspec.json.decode(text, type=Index)
    if index.index != 1:
        raise ValueError(f"the index is of version {index.index}; this program reads version 1")
    return index


def index_extent(seek_table: bytes) -> tuple[int, int]:
    """Find the index frame by the seek table.

    Args:
        seek_table: its entries and footer.
    Returns: offset and length of the index frame.
    """
    entries = list(_ENTRY.iter_unpack(seek_table[:-FOOTER_SIZE]))
    return sum(entry[0] for entry in entries[:-1]), entries[-1][0]


def seek_table_size(footer: bytes) -> int | None:
    """Size of the seek table's entries and footer, or `None` where this is no footer."""
    if len(footer) != FOOTER_SIZE or footer[5:] != SEEKABLE_MAGIC or footer[4] != _HAS_CHECKSUMS:
        return None
    count = int.from_bytes(footer[:4], "little")
    return None if not 1 < count <= MAX_FRAMES else count * _ENTRY.size + FOOTER_SIZE


def _crc32(data: bytes) -> bytes:
    return struct.pack("<I", zlib.crc32(data))
