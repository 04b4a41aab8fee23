"""Finding the logs of a folder that nobody writes, and making all that is in them durable."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from twisted.logger import Logger

from livetiming.disk import let_go
from livetiming.errors import BadValue, LogError, LogLocked
from livetiming.events import SessionId
from livetiming.events.log import Disk, Folded, Place, open_reader
from livetiming.events.log.fold import TIMING
from livetiming.events.log.growing import scan
from livetiming.events.log.opening import hold, mend
from livetiming.events.log.paths import TAIL, growing
from livetiming.network.wire import Announcement, Standing
from livetiming.services.announcing import Head, announcement
from livetiming.services.recorded import is_recorded

_log = Logger()
_NO_SESSION = "0" * 31
"""How the ids begin of logs of other kinds, such as the directory's."""


class Left(NamedTuple):
    """A log that nobody writes and that is not known to be recorded.

    Args:
        session: whose it is.
        writer: the last that wrote it.
        place: of its last line; all up to there is durable.
        announcement: what is told of it, of no process yet.
    """

    session: SessionId
    writer: int
    place: Place
    announcement: Announcement


def sessions_in(disk: Disk, folder: Path) -> list[SessionId]:
    """The sessions whose logs are in a folder.

    Raises: `OSError`.
    """
    found = []
    for path in disk.beginning(folder, ""):
        if path.name.endswith(TAIL):
            try:
                session = SessionId(path.name.removesuffix(TAIL))
            except BadValue:
                continue
            if not session.startswith(_NO_SESSION):
                found.append(session)
    return found


def find_left(
    disk: Disk, folder: Path, known: AbstractSet[SessionId]
) -> tuple[list[Left], list[SessionId]]:
    """Find logs that must be handed over.

    Args:
        disk: where they are.
        folder: to look through.
        known: sessions to pass over.
    Returns: those, and the sessions that need not be looked at again.
    """
    left, done = [], []
    try:
        sessions = sessions_in(disk, folder)
    except OSError as error:
        _log.error("{folder} cannot be looked through: {error}", folder=str(folder), error=error)
        return [], []
    for session in sessions:
        if session in known:
            continue
        try:
            found = _look_at(disk, folder, session)
        except LogLocked:
            continue
        except (LogError, OSError) as error:
            _log.error("a log is left as it is: {reason}", reason=str(error))
            done.append(session)
            continue
        if found is None:
            done.append(session)
        else:
            left.append(found)
    return left, done


def _look_at(disk: Disk, folder: Path, session: SessionId) -> Left | None:
    """Look at one log; `None` where it need not be handed over.

    Raises: `LogLocked` while somebody writes it; `LogError` or `OSError` where it cannot be read.
    """
    if is_written(disk, folder, session):
        raise LogLocked(growing(folder, session).lock, "another process writes this log")
    with open_reader(disk, growing(folder, session).tail) as reader:
        if is_recorded(disk, folder, session, reader.last().place):
            return None
    folded = _made_durable(disk, folder, session)
    state = folded.state
    described, writer = state.described, state.writer
    if described is None or writer is None or described.do_not_record:
        return None
    with open_reader(disk, growing(folder, session).tail) as reader:
        started_at = next(reader.events())[1].at
    head = Head(writer, folded.place, None, started_at, None, "", Standing.RETAINED)
    return Left(session, writer, folded.place, announcement(described, state, head))


def _made_durable(disk: Disk, folder: Path, session: SessionId) -> Folded:
    """Make durable what a killed process may have left unsynced, as opening a log does."""
    paths = growing(folder, session)
    lock = hold(disk, paths)
    try:
        found = scan(disk, paths, TIMING, session)
        mend(disk, found)
        return found.folded
    finally:
        let_go(lock)


def is_written(disk: Disk, folder: Path, session: SessionId) -> bool:
    """Whether a process holds a log; one that cannot be told is taken for held."""
    try:
        let_go(disk.lock(growing(folder, session).lock))
    except OSError:
        return True
    return False
