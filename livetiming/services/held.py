"""One service of a class and a name at a time: a lock that dies with its process.

`<class>.<instance>.service` in the folder of a service's own logs is locked while the service runs
and says which process that is and which session it has: `{"pid":n,"session":id}`. Whoever wants to
know whether it runs may take the lock for a moment.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import msgspec

from livetiming.disk import Disk, File, let_go
from livetiming.errors import BadValue, LivetimingError
from livetiming.events import SessionId

LOOKS = 100
"""So many pauses of 2 ms the lock is tried for: others hold it for a moment, to see who has it."""


WIDTH = 80
"""Bytes of what the file says, with blanks at the end: it is always written over in one piece, so
that nobody finds it empty.
"""

_INSTANCE = re.compile(r"[a-z0-9_-]{1,32}")


def instance_name(text: str) -> str:
    """Check the name of a process among those of its class.

    Raises: `BadValue`.
    """
    if not _INSTANCE.fullmatch(text):
        raise BadValue(f"--name: expected 1 to 32 of a-z, 0-9, _ and -, got {text[:64]!r}")
    return text


class AlreadyRuns(LivetimingError):
    """Another process is this service: stop that one, or give this one a name."""


class _Holder(msgspec.Struct, frozen=True):
    pid: int
    session: str | None


class Held:
    """The lock of a service that runs.

    Args:
        disk: where it is.
        path: of its file.
        lock: that is held.
        pid: of this process.
    """

    def __init__(self, disk: Disk, path: Path, lock: File, pid: int) -> None:
        self._disk = disk
        self._path = path
        self._lock = lock
        self._pid = pid
        self.tell(None)

    def tell(self, session: SessionId | None) -> None:
        """Say in the file which session this service has."""
        text = msgspec.json.encode(_Holder(self._pid, session and str(session))).ljust(WIDTH - 1)
        try:
            file = self._disk.append(self._path)
            try:
                file.rewrite(0, text + b"\n")
                file.truncate(WIDTH)
            finally:
                let_go(file)
        except OSError as error:
            from twisted.logger import Logger  # which those who end at once need not wait for

            Logger().error("who runs cannot be noted: {reason}", reason=error.strerror)

    def let_go(self) -> None:
        """Let another process be this service; its file goes first, for nobody to wait for."""
        with suppress(OSError):
            self._disk.remove(self._path)
        let_go(self._lock)


def hold_instance(disk: Disk, folder: Path, class_: str, instance: str, pid: int) -> Held:
    """Be the one service of a class and a name in a folder.

    Args:
        disk: where it is.
        folder: of the service's own logs.
        class_: of the service.
        instance: the name of the process among those of its class.
        pid: of this process.
    Raises: `AlreadyRuns`; `OSError`.
    """
    path = folder / f"{class_}.{instance}.service"
    for _ in range(LOOKS):
        with suppress(BlockingIOError):
            return Held(disk, path, disk.lock(path), pid)
        disk.pause()
    holder = _told_holder(disk, path)
    who = "another process" if holder is None else f"process {holder.pid}"
    raise AlreadyRuns(
        f"{class_} runs already as {instance!r} ({who}); "
        "stop it, or run this one beside it by another --name"
    )


def _told_holder(disk: Disk, path: Path) -> _Holder | None:
    """Who has it; who has just got it may be kept waiting before it says so."""
    for _ in range(LOOKS):
        holder = _holder(disk, path)
        if holder is not None:
            return holder
        disk.pause()
    return None


def _holder(disk: Disk, path: Path) -> _Holder | None:
    with suppress(OSError, msgspec.MsgspecError):
        file = disk.open(path)
        try:
            return msgspec.json.decode(file.read(0, file.size()), type=_Holder)
        finally:
            let_go(file)
    return None
