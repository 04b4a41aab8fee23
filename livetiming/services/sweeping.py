"""Throwing away a service's own logs when nobody can want them any more."""

from __future__ import annotations

from pathlib import Path

from twisted.logger import Logger

from livetiming.errors import LogError, LogLocked
from livetiming.events import SessionId
from livetiming.events.log import Disk, open_reader, remove_log
from livetiming.events.log.paths import growing
from livetiming.services.left import sessions_in
from livetiming.services.recorded import is_recorded, recorded_path

DAY_MS = 24 * 60 * 60 * 1000
_log = Logger()


def sweep(disk: Disk, folder: Path, now: int, keep_days: int) -> list[SessionId]:
    """Throw logs away that are closed, recorded to their end, and old.

    Any other log goes only by an operator's hand.

    Args:
        disk: where they are.
        folder: of the service's own logs.
        now: epoch ms.
        keep_days: so long a log stays after it was closed.
    Returns: the sessions whose logs went.
    """
    swept = []
    for session in _sessions(disk, folder):
        try:
            if _is_over(disk, folder, session, now - keep_days * DAY_MS):
                remove_log(disk, folder, session)
                disk.remove(recorded_path(folder, session))
                swept.append(session)
        except LogLocked:
            continue
        except (LogError, OSError) as error:
            _log.error("session {session} stays: {error}", session=session, error=str(error))
    for session in swept:
        _log.info("session {session}: its log is old and recorded, and went", session=session)
    return swept


def _sessions(disk: Disk, folder: Path) -> list[SessionId]:
    try:
        return sessions_in(disk, folder)
    except OSError as error:
        _log.error("{folder} cannot be looked through: {error}", folder=str(folder), error=error)
        return []


def _is_over(disk: Disk, folder: Path, session: SessionId, before: int) -> bool:
    if not disk.exists(recorded_path(folder, session)):
        return False
    with open_reader(disk, growing(folder, session).tail) as reader:
        end = reader.last()
    closed = end.state.closed
    is_old = closed is not None and closed.at <= before
    return is_old and is_recorded(disk, folder, session, end.place)
