"""Sealing anew what is whole of a log, and keeping beside it what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from livetiming.disk import Disk
from livetiming.errors import BadLine, BadState, LogFailed
from livetiming.events.log.fold import TIMING
from livetiming.events.log.folded import Folded, at_snapshot
from livetiming.events.log.frames import MAX_CONTENT, ZSTD_MAGIC, salvage
from livetiming.events.log.growing import TornPart
from livetiming.events.log.opening import _keep
from livetiming.events.log.reader import open_reader
from livetiming.events.log.seal import SealedWriter


class Recovered(msgspec.Struct, frozen=True):
    """What was done about a log.

    Args:
        kept: the number of the last event it has now.
        cut_bytes: how many bytes were put aside.
        torn_path: the file that those are kept in, the first one if there are several.
    """

    kept: int
    cut_bytes: int
    torn_path: str | None


def recovered(kept: int, aside: list[Path]) -> Recovered:
    """Say what was done, by the files that cut bytes are kept in."""
    cut_bytes = sum(path.stat().st_size for path in aside)
    return Recovered(kept, cut_bytes, str(aside[0]) if aside else None)


def seal_whole(disk: Disk, path: Path, out: Path) -> Recovered:
    """Seal every whole line of a log, and those of a frame that was cut off.

    Args:
        disk: where it is.
        path: a log that is not damaged.
        out: where to; may be the same file.
    Raises: `LogFailed` by the disk; the log is as it was then.
    """
    with open_reader(disk, path) as reader:
        aside = _keep_aside(disk, out, reader.torn)
        with SealedWriter(disk, out, reader.start()) as writer:
            folded = reader.start()
            for line, event in reader.events(folded):
                writer.add(line, event)
            for part in reader.torn:
                _add_all(writer, _lines_of_cut(part.data, folded))
            writer.finish()
        return recovered(writer.events, aside)


def seal_first_frame(disk: Disk, path: Path, out: Path) -> Recovered | None:
    """Seal the whole lines of a log whose very first frame was cut off.

    Returns: `None` where not even one line can be had.
    """
    data = _read(disk, path) if disk.exists(path) else b""
    start = _start_of_cut(data)
    lines = list(_lines_of_cut(data, start)) if start else []
    beginning = _start_of_cut(data)
    if not lines or beginning is None:
        return None
    aside = _keep_aside(disk, out, [TornPart(path, 0, data)])
    with SealedWriter(disk, out, beginning) as writer:
        _add_all(writer, lines)
        writer.finish()
    return recovered(writer.events, aside)


def _read(disk: Disk, path: Path) -> bytes:
    with closing(disk.open(path)) as file:
        return file.read(0, MAX_CONTENT)


def _add_all(writer: SealedWriter, lines: Iterable[bytes]) -> None:
    for line in lines:
        writer.add(line)


def _start_of_cut(data: bytes) -> Folded | None:
    """Where the lines of a frame that was cut off begin."""
    if not data.startswith(ZSTD_MAGIC):
        return None
    snapshot, newline, _ = salvage(data).partition(b"\n")
    try:
        return at_snapshot(snapshot, TIMING) if newline else None
    except BadLine:
        return None


def _lines_of_cut(data: bytes, folded: Folded) -> Iterator[bytes]:
    """The whole lines of a frame that was cut off, as long as they follow what came before.

    Args:
        data: the frame's bytes, as far as they are there.
        folded: the log before it; moved on.
    """
    start = _start_of_cut(data)
    if start is None or (start.session, start.place) != (folded.session, folded.place):
        return
    for line in salvage(data).split(b"\n")[1:-1]:
        try:
            folded.step(line)
        except (BadLine, BadState):
            return
        yield line


def _keep_aside(disk: Disk, out: Path, torn: list[TornPart]) -> list[Path]:
    """Keep bytes in files beside a log; they stay there whatever comes of the sealing.

    Raises: `LogFailed` by the disk.
    """
    try:
        aside = [_keep(disk, part._replace(path=out)) for part in torn if part.data]
        if aside:
            disk.sync_folder(out.parent)
    except OSError as error:
        raise LogFailed(out, f"cannot be written: {error.strerror}") from error
    return aside
