"""What was heard of and is in no history, kept beside the logs for when nobody can be asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from livetiming.disk import let_go
from livetiming.events import SessionId
from livetiming.events.log import Disk
from livetiming.network.replica import Gap
from livetiming.network.said import Step
from livetiming.network.wire import Chain, NextSeq, Seq, Writer


class _Gap(msgspec.Struct, frozen=True, array_like=True):
    writer: Writer
    first: NextSeq
    last: NextSeq
    chain: Chain


class Heads(msgspec.Struct, frozen=True, kw_only=True):
    """What a restart must know of a session, beside its logs.

    Args:
        session: whose.
        best: the history that is shown; 0 where it has no more than one.
        gaps: what was published and is in no history.
    """

    session: str
    best: Seq = 0
    gaps: tuple[_Gap, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to know."""
        return not self.best and not self.gaps

    def missing(self) -> list[Gap]:
        """The gaps."""
        return [Gap(gap.writer, gap.first, gap.last, bytes.fromhex(gap.chain)) for gap in self.gaps]


def heads_of(session: SessionId, best: int, gaps: Sequence[Gap]) -> Heads:
    """Put together what a restart must know."""
    found = tuple(_Gap(gap.writer, gap.first, gap.last, gap.chain.hex()) for gap in gaps)
    return Heads(session=str(session), best=best, gaps=found)


def no_heads(session: SessionId) -> Heads:
    """Nothing to know."""
    return heads_of(session, 0, ())


def heads_path(folder: Path, session: SessionId) -> Path:
    """The file of a session."""
    return folder / f"{session}.heard"


def loose_path(folder: Path, session: SessionId) -> Path:
    """The file of a session's lines that are behind a hole."""
    return folder / f"{session}.loose"


def write_heads(disk: Disk, folder: Path, heads: Heads) -> None:
    """Make it durable, in place of what was known before.

    Raises: `OSError`.
    """
    path = heads_path(folder, SessionId(heads.session))
    part = path.with_name(path.name + ".part")
    if heads.is_empty:
        _remove(disk, path)
        return
    _remove(disk, part)
    file = disk.append(part)
    try:
        file.write(msgspec.json.encode(heads) + b"\n")
        file.sync()
    finally:
        let_go(file)
    disk.rename(part, path)
    disk.sync_folder(folder)


def read_heads(disk: Disk, folder: Path, session: SessionId) -> Heads:
    """Read it; one that cannot be read is none.

    Raises: `OSError`.
    """
    path = heads_path(folder, session)
    if not disk.exists(path):
        return no_heads(session)
    file = disk.open(path)
    try:
        return msgspec.json.decode(file.read(0, file.size()), type=Heads)
    except msgspec.MsgspecError:
        return no_heads(session)
    finally:
        let_go(file)


def write_loose(
    disk: Disk, folder: Path, session: SessionId, writer: int, steps: Sequence[Step]
) -> None:
    """Keep lines that are behind a hole beside the log: each with its writer and its chain.

    Raises: `OSError`.
    """
    file = disk.append(loose_path(folder, session))
    try:
        rows = [[writer, step.seq, step.before.hex(), step.line.decode()] for step in steps]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        file.write(text.encode())
        file.sync()
    finally:
        let_go(file)
    disk.sync_folder(folder)


def remove_loose(disk: Disk, folder: Path, session: SessionId) -> None:
    """Take away what was kept so.

    Raises: `OSError`.
    """
    _remove(disk, loose_path(folder, session))


def _remove(disk: Disk, path: Path) -> None:
    if disk.exists(path):
        disk.remove(path)
        disk.sync_folder(path.parent)
