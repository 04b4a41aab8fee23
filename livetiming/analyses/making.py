"""Making the stored analysis of a recording: for the first time, or again."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from livetiming.analyses.differences import Changes, difference
from livetiming.analyses.folding import analyse
from livetiming.analyses.stored import (
    Stored,
    StoredHead,
    read_head,
    read_stored,
    remove_stored,
    write_stored,
)
from livetiming.disk import Disk
from livetiming.errors import LogError
from livetiming.events.log import open_reader
from livetiming.projections.analysis import VERSION, Source


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """An analysis that was made, and what is otherwise than in the one before.

    Args:
        session: whose it is.
        recording: the log.
        path: of the analysis.
        before: version of the one before; `None` where there was none that can be read.
        analysis: version of this one.
        cars: entries that differ.
        laps: laps that differ.
        stops: stops that differ.
    """

    session: str
    recording: str
    path: str
    before: int | None
    analysis: int
    cars: Changes
    laps: Changes
    stops: Changes


class End(NamedTuple):
    """Where a recording ends, and whether an analysis of it is wanted."""

    source: Source
    is_wanted: bool


def make(disk: Disk, recording: Path, path: Path, part: str = ".part") -> bytes | None:
    """Make the stored analysis of a recording.

    Args:
        disk: where both are.
        recording: the log.
        path: of its analysis; what is there is replaced.
        part: see `write_stored`.
    Returns: the document; `None` where the session is not to be analysed, and none is left.
    Raises: `LogError` or `OSError` by the log or the disk; nothing is changed then.
    """
    with open_reader(disk, recording) as reader:
        analysed = analyse(reader)
    if analysed.described is not None and not analysed.described.analysis:
        remove_stored(disk, path)
        return None
    document = analysed.document()
    write_stored(disk, path, document, part)
    return document


def make_again(disk: Disk, recording: Path, path: Path, part: str) -> Made | None:
    """Make the stored analysis of a recording, and compare it with the one before; see `make`."""
    before = _before(disk, path)
    document = make(disk, recording, path, part)
    if document is None:
        return None
    after = msgspec.json.decode(document, type=Stored)
    found = difference(before, after)
    return Made(
        session=after.source.session,
        recording=str(recording),
        path=str(path),
        before=None if before is None else before.version,
        analysis=after.version,
        cars=found.cars,
        laps=found.laps,
        stops=found.stops,
    )


def _before(disk: Disk, path: Path) -> Stored | None:
    try:
        return read_stored(disk, path) if disk.exists(path) else None
    except LogError:
        return None


def is_due(disk: Disk, recording: Path, path: Path) -> bool:
    """Whether the analysis of a recording is missing, older than ours, of less than all of it, or
    not wanted.

    Raises: `LogError` by the log.
    """
    end = _end(disk, recording)
    if not end.is_wanted:
        return disk.exists(path)
    known = _known(disk, path)
    return known is None or known.version < VERSION or known.source != end.source


def _known(disk: Disk, path: Path) -> StoredHead | None:
    try:
        return read_head(disk, path) if disk.exists(path) else None
    except LogError:
        return None


def _end(disk: Disk, recording: Path) -> End:
    with open_reader(disk, recording) as reader:
        last = reader.last()
    described = last.state.described
    source = Source(str(last.session), last.seq, last.chain.hex(), last.at)
    return End(source, is_wanted=described is None or described.analysis)
