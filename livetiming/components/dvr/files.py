"""What the dvr does with a log's files: each function is one piece of work for a thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from livetiming.analyses import analysis_path, remove_stored
from livetiming.components.dvr.naming import recording_name
from livetiming.errors import LogDamaged, LogError, LogFailed
from livetiming.events import SessionId
from livetiming.events.log import (
    Disk,
    LogReader,
    LogWriter,
    Place,
    Seq,
    adopt_log,
    open_log,
    open_reader,
    remove_log,
    seal_log,
)
from livetiming.events.log.paths import GrowingPaths, growing, growing_of
from livetiming.network.served import Served, answer_from
from livetiming.network.wire import MAX_LINES, Answer


class Where(NamedTuple):
    """One history's growing log.

    Args:
        disk: where it is.
        folder: of its files.
        session: whose it is.
        history: of the session.
        analyses: the folder of the analysis of its recording, where there may be one.
    """

    disk: Disk
    folder: Path
    session: SessionId
    history: int
    analyses: Path | None = None

    @property
    def paths(self) -> GrowingPaths:
        """Its files."""
        return growing(self.folder, self.session, self.history)

    @property
    def exists(self) -> bool:
        """Whether there is anything of it."""
        return self.disk.exists(self.paths.tail) or self.disk.exists(self.paths.body)


class Loaded(NamedTuple):
    """A growing log that was opened, all of it durable.

    Args:
        writer: writes it.
        served: answers for it.
        chains: after each of its lines.
    """

    writer: LogWriter
    served: Served
    chains: bytes


class Ended(NamedTuple):
    """A log that nobody writes, as it was read.

    Args:
        place: its end.
        writer: the last one named in it.
        chains: after each of its lines.
    """

    place: Place
    writer: int | None
    chains: bytes


def load(where: Where) -> Loaded:
    """Open a growing log, a new one if there is none.

    Raises: `LogError`.
    """
    writer = open_log(where.disk, where.folder, where.session, where.history).log
    try:
        path = where.paths.tail
        chains = _chains(where.disk, path) if writer.place.seq else b""
        _check_chains(path, chains, writer.place)
        return Loaded(writer, Served(where.disk, path, writer), chains)
    except BaseException:
        writer.close()
        raise


def load_again(where: Where, sealed: Path) -> Loaded:
    """Open a growing log that goes on from a recording.

    Raises: `LogError`.
    """
    adopt_log(where.disk, sealed, where.folder, where.history)
    return load(where)


def recover(where: Where, sealed: Path | None) -> Loaded | Ended:
    """Find out after a restart what a growing log is: one that goes on, or remains of a sealed one.

    Before remains go, the recording's name is made durable: a killed process may have left one that
    no disk has yet.

    Raises: `LogError`.
    """
    if sealed is None:
        return load(where)
    if where.exists and not _is_in(where, sealed):
        return load(where)
    if where.exists:
        try:
            where.disk.sync_folder(sealed.parent)
        except OSError as error:
            raise LogFailed(sealed, f"cannot be kept for good: {error.strerror}") from error
    remove_log(where.disk, where.folder, where.session, where.history)
    return read_ended(where.disk, sealed)


def _is_in(where: Where, sealed: Path) -> bool:
    """Whether a recording has all of a growing log."""
    with open_reader(where.disk, where.paths.tail) as reader:
        end = reader.last().place
    with open_reader(where.disk, sealed) as reader:
        return reader.at(Seq(end.seq)).place == end


def read_ended(disk: Disk, path: Path) -> Ended:
    """Read a log that nobody writes.

    Raises: `LogError`.
    """
    with open_reader(disk, path) as reader:
        last = reader.last()
        chains = b"".join(reader.chains())
    _check_chains(path, chains, last.place)
    return Ended(last.place, last.state.writer, chains)


def _chains(disk: Disk, path: Path) -> bytes:
    with open_reader(disk, path) as reader:
        return b"".join(reader.chains())


def _check_chains(path: Path, chains: bytes, end: Place) -> None:
    size = len(end.chain)
    if len(chains) != end.seq * size or (chains and chains[-size:] != end.chain):
        raise LogDamaged(path, "is not all of its session's lines from the first on", offset=0)


def commit(writer: LogWriter, lines: Sequence[bytes]) -> bytes:
    """Write lines and make them durable.

    Returns: the lines, each with its line feed.
    Raises: `LogFailed` by the disk; `BadLine`, `BadState` or `BadValue` by the lines. The writer is
        then of no more use.
    """
    for line in lines:
        writer.append_line(line)
    done = []
    while (group := writer.take()) is not None:
        writer.commit(group)
        done.append(group.lines)
    return b"".join(done)


def seal(where: Where, recordings: Path, min_ms: int, sealed: Path | None) -> Path | None:
    """Make a recording of a growing log, and take that away once the recording is there for good.

    Args:
        where: the growing log; nobody writes it.
        recordings: the folder.
        min_ms: what is shorter is thrown away.
        sealed: the recording it had before, whose name it keeps.
    Returns: the recording; `None` where the log was too short.
    Raises: `LogError`.
    """
    source = where.paths.tail
    with open_reader(where.disk, source) as reader:
        first_at, last = reader.start().at, reader.last()
        described, target = last.state.described, sealed
        if target is None and described is not None and last.at - first_at >= min_ms:
            target = recordings / recording_name(first_at, described, source.stem)
        if target is not None and where.disk.exists(target):
            _check_goes_on(where.disk, target, reader)
    if target is not None:
        _remove_parts(where.disk, recordings, target)
        seal_log(where.disk, source, target, proven=True)
    remove_log(where.disk, where.folder, where.session, where.history)
    return target


def more_of(disk: Disk, path: Path, seq: int, chain: bytes) -> Answer | None:
    """Read what a log has more than one that ends in a certain chain.

    Args:
        disk: where it is.
        path: one of its files.
        seq: the other's last line.
        chain: after that.
    Returns: the next lines; `None` where there are none, or it is another history.
    Raises: `LogError`.
    """
    if not (disk.exists(path) or disk.exists(growing_of(path).body)):
        return None
    answer = answer_from(disk, path, seq + 1, MAX_LINES)
    fits = answer.from_seq == seq + 1 and answer.chain == chain
    return answer if fits and answer.lines else None


def _remove_parts(disk: Disk, recordings: Path, target: Path) -> None:
    """Take away what an earlier try has left, perhaps under another name."""
    ending = f"_{target.name.rpartition('_')[2]}.part"
    for path in disk.beginning(recordings, ""):
        if path.name.endswith(ending):
            disk.remove(path)


def _check_goes_on(disk: Disk, sealed: Path, given: LogReader) -> None:
    """See that no recording is replaced by what has less than it.

    Raises: `LogError`.
    """
    with open_reader(disk, sealed) as reader:
        end = reader.last().place
    if given.at(Seq(end.seq)).place != end:
        raise LogError(sealed, f"is another history than {given.path.name}, or has more of it")


def remove(where: Where, sealed: Path | None) -> None:
    """Leave nothing of a history.

    Raises: `LogError`; `OSError`.
    """
    remove_log(where.disk, where.folder, where.session, where.history)
    if sealed is not None and where.disk.exists(sealed):
        where.disk.remove(sealed)
        where.disk.sync_folder(sealed.parent)
    if where.analyses is not None:
        path = analysis_path(where.analyses, where.session, where.history)
        remove_stored(where.disk, path)
