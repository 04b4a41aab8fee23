"""Opening a growing log for writing, after whatever happened to it.

Every prefix of a log is a log: what is whole stays, what is torn goes aside; damage is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from livetiming.errors import LogFailed, LogLocked, NoLog
from livetiming.events.log.disk import Disk, File
from livetiming.events.log.growing import Growing, TornPart, scan
from livetiming.events.log.paths import GrowingPaths, growing
from livetiming.events.log.writer import LogWriter, renew_tail
from livetiming.events.values import SessionId


class Opened(NamedTuple):
    """A log that was opened for writing.

    Args:
        log: its writer.
        kept: the files that what was cut off is kept in.
    """

    log: LogWriter
    kept: list[Path]


def open_log(disk: Disk, folder: Path, session: SessionId) -> Opened:
    """Open a session's growing log for writing, a new one if there is none.

    What is torn is kept beside the log and cut off; what is there is made durable before anything
    else, since a killed process may have left lines that no disk has yet.

    Args:
        disk: where it is.
        folder: of its files.
        session: whose it is.
    Raises: `LogLocked` while another process writes it; `LogDamaged`; `LogFailed` by the disk.
    """
    paths = growing(folder, session)
    lock = hold(disk, paths)
    try:
        found = scan(disk, paths, session)
        if found.folded.session != session:
            raise NoLog(paths.tail, f"is the log of session {found.folded.session}")
        kept = mend(disk, found)
        return Opened(LogWriter(disk, lock, found), kept)
    except OSError as error:
        lock.close()
        raise LogFailed(paths.tail, f"cannot be opened: {error.strerror}") from error
    except BaseException:
        lock.close()
        raise


def hold(disk: Disk, paths: GrowingPaths) -> File:
    """Hold the lock of a growing log until it is closed.

    Raises: `LogLocked` while another process holds it; `LogFailed` by the disk.
    """
    try:
        return disk.lock(paths.lock)
    except BlockingIOError as error:
        raise LogLocked(paths.lock, "another process writes this log; stop that one") from error
    except OSError as error:
        raise LogFailed(paths.lock, f"cannot be opened: {error.strerror}") from error


def mend(disk: Disk, found: Growing) -> list[Path]:
    """Keep what is torn beside the log, cut it off, finish a roll, and make all of it durable.

    Args:
        disk: where the log is.
        found: the log as it was found; its snapshot is set where a roll was finished.
    Returns: the files that torn bytes were kept in.
    Raises: `OSError`.
    """
    kept = [_keep(disk, part) for part in found.torn]
    if kept:
        disk.sync_folder(found.paths.folder)
    for part in found.torn:
        _cut(disk, part)
    if found.frames:
        _sync(disk, found.paths.body)
    tail = disk.append(found.paths.tail)
    try:
        if found.rolled:
            found.snapshot = found.folded.snapshot()
            renew_tail(tail, found.snapshot)
        tail.sync()
    finally:
        tail.close()
    disk.sync_folder(found.paths.folder)
    return kept


def _keep(disk: Disk, part: TornPart) -> Path:
    stem = part.path.name.partition(".")[0]
    name, number = f"{stem}.torn-{part.offset}", 1
    while disk.exists(part.path.with_name(name)):
        number += 1
        name = f"{stem}.torn-{part.offset}~{number}"
    path = part.path.with_name(name)
    file = disk.append(path)
    try:
        file.write(part.data)
        file.sync()
    finally:
        file.close()
    return path


def _cut(disk: Disk, part: TornPart) -> None:
    file = disk.append(part.path)
    try:
        file.truncate(part.offset)
        file.sync()
    finally:
        file.close()


def _sync(disk: Disk, path: Path) -> None:
    file = disk.append(path)
    try:
        file.sync()
    finally:
        file.close()


def remove_log(disk: Disk, folder: Path, session: SessionId) -> None:
    """Throw a growing log away.

    Raises: `LogLocked` while another process writes it; `LogFailed` by the disk.
    """
    paths = growing(folder, session)
    lock = hold(disk, paths)
    try:
        for path in (paths.body, paths.tail, paths.lock):
            if disk.exists(path):
                disk.remove(path)
        disk.sync_folder(folder)
    except OSError as error:
        raise LogFailed(paths.tail, f"cannot be removed: {error.strerror}") from error
    finally:
        lock.close()
