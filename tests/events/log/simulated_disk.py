"""A disk in memory that fails at any call, and loses its power at any moment.

What a real disk promises and no more: bytes are durable once their file is synced, names once
their folder is. Everything else may be there after a loss of power or not, sector by sector.
"""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

SECTOR = 512

_OPENING = (errno.EMFILE, errno.ENFILE, errno.EIO)
_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
_ERRORS = {
    "open": _OPENING,
    "append": (*_OPENING, errno.ENOSPC),
    "lock": (*_OPENING, errno.ENOSPC),
    "write": _WRITING,
    "rewrite": _WRITING,
    "sync": _WRITING,
    "sync_folder": (*_OPENING, errno.ENOSPC),
    "rename": _WRITING,
}


class PowerLoss(BaseException):
    """The power went: nothing of the process goes on."""


class Inode:
    """A file's content: what is on the disk, what the processes see, which sectors differ."""

    def __init__(self, content: bytes = b"") -> None:
        self.durable = bytes(content)
        self.seen = bytearray(content)
        self.dirty: set[int] = set()
        self.smallest = len(content)
        """The smallest size since the last sync."""

    def put(self, offset: int, data: bytes) -> None:
        self.seen[offset : offset + len(data)] = data
        self.touch(offset, offset + len(data))

    def cut(self, size: int) -> None:
        self.touch(size, max(len(self.seen), len(self.durable)))
        del self.seen[size:]
        self.smallest = min(self.smallest, size)

    def touch(self, start: int, end: int) -> None:
        if start < end:
            self.dirty.update(range(start // SECTOR, (end - 1) // SECTOR + 1))

    def sync(self) -> None:
        self._keep(self.dirty, len(self.seen))

    def fail_to_sync(self, rng: Random) -> None:
        """Some of it gets there; the rest is forgotten, or worse: seen, and held to be clean."""
        some = {sector for sector in self.dirty if rng.random() < 0.5}
        self._keep(some, rng.choice([len(self.durable), len(self.seen)]))
        if rng.random() < 0.5:
            self.seen = bytearray(self.durable)
        self.smallest = len(self.seen)

    def _keep(self, sectors: set[int], size: int) -> None:
        kept = bytearray(self.durable[:size].ljust(size, b"\0"))
        for sector in sectors:
            start, end = sector * SECTOR, min((sector + 1) * SECTOR, size)
            if start < end:
                kept[start:end] = _sector(self.seen, sector)[: end - start]
        self.durable = bytes(kept)
        self.dirty = set()
        self.smallest = len(self.seen)

    def sizes(self) -> list[int]:
        """The sizes it may have after a loss of power."""
        low, high = self.smallest, max(len(self.seen), len(self.durable))
        between = range((low // SECTOR + 1) * SECTOR, high, SECTOR)
        return sorted({len(self.durable), self.smallest, len(self.seen), *between})

    def fates(self, sector: int) -> list[bytes]:
        """What may be in a sector after a loss of power: old, new, zeros, part of the new."""
        old, new = _sector(self.durable, sector), _sector(self.seen, sector)
        zeros = bytes(a if a == b else 0 for a, b in zip(old, new, strict=True))
        half = SECTOR // 2
        return list(dict.fromkeys([old, new, zeros, new[:half] + old[half:]]))

    def after(self, size: int, fates: dict[int, bytes]) -> bytes:
        content = bytearray(max(size, len(self.durable)))
        content[: len(self.durable)] = self.durable
        for sector, fate in fates.items():
            start = sector * SECTOR
            if start < size:
                content[start : start + SECTOR] = fate
        return bytes(content[:size])

    def after_power_loss(self, rng: Random) -> bytes:
        return self.after(
            rng.choice([len(self.durable), self.smallest, len(self.seen), *self.sizes()]),
            {sector: self._fate(sector, rng) for sector in sorted(self.dirty)},
        )

    def _fate(self, sector: int, rng: Random) -> bytes:
        if rng.random() < 0.8:
            return rng.choice(self.fates(sector))
        torn = rng.randrange(SECTOR)
        return _sector(self.seen, sector)[:torn] + _sector(self.durable, sector)[torn:]


def _sector(content: bytes | bytearray, sector: int) -> bytes:
    return bytes(content[sector * SECTOR : (sector + 1) * SECTOR]).ljust(SECTOR, b"\0")


Change = tuple[Path, Path | None, Inode | None]
"""A name that goes (or `None`d), and what it is replaced by: (target, source, inode)."""


class SimulatedDisk:
    """See `livetiming.events.log.Disk`.

    Args:
        rng: decides what fails how, and what is left.
        files: what is on it, durable.
    """

    def __init__(self, rng: Random, files: dict[Path, bytes] | None = None) -> None:
        self.rng = rng
        self.names = {path: Inode(content) for path, content in (files or {}).items()}
        self.durable_names = dict(self.names)
        self.changes: list[Change] = []
        self.locked: set[Path] = set()
        self.calls = self.changing_calls = 0
        self.power_lost_at = -1
        """The number of the changing call at which the power goes."""
        self.lost = False
        self.failing: range | tuple[()] = ()
        """The numbers of the calls that fail."""
        self.failed: list[str] = []

    # --- what tests ask for

    def kill(self) -> None:
        """The process dies; the machine goes on."""
        self.locked.clear()
        self.power_lost_at, self.lost = -1, False

    def heal(self) -> None:
        """From now on nothing fails."""
        self.failing = ()

    def after_power_loss(self, rng: Random) -> SimulatedDisk:
        """The disk as it might be found when the power is back."""
        names = self._names_after([rng.random() < 0.5 for _ in self.changes])
        return SimulatedDisk(
            rng, {path: inode.after_power_loss(rng) for path, inode in names.items()}
        )

    def all_after_power_loss(self) -> Iterator[dict[Path, bytes]]:
        """The files of all disks that might be found when the power is back."""
        for persisted in itertools.product([True, False], repeat=len(self.changes)):
            names = self._names_after(list(persisted))
            paths = list(names)
            states = [self._all_contents(names[path]) for path in paths]
            for contents in itertools.product(*states):
                yield dict(zip(paths, contents, strict=True))

    def dirty_sectors(self) -> int:
        return sum(len(inode.dirty) for inode in self.names.values())

    def read_all(self) -> dict[Path, bytes]:
        return {path: bytes(inode.seen) for path, inode in self.names.items()}

    @staticmethod
    def _all_contents(inode: Inode) -> list[bytes]:
        dirty = sorted(inode.dirty)
        found = {
            inode.after(size, dict(zip(dirty, fates, strict=True))): None
            for size in inode.sizes()
            for fates in itertools.product(*(inode.fates(sector) for sector in dirty))
        }
        return list(found)

    def _names_after(self, persisted: list[bool]) -> dict[Path, Inode]:
        names = dict(self.durable_names)
        for (target, source, inode), is_there in zip(self.changes, persisted, strict=True):
            if is_there:
                _change(names, target, source, inode)
        return names

    # --- Disk

    def open(self, path: Path) -> SimulatedFile:
        self.call("open")
        if path not in self.names:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return SimulatedFile(self, self.names[path])

    def append(self, path: Path) -> SimulatedFile:
        with _Moment(self, "append"):
            self._make(path)
        return SimulatedFile(self, self.names[path])

    def lock(self, path: Path) -> SimulatedFile:
        with _Moment(self, "lock"):
            self._make(path)
        if path in self.locked:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
        self.locked.add(path)
        return SimulatedFile(self, self.names[path], path)

    def exists(self, path: Path) -> bool:
        self.call("exists")
        return path in self.names

    def beginning(self, folder: Path, name: str) -> list[Path]:
        self.call("beginning")
        return sorted(p for p in self.names if p.parent == folder and p.name.startswith(name))

    def rename(self, source: Path, target: Path) -> None:
        with _Moment(self, "rename"):
            self._change(target, source, self.names[source])

    def remove(self, path: Path) -> None:
        with _Moment(self, "remove"):
            self._change(path, None, None)

    def sync_folder(self, path: Path) -> None:
        with _Moment(self, "sync_folder"):
            elsewhere = [change for change in self.changes if change[0].parent != path]
            for change in self.changes:
                if change not in elsewhere:
                    _change(self.durable_names, *change)
            self.changes = elsewhere

    def pause(self) -> None:
        self.call("pause")

    def _make(self, path: Path) -> None:
        if path not in self.names:
            self._change(path, None, Inode())

    def _change(self, target: Path, source: Path | None, inode: Inode | None) -> None:
        _change(self.names, target, source, inode)
        self.changes.append((target, source, inode))

    def call(self, name: str) -> None:
        """Count a call; raise where it is to fail.

        Raises: `OSError`.
        """
        if self.lost:
            raise PowerLoss
        self.calls += 1
        if self.calls in self.failing:
            self.failed.append(name)
            number = self.rng.choice(_ERRORS.get(name, (errno.EIO,)))
            raise OSError(number, os.strerror(number))


def _change(
    names: dict[Path, Inode], target: Path, source: Path | None, inode: Inode | None
) -> None:
    if source is not None:
        names.pop(source, None)
    if inode is None:
        names.pop(target, None)
    else:
        names[target] = inode


class _Moment:
    """A call that changes something: it may fail, and the power may go before or after it."""

    def __init__(self, disk: SimulatedDisk, name: str) -> None:
        self._disk = disk
        self._name = name

    def __enter__(self) -> None:
        disk = self._disk
        disk.changing_calls += 1
        self._lost = disk.changing_calls == disk.power_lost_at
        if self._lost and (self._name == "sync" or disk.rng.random() < 0.5):
            disk.lost = True
        disk.call(self._name)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._lost and kind is None:
            self._disk.lost = True
            raise PowerLoss


class SimulatedFile:
    """See `livetiming.events.log.File`."""

    def __init__(self, disk: SimulatedDisk, inode: Inode, locked: Path | None = None) -> None:
        self._disk = disk
        self._inode = inode
        self._locked = locked
        self._open = True

    def _check_open(self) -> None:
        if not self._open:
            raise AssertionError("a file is used after it was closed")

    def read(self, offset: int, length: int) -> bytes:
        self._check_open()
        self._disk.call("read")
        return bytes(self._inode.seen[offset : offset + length])

    def write(self, data: bytes) -> None:
        self._check_open()
        try:
            with _Moment(self._disk, "write"):
                self._inode.put(len(self._inode.seen), data)
        except OSError:
            self._inode.put(len(self._inode.seen), data[: self._disk.rng.randrange(len(data))])
            raise

    def rewrite(self, offset: int, data: bytes) -> None:
        self._check_open()
        with _Moment(self._disk, "rewrite"):
            assert offset + len(data) <= len(self._inode.seen)
            self._inode.put(offset, data)

    def truncate(self, size: int) -> None:
        self._check_open()
        with _Moment(self._disk, "truncate"):
            self._inode.cut(size)

    def sync(self) -> None:
        self._check_open()
        try:
            with _Moment(self._disk, "sync"):
                self._inode.sync()
        except OSError:
            self._inode.fail_to_sync(self._disk.rng)
            raise

    def size(self) -> int:
        self._check_open()
        self._disk.call("size")
        return len(self._inode.seen)

    def close(self) -> None:
        self._check_open()
        self._open = False
        if self._locked is not None:
            self._disk.locked.discard(self._locked)
        self._disk.call("close")
