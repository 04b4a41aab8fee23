"""The stored analysis of a recording: one zstd frame that holds one JSON document."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import zstandard

from livetiming.disk import Disk, File, let_go
from livetiming.errors import LogError, LogFailed
from livetiming.events import SessionId
from livetiming.projections.analysis import Source

ENDING = ".analysis.json.zst"
LEVEL = 12
"""A day with 60 cars becomes 1.4 MB in 0.3 s; level 19 makes it 1.1 MB and takes 5.6 s."""
MAX_CONTENT = 256 * 1024 * 1024
"""Bytes of a document; that of a day with 60 cars has 7.6 million."""


class StoredHead(msgspec.Struct, frozen=True):
    """What a stored analysis is of.

    Args:
        version: of the analysis that made it.
        source: the log, and its end.
    """

    version: int = msgspec.field(name="analysis")
    source: Source


class StoredTable(msgspec.Struct, frozen=True):
    """A table; its rows are lists in the order of the columns."""

    columns: list[str]
    rows: list[list[Any]]


class Stored(StoredHead, frozen=True):
    """A stored analysis."""

    tables: dict[str, StoredTable]


Kind = TypeVar("Kind", bound=StoredHead)


def analysis_path(folder: Path, session: SessionId | str, history: int = 1) -> Path:
    """The file of a recording's analysis.

    Args:
        folder: of the analyses.
        session: whose it is.
        history: of the session.
    """
    return folder / ((session if history == 1 else f"{session}~{history}") + ENDING)


def write_stored(disk: Disk, path: Path, document: bytes, part: str = ".part") -> None:
    """Write an analysis; it gets its name when all of it is durable, or leaves nothing behind.

    Args:
        disk: where to.
        path: its name; what has it is replaced.
        document: the JSON.
        part: what its name ends in until then; programs that may write at the same time differ.
    Raises: `LogFailed` by the disk.
    """
    content = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(document)
    unfinished = path.with_name(path.name + part)
    try:
        _remove(disk, unfinished)
        _write(disk, unfinished, content)
        disk.rename(unfinished, path)
        disk.sync_folder(path.parent)
    except OSError as error:
        _discard(disk, unfinished)
        raise LogFailed(path, f"cannot be written: {error.strerror}") from error
    except BaseException:
        _discard(disk, unfinished)
        raise


def _write(disk: Disk, path: Path, content: bytes) -> None:
    file = disk.append(path)
    try:
        file.write(content)
        file.sync()
    finally:
        let_go(file)


def _discard(disk: Disk, path: Path) -> None:
    with contextlib.suppress(OSError):
        _remove(disk, path)


def _remove(disk: Disk, path: Path) -> None:
    if disk.exists(path):
        disk.remove(path)


def remove_stored(disk: Disk, path: Path) -> None:
    """Take an analysis away, if it is there.

    Raises: `OSError`.
    """
    if disk.exists(path):
        disk.remove(path)
        disk.sync_folder(path.parent)


def read_head(disk: Disk, path: Path) -> StoredHead:
    """Read what a stored analysis is of.

    Raises: `LogError` where it cannot be read.
    """
    return _read(disk, path, StoredHead)


def read_stored(disk: Disk, path: Path) -> Stored:
    """Read a stored analysis.

    Raises: `LogError` where it cannot be read.
    """
    return _read(disk, path, Stored)


def _read(disk: Disk, path: Path, kind: type[Kind]) -> Kind:
    try:
        file = disk.open(path)
        try:
            content = _open(file)
        finally:
            let_go(file)
        return msgspec.json.decode(content, type=kind)
    except OSError as error:
        raise LogError(path, f"cannot be read: {error.strerror}") from error
    except (zstandard.ZstdError, msgspec.DecodeError) as error:
        raise LogError(path, f"is no stored analysis: {error}") from error


def _open(file: File) -> bytes:
    """Decompress it, its declared size checked before anything else."""
    frame = file.read(0, file.size())
    size = zstandard.get_frame_parameters(frame).content_size
    if size > MAX_CONTENT:
        raise zstandard.ZstdError(f"it declares {size} bytes")
    return zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)
