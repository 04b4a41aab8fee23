"""Which logs of a folder are copies of another aggregator's: only these are gone on in from there.

`S.relayed` stands beside the log of session S. It is one line of JSON, `{"url":"…"}`: where its
lines come from. It is there before the log is. A log without it is one of this system's own, which
no other side may add to.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from livetiming.disk import Disk, let_go
from livetiming.errors import BadValue
from livetiming.events import SessionId
from livetiming.events.log.paths import growing

ENDING = ".relayed"


class _Mark(msgspec.Struct, frozen=True):
    url: str


def has_log(disk: Disk, folder: Path, session: SessionId) -> bool:
    """Whether there is anything of a session's log."""
    paths = growing(folder, session)
    return disk.exists(paths.tail) or disk.exists(paths.body)


def read_mark(disk: Disk, folder: Path, session: SessionId) -> str | None:
    """Where the lines of a log come from; `None` where it is no copy, or that cannot be told.

    Raises: `OSError`.
    """
    path = _path(folder, session)
    if not disk.exists(path):
        return None
    file = disk.open(path)
    try:
        return msgspec.json.decode(file.read(0, file.size()), type=_Mark).url
    except msgspec.MsgspecError:
        return None
    finally:
        let_go(file)


def write_mark(disk: Disk, folder: Path, session: SessionId, url: str) -> None:
    """Say where the lines of a log come from that is to be made.

    Raises: `OSError`.
    """
    path = _path(folder, session)
    part = path.with_name(f"{path.name}.part")
    file = disk.append(part)
    try:
        file.truncate(0)
        file.write(msgspec.json.encode(_Mark(url)) + b"\n")
        file.sync()
    finally:
        let_go(file)
    disk.rename(part, path)
    disk.sync_folder(folder)


def remove_mark(disk: Disk, folder: Path, session: SessionId) -> None:
    """Forget a log that is gone.

    Raises: `OSError`.
    """
    path = _path(folder, session)
    if disk.exists(path):
        disk.remove(path)


def sweep_marks(disk: Disk, folder: Path, url: str) -> None:
    """Take the marks away of logs that have gone since.

    Args:
        disk: where they are.
        folder: to look through.
        url: of the other side that only we relay.
    Raises: `OSError`.
    """
    for path in disk.beginning(folder, ""):
        if path.name.endswith(ENDING):
            try:
                session = SessionId(path.name.removesuffix(ENDING))
            except BadValue:
                continue
            if not has_log(disk, folder, session) and read_mark(disk, folder, session) == url:
                disk.remove(path)


def _path(folder: Path, session: SessionId) -> Path:
    return folder / f"{session}{ENDING}"
