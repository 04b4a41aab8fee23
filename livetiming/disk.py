"""The few calls by which logs and locks touch the disk, so that tests can break each of them.

It stands below the events, so that a program that is one too many need not import those.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from livetiming.errors import LogError

_MODE = 0o640
_PAUSE_S = 0.002
"""A write takes less, unless its process is kept waiting."""


class File(Protocol):
    """An open file; every method may raise `OSError`."""

    def read(self, offset: int, length: int) -> bytes:
        """Read up to `length` bytes from `offset` on; fewer only at the end."""

    def write(self, data: bytes) -> None:
        """Append all of it; after an error part of it may be there."""

    def rewrite(self, offset: int, data: bytes) -> None:
        """Write over bytes that are there, so that the next sync takes them to the disk again."""

    def truncate(self, size: int) -> None:
        """Cut the file to `size` bytes."""

    def sync(self) -> None:
        """Make its content durable."""

    def size(self) -> int:
        """How many bytes it has."""

    def close(self) -> None:
        """Let go of it, and of the lock if it is one."""


class Disk(Protocol):
    """A file system; every method may raise `OSError`."""

    def open(self, path: Path) -> File:
        """Open a file for reading."""

    def append(self, path: Path) -> File:
        """Open a file for reading and appending; make it where it does not exist."""

    def lock(self, path: Path) -> File:
        """Hold a lock file until it is closed or the process dies; `BlockingIOError` if held."""

    def exists(self, path: Path) -> bool:
        """Whether there is such a file."""

    def beginning(self, folder: Path, name: str) -> list[Path]:
        """The files of a folder whose names begin so."""

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name in its folder, in place of what had it."""

    def remove(self, path: Path) -> None:
        """Take a file away."""

    def sync_folder(self, path: Path) -> None:
        """Make names made, changed or taken away in a folder durable."""

    def pause(self) -> None:
        """Let another process get on with what it is writing."""


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Name the file that cannot be read.

    Raises: `LogError` in place of `OSError`.
    """
    try:
        yield
    except OSError as error:
        raise LogError(path, f"cannot be read: {error.strerror}") from error


def let_go(file: File) -> None:
    """Close a file whose content is synced, given up, or was only read.

    The kernel lets go of it even where it complains.
    """
    with contextlib.suppress(OSError):
        file.close()


class _RealFile:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self, offset: int, length: int) -> bytes:
        parts = []
        while length > 0 and (part := os.pread(self._descriptor, length, offset)):
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return b"".join(parts)

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def rewrite(self, offset: int, data: bytes) -> None:
        flags = fcntl.fcntl(self._descriptor, fcntl.F_GETFL)
        fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags & ~os.O_APPEND)
        try:
            rest = memoryview(data)
            while rest:
                written = os.pwrite(self._descriptor, rest, offset)
                rest, offset = rest[written:], offset + written
        finally:
            fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)

    def sync(self) -> None:
        os.fdatasync(self._descriptor)

    def size(self) -> int:
        return os.fstat(self._descriptor).st_size

    def close(self) -> None:
        os.close(self._descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether a path still names an open file: its last holder may have removed it."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False


class RealDisk:
    """The file system of this machine."""

    def open(self, path: Path) -> File:
        """See `Disk`."""
        return _RealFile(os.open(path, os.O_RDONLY | os.O_CLOEXEC))

    def append(self, path: Path) -> File:
        """See `Disk`; never follows a link."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        return _RealFile(os.open(path, flags, _MODE))

    def lock(self, path: Path) -> File:
        """See `Disk`; a lock of `flock`, which the kernel frees with the process."""
        while True:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            descriptor = os.open(path, flags, _MODE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_still(path, descriptor):
                    return _RealFile(descriptor)
            except OSError:
                os.close(descriptor)
                raise
            os.close(descriptor)

    def exists(self, path: Path) -> bool:
        """See `Disk`."""
        return path.exists()

    def beginning(self, folder: Path, name: str) -> list[Path]:
        """See `Disk`."""
        return sorted(path for path in folder.iterdir() if path.name.startswith(name))

    def rename(self, source: Path, target: Path) -> None:
        """See `Disk`."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """See `Disk`."""
        path.unlink()

    def sync_folder(self, path: Path) -> None:
        """See `Disk`."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def pause(self) -> None:
        """See `Disk`."""
        time.sleep(_PAUSE_S)
