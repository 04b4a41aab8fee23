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


def make(disk: Disk, recording: Path, path: Path, part: str = ".part") -> Made | None:
    """Make the stored analysis of a recording.

    Args:
        disk: where both are.
        recording: the log.
        path: of its analysis; what is there is compared, and replaced.
        part: see `write_stored`.
    Returns: `None` where the session is not to be analysed, and no analysis of it is left.
    Raises: `LogError` or `OSError` by the log or the disk; nothing is changed then.
    """
    with open_reader(disk, recording) as reader:
        analysed = analyse(reader)
    if analysed.described is not None and not analysed.described.analysis:
        remove_stored(disk, path)
        return None
    document = analysed.document()
    before = _before(disk, path)
    write_stored(disk, path, document, part)
    found = difference(before, msgspec.json.decode(document, type=Stored))
    return Made(
        session=analysed.source.session,
        recording=str(recording),
        path=str(path),
        before=None if before is None else before.version,
        analysis=VERSION,
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
