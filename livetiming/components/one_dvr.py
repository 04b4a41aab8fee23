"""One dvr of a folder at a time: a lock that dies with its process.

It stands by itself, so that a dvr that is one too many ends before anything heavy is imported.
"""

from __future__ import annotations

from pathlib import Path

from livetiming.disk import Disk, File
from livetiming.errors import LogFailed, LogLocked

LOCK = "dvr.lock"


def hold_folder(disk: Disk, folder: Path) -> File:
    """Be the one dvr of a folder.

    Args:
        disk: where it is.
        folder: of what is being recorded.
    Returns: the lock, to be held as long as the dvr runs.
    Raises: `LogLocked` where another dvr has the folder; `LogFailed` by the disk.
    """
    path = folder / LOCK
    try:
        return disk.lock(path)
    except BlockingIOError as error:
        raise LogLocked(path, "another dvr records here; stop that one first") from error
    except OSError as error:
        raise LogFailed(path, f"cannot be opened: {error.strerror}") from error
