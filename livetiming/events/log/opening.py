"""Opening a growing log for writing, after whatever happened to it.

Every prefix of a log is a log: what is whole stays, what is torn goes aside; damage is told.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Generic, NamedTuple

from livetiming.disk import Disk, File, let_go
from livetiming.errors import LogFailed, LogLocked, NoLog
from livetiming.events.log.body import prove_body
from livetiming.events.log.fold import TIMING, Fold, S
from livetiming.events.log.growing import Growing, TornPart, scan
from livetiming.events.log.paths import GrowingPaths, growing
from livetiming.events.log.writer import LogWriter, renew_tail
from livetiming.events.names import SessionId


class Opened(NamedTuple, Generic[S]):
    """A log that was opened for writing.

    Args:
        log: its writer.
        kept: the files that what was cut off is kept in.
    """

    log: LogWriter[S]
    kept: list[Path]


def open_log(disk: Disk, folder: Path, session: SessionId, history: int = 1) -> Opened:
    """Open a session's growing log for writing, a new one if there is none.

    What is torn is kept beside the log and cut off; what is there is made durable before anything
    else, since a killed process may have left lines that no disk has yet.

    Args:
        disk: where it is.
        folder: of its files.
        session: whose it is.
        history: of the session, where it has more than one.
    Raises: `LogLocked` while another process writes it; `LogDamaged`; `LogFailed` by the disk.
    """
    return open_log_of(TIMING, disk, folder, session, history)


def open_log_of(
    fold: Fold[S], disk: Disk, folder: Path, session: SessionId, history: int = 1
) -> Opened[S]:
    """Open a growing log of any kind, as `open_log` does a session's.

    Args:
        fold: how its events add up.
        disk: where it is.
        folder: of its files.
        session: its id.
        history: of that id, where it has more than one.
    Raises: `LogLocked` while another process writes it; `LogDamaged`; `LogFailed` by the disk.
    """
    paths = growing(folder, session, history)
    lock = hold(disk, paths)
    try:
        found = scan(disk, paths, fold, session)
        if found.folded.session != session:
            raise NoLog(paths.tail, f"is the log of session {found.folded.session}")
        if found.frames:
            prove_body(disk, paths.body, len(found.frames))
        kept = mend(disk, found)
        return Opened(LogWriter(disk, lock, found), kept)
    except OSError as error:
        let_go(lock)
        raise LogFailed(paths.tail, f"cannot be opened: {error.strerror}") from error
    except BaseException:
        let_go(lock)
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


def mend(disk: Disk, found: Growing[Any]) -> list[Path]:
    """Keep what is torn beside the log, cut it off, finish a roll, and make all of it durable.

    After a sync that failed the kernel may hold lost bytes to be clean: they can be read, and the
    next sync leaves them out. So the tail is written over with itself, and a frame whose lines the
    tail still has is cut off, to be rolled again. And a tail is emptied only when the name of its
    body is durable.

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
        _cut(disk, part.path, part.offset)
    if found.twice is not None:
        _cut(disk, found.paths.body, found.twice)
    if found.frames:
        _sync(disk, found.paths.body)
    tail = disk.append(found.paths.tail)
    try:
        tail.rewrite(0, found.text)
        tail.sync()
        disk.sync_folder(found.paths.folder)
        if found.rolled:
            found.snapshot = found.folded.snapshot()
            renew_tail(tail, found.snapshot)
    finally:
        let_go(tail)
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
    except OSError:
        with contextlib.suppress(OSError):  # what the disk refused first is what is told
            disk.remove(path)
        raise
    finally:
        let_go(file)
    return path


def _cut(disk: Disk, path: Path, offset: int) -> None:
    file = disk.append(path)
    try:
        file.truncate(offset)
        file.sync()
    finally:
        let_go(file)


def _sync(disk: Disk, path: Path) -> None:
    file = disk.append(path)
    try:
        file.sync()
    finally:
        let_go(file)


def remove_log(disk: Disk, folder: Path, session: SessionId, history: int = 1) -> None:
    """Throw a growing log away, with what was torn off it or is half copied.

    The body goes last: at each moment what is there is the beginning of the log.

    Raises: `LogLocked` while another process writes it; `LogFailed` by the disk.
    """
    paths = growing(folder, session, history)
    lock = hold(disk, paths)
    try:
        torn = disk.beginning(folder, f"{paths.tail.stem}.torn-")
        parts = [path.with_name(f"{path.name}.part") for path in (paths.body, paths.tail)]
        for path in (*torn, *parts, paths.tail):
            if disk.exists(path):
                disk.remove(path)
        disk.sync_folder(folder)
        for path in (paths.body, paths.lock):
            if disk.exists(path):
                disk.remove(path)
        disk.sync_folder(folder)
    except OSError as error:
        raise LogFailed(paths.tail, f"cannot be removed: {error.strerror}") from error
    finally:
        let_go(lock)
