"""Which files a log is made of, found from any one of their names."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from livetiming.events.names import SessionId

TAIL = ".jsonl"
BODY = ".jsonl.zst"


class GrowingPaths(NamedTuple):
    """The files of a growing log.

    Args:
        tail: plain lines, the newest.
        body: zstd frames, all before.
        lock: held by the one process that writes.
    """

    tail: Path
    body: Path
    lock: Path

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.tail.parent


def growing(folder: Path, session: SessionId, history: int = 1) -> GrowingPaths:
    """The files of a session's growing log in a folder.

    Args:
        folder: where they are.
        session: whose log it is.
        history: of the session, where it has more than one: its log is then `S~2`, `S~3` …
    """
    return _paths(folder, str(session) if history == 1 else f"{session}~{history}")


def growing_of(path: Path) -> GrowingPaths:
    """The files of the growing log that one of them names; a bare stem will do."""
    for ending in (BODY, TAIL, ".lock"):
        if path.name.endswith(ending):
            return _paths(path.parent, path.name.removesuffix(ending))
    return _paths(path.parent, path.name)


def _paths(folder: Path, stem: str) -> GrowingPaths:
    return GrowingPaths(folder / (stem + TAIL), folder / (stem + BODY), folder / (stem + ".lock"))
