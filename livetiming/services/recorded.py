"""What is known of a log beside it: that the dvr has all of it.

`S.recorded` stands beside the log of session S in the folder of a service's own logs. It is one
line of JSON, `{"seq":n,"chain":"…"}`: up to that line, with that chain, the dvr said that it has
made all durable, and when it was written the log ended there. It holds for a log only while the
log still ends there: one that went on since is not recorded to its end. It is written in place of
what was there before by a name that is changed, so that it is whole or not there; where it is lost,
the log is told of once more and the dvr says again that it has it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from livetiming.disk import let_go
from livetiming.events import SessionId
from livetiming.events.log import Disk, Place

ENDING = ".recorded"


class _Note(msgspec.Struct, frozen=True):
    seq: int
    chain: str


def note_recorded(disk: Disk, folder: Path, session: SessionId, end: Place) -> None:
    """Remember that all of a log is recorded.

    Args:
        disk: where it is.
        folder: of the log.
        session: whose it is.
        end: of the log.
    Raises: `OSError`.
    """
    path = recorded_path(folder, session)
    part = path.with_name(f"{path.name}.part")
    file = disk.append(part)
    try:
        file.truncate(0)
        file.write(msgspec.json.encode(_Note(end.seq, end.chain.hex())) + b"\n")
        file.sync()
    finally:
        let_go(file)
    disk.rename(part, path)
    disk.sync_folder(folder)


def is_recorded(disk: Disk, folder: Path, session: SessionId, end: Place) -> bool:
    """Whether it is known that all of a log is recorded.

    Raises: `OSError`.
    """
    path = recorded_path(folder, session)
    if not disk.exists(path):
        return False
    file = disk.open(path)
    try:
        text = file.read(0, file.size())
    finally:
        let_go(file)
    try:
        note = msgspec.json.decode(text, type=_Note)
    except msgspec.MsgspecError:
        return False
    return note == _Note(end.seq, end.chain.hex())


def recorded_path(folder: Path, session: SessionId) -> Path:
    """The file that says it."""
    return folder / f"{session}{ENDING}"
