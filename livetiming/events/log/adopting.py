"""Taking a log from elsewhere into a folder, to go on in it there."""

from __future__ import annotations

from pathlib import Path

from livetiming.disk import Disk, File, let_go
from livetiming.errors import LogError, LogFailed
from livetiming.events.log.opening import hold
from livetiming.events.log.part import Form
from livetiming.events.log.paths import GrowingPaths, growing, growing_of
from livetiming.events.log.reader import LogReader, Seq, open_reader
from livetiming.events.names import SessionId

_CHUNK = 1024 * 1024


def adopt_log(disk: Disk, path: Path, folder: Path, history: int = 1) -> SessionId:
    """See that a log can be opened for writing in a folder; the given files never change.

    Args:
        disk: where they are.
        path: a growing or a sealed log.
        folder: where it shall go on.
        history: of the session, where it has more than one.
    Returns: whose log it is.
    Raises: `NoLog`, `LogDamaged` by the log; `LogLocked` while it is written; `LogError` where
        the folder has another history or more of this one; `LogFailed` by the disk.
    """
    with open_reader(disk, path) as given:
        here = growing(folder, given.session, history)
        if given.form is Form.GROWING and growing_of(path) == here:
            return given.session
        lock = hold(disk, here)
        try:
            if not _has_all(disk, here, given):
                _copy(disk, path, given, here)
        except OSError as error:
            raise LogFailed(here.tail, f"cannot be written: {error.strerror}") from error
        finally:
            let_go(lock)
        return given.session


def _has_all(disk: Disk, here: GrowingPaths, given: LogReader) -> bool:
    """Whether the log that is here is the given one; one that is shorter may be replaced."""
    if not (disk.exists(here.tail) or disk.exists(here.body)):
        return False
    end = given.last().place
    with open_reader(disk, here.tail) as found:
        there = found.last().place
    if there.seq > end.seq:
        raise LogError(here.tail, f"goes on to event {there.seq}, the given log ends at {end.seq}")
    if given.at(Seq(there.seq)).chain != there.chain:
        raise LogError(here.tail, "is another history of that session than the given log")
    return there.seq == end.seq


def _copy(disk: Disk, path: Path, given: LogReader, here: GrowingPaths) -> None:
    for shorter in (here.tail, here.body):
        if disk.exists(shorter):
            disk.remove(shorter)
    if given.form is Form.SEALED:
        _copy_file(disk, path, here.body, given.size_of_frames)
    else:
        source = growing_of(path)
        if disk.exists(source.body):
            _copy_file(disk, source.body, here.body)
        if disk.exists(source.tail):
            _copy_file(disk, source.tail, here.tail)
    disk.sync_folder(here.folder)


def _copy_file(disk: Disk, source: Path, target: Path, size: int | None = None) -> None:
    part = target.with_name(target.name + ".part")
    if disk.exists(part):
        disk.remove(part)
    read, written = disk.open(source), disk.append(part)
    try:
        _copy_bytes(read, written, read.size() if size is None else size)
        written.sync()
    finally:
        let_go(read)
        let_go(written)
    disk.rename(part, target)


def _copy_bytes(source: File, target: File, size: int) -> None:
    for offset in range(0, size, _CHUNK):
        target.write(source.read(offset, min(_CHUNK, size - offset)))
