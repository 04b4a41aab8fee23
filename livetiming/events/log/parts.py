"""Finding the parts that a log is made of, whether it grows or is sealed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from livetiming.disk import Disk, let_go, reading
from livetiming.errors import NoLog
from livetiming.events.log.fold import Fold
from livetiming.events.log.growing import Growing, scan
from livetiming.events.log.lines import read_head
from livetiming.events.log.part import Form, Frames, Part, Parts, end_of
from livetiming.events.log.paths import BODY, GrowingPaths, growing_of
from livetiming.events.log.sealed import open_sealed


def open_parts(disk: Disk, path: Path, fold: Fold[Any]) -> Parts:
    """Find out what a log is made of.

    Args:
        disk: where it is.
        path: a sealed log; or a growing log's tail, its body, or the stem of both.
        fold: how its events add up.
    Raises: `NoLog` where there is none; `LogDamaged`; `LogError` where it cannot be read.
    """
    growing = growing_of(path)
    with reading(path):
        if path.name.endswith(BODY) and disk.exists(path) and not disk.exists(growing.tail):
            return open_sealed(path, disk.open(path))
        if not (disk.exists(growing.tail) or disk.exists(growing.body)):
            raise NoLog(path, "there is no log here")
        return _GrowingParts(disk, growing, fold)


class _GrowingParts:
    """A growing log: the frames of its body, and its tail as it was when it was opened."""

    form = Form.GROWING

    def __init__(self, disk: Disk, paths: GrowingPaths, fold: Fold[Any]) -> None:
        found = scan(disk, paths, fold)
        self.session = found.folded.session
        self.torn = found.torn
        self._paths = paths
        self._found: Growing[Any] = found
        self._body = disk.open(paths.body) if found.frames else None
        self._frames = self._body and Frames(paths.body, self._body, found.frames)
        self.end = end_of(found.frames)

    def __len__(self) -> int:
        return len(self._found.frames) + bool(self._found.snapshot)

    def start(self, number: int) -> tuple[int, int]:
        if self._frames and number < len(self._found.frames):
            return self._frames.start(number)
        head = read_head(self._found.snapshot)
        return head.seq, head.at

    def read(self, number: int) -> Part:
        if self._frames and number < len(self._found.frames):
            return self._frames.read(number)
        return Part(self._found.snapshot, self._found.tail.lines)

    def where(self, number: int) -> tuple[Path, int]:
        if number < len(self._found.frames):
            return self._paths.body, self._found.frames[number].offset
        return self._paths.tail, 0

    def close(self) -> None:
        if self._body:
            let_go(self._body)
