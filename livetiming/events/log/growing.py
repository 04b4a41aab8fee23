"""What stands in a growing log's files: found by reading, without changing anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, NamedTuple

from livetiming.disk import Disk, File, let_go
from livetiming.errors import BadLine, LogDamaged, LogError, NoLog
from livetiming.events.log.body import Body
from livetiming.events.log.fold import Fold, S
from livetiming.events.log.folded import Folded, Place, at_snapshot
from livetiming.events.log.frames import Extent
from livetiming.events.log.lines import SNAPSHOT_START, Snapshot, read_head
from livetiming.events.log.paths import GrowingPaths
from livetiming.events.log.tail import (
    TailDamaged,
    Whole,
    first_line,
    furthest,
    has_mark,
    is_torn,
    read_lines,
)
from livetiming.events.names import SessionId

MAX_TAIL = 16 * 1024 * 1024
"""Bytes of a tail that are read at once; ours end at a few hundred thousand."""
_PAUSES = 2
_LOOKS = 10
"""So often a log is looked at that changes under our eyes."""


class TornPart(NamedTuple):
    """Bytes that belong to no whole line or frame.

    Args:
        path: their file.
        offset: where they begin; they reach to its end.
        data: the bytes.
    """

    path: Path
    offset: int
    data: bytes


@dataclass(kw_only=True)
class Growing(Generic[S]):
    """A growing log as it was found.

    Args:
        paths: its files.
        frames: the whole frames of its body, but for one whose lines the tail has too.
        snapshot: the line that its tail begins with; empty where the tail has none.
        tail: the whole lines of its tail.
        text: the whole lines of its tail with its snapshot and marks, as they stand there.
        folded: the log folded to its last whole line.
        torn: what belongs to no whole line or frame.
        twice: where the body's frame begins whose lines the tail has too; the roll was cut off.
        rolled: the body has all lines, and the tail no snapshot; the roll was cut off.
    """

    paths: GrowingPaths
    frames: list[Extent]
    snapshot: bytes
    tail: Whole
    text: bytes
    folded: Folded[S]
    torn: list[TornPart] = field(default_factory=list)
    twice: int | None = None
    rolled: bool = False


_NO_LINES = Whole([], None, 0)


def scan(
    disk: Disk, paths: GrowingPaths, fold: Fold[S], session: SessionId | None = None
) -> Growing[S]:
    """Read a growing log: its tail first and then its body, so that lines overlap, never miss.

    What looks torn or damaged while a writer is at it is looked at again; who gives a `session`
    is that writer.

    Args:
        disk: where it is.
        paths: its files.
        fold: how its events add up.
        session: whose log a new one is.
    Returns: what is there; an empty log where there is none and `session` is given.
    Raises: `NoLog` where there is none; `LogDamaged`; `LogError` where it cannot be read.
    """
    for look in range(1, _LOOKS + 1):
        text, body = _open(disk, paths)
        try:
            found = _look(paths, fold, text, body, session)
            if not found.torn or session or look == _LOOKS or not _moves(disk, paths, text, body):
                return found
        except (NoLog, LogDamaged):
            if session or look == _LOOKS or not _moves(disk, paths, text, body):
                raise
        finally:
            if body is not None:
                let_go(body)
    raise AssertionError


def _look(
    paths: GrowingPaths,
    fold: Fold[S],
    text: bytes | None,
    body: File | None,
    session: SessionId | None,
) -> Growing[S]:
    try:
        if body is None or not body.size():
            return _without_body(paths, fold, text, session)
        return _with_body(paths, fold, text or b"", Body(paths.body, body))
    except OSError as error:
        raise LogError(paths.body, f"cannot be read: {error.strerror}") from error


def _open(disk: Disk, paths: GrowingPaths) -> tuple[bytes | None, File | None]:
    path = paths.tail
    try:
        text = _read_all(disk, path)
        path = paths.body
        return text, disk.open(path) if disk.exists(path) else None
    except OSError as error:
        raise LogError(path, f"cannot be read: {error.strerror}") from error


def _read_all(disk: Disk, path: Path) -> bytes | None:
    if not disk.exists(path):
        return None
    file = disk.open(path)
    try:
        if file.size() > MAX_TAIL:
            raise NoLog(path, f"is no log: a tail of more than {MAX_TAIL} bytes")
        return file.read(0, file.size())
    finally:
        let_go(file)


def _moves(disk: Disk, paths: GrowingPaths, text: bytes | None, body: File | None) -> bool:
    """Whether somebody is writing a log: what was half written is soon more than that."""
    for _ in range(_PAUSES):
        if _changed(disk, paths, text, body):
            return True
        disk.pause()
    return _changed(disk, paths, text, body)


def _changed(disk: Disk, paths: GrowingPaths, text: bytes | None, body: File | None) -> bool:
    """Whether a log is no longer what was looked at."""
    seen = text, body.size() if body is not None else 0
    again, now = _open(disk, paths)
    try:
        return seen != (again, now.size() if now is not None else 0)
    finally:
        if now is not None:
            let_go(now)


def _without_body(
    paths: GrowingPaths, fold: Fold[S], text: bytes | None, session: SessionId | None
) -> Growing[S]:
    what = "there is no log here" if text is None else "no line is whole"
    line = first_line(text or b"")
    try:
        if text is not None and line is not None:
            found = _with_tail(paths, fold, text, line, [], None)
            if session is not None and found.folded.seq == 0 and found.folded.session == session:
                return _new(paths, fold, text, session)
            return found
    except BadLine as error:
        what = str(error)
    if text and not _begins_torn(text, line):
        if text.startswith(SNAPSHOT_START) or has_mark(text):
            raise LogDamaged(paths.tail, what, offset=0)
        raise NoLog(paths.tail, f"is no log: {what}")
    if session is None:
        raise NoLog(paths.tail, what)
    return _new(paths, fold, text or b"", session)


def _new(paths: GrowingPaths, fold: Fold[S], text: bytes, session: SessionId) -> Growing[S]:
    """A log without an event; its snapshot is written with the first, whose instant it has."""
    return Growing(
        paths=paths,
        frames=[],
        snapshot=b"",
        tail=_NO_LINES,
        text=b"",
        folded=Folded(session, None, None, fold),
        torn=[TornPart(paths.tail, 0, text)] if text else [],
    )


def _begins_torn(text: bytes, line: bytes | None) -> bool:
    """Whether the first write to a log was cut off, as far as can be told from what is there."""
    begun = text[: len(SNAPSHOT_START)].split(b"\0")[0]
    return SNAPSHOT_START.startswith(begun) and (line is None or b"\0" in line) and is_torn(text)


def _with_tail(
    paths: GrowingPaths,
    fold: Fold[S],
    text: bytes,
    line: bytes,
    frames: list[Extent],
    before: Folded[S] | None,
) -> Growing[S]:
    """A log whose tail goes on from its body.

    Args:
        paths: its files.
        fold: how its events add up.
        text: the tail.
        line: the tail's snapshot.
        frames: of the body.
        before: the log at the body's end.
    Raises: `BadLine` where the snapshot is none; `LogDamaged` where a line is wrong.
    """
    folded = at_snapshot(line, fold, before)
    _check_state(folded, before)
    try:
        tail = read_lines(text, len(line) + 1, folded)
    except TailDamaged as error:
        raise LogDamaged(paths.tail, error.what, offset=error.offset, seq=error.seq) from error
    return Growing(
        paths=paths,
        frames=frames,
        snapshot=line,
        tail=tail,
        text=text[: tail.end],
        folded=folded,
        torn=[TornPart(paths.tail, tail.end, text[tail.end :])] if tail.end < len(text) else [],
    )


def _check_state(folded: Folded[S], before: Folded[S] | None) -> None:
    """Compare the state of a tail's snapshot, which no checksum covers, with what leads to it.

    Raises: `BadLine` where another state is known.
    """
    fold = folded.fold
    state = before.state if before else fold.start()
    known = before is not None or folded.seq == 0
    if known and fold.canonical(folded.state) != fold.canonical(state):
        raise BadLine(f"the state after event {folded.seq} is not what its events add up to")


def _with_body(paths: GrowingPaths, fold: Fold[S], text: bytes, body: Body) -> Growing[S]:
    line = first_line(text)
    head = None if line is None else _head(line)
    before = body.fold(fold)
    if before is None:
        if head is None:
            raise NoLog(paths.body, "no frame is whole")
        before = Folded(head.session, None, None, fold)
    if line is not None and head is not None:
        found = _following(paths, text, line, head, body, before) or _twice(
            paths, fold, text, line, body, before.place
        )
        if found is not None:
            return found
    if body.bad_end is not None and (text or not body.cut_off):
        raise body.bad_end
    return _rolled(paths, text, body, before)


def _head(line: bytes) -> Snapshot | None:
    try:
        return read_head(line)
    except BadLine:
        return None


def _following(
    paths: GrowingPaths, text: bytes, line: bytes, head: Snapshot, body: Body, before: Folded[S]
) -> Growing[S] | None:
    """The log whose tail goes on where its body ends; a frame not finished there is cut off."""
    if (head.seq, head.chain) != (before.seq, before.chain):
        return None
    try:
        found = _with_tail(paths, before.fold, text, line, body.frames, before)
    except BadLine:
        return None
    except LogDamaged:
        if max(furthest(text), before.seq) > head.seq:
            raise
        return None
    if body.bad_end is not None:
        found.torn.insert(0, TornPart(paths.body, body.end, body.rest()))
    return found


def _twice(
    paths: GrowingPaths, fold: Fold[S], text: bytes, line: bytes, body: Body, end: Place
) -> Growing[S] | None:
    """The log whose last frame holds just what its tail holds: a roll was cut off."""
    if body.bad_end is not None or line != body.last_snapshot:
        return None
    try:
        found = _with_tail(paths, fold, text, line, body.frames[:-1], None)
    except (BadLine, LogDamaged):
        return None
    if found.torn or found.folded.place != end:
        return None
    found.twice = body.frames[-1].offset
    return found


def _rolled(paths: GrowingPaths, text: bytes, body: Body, before: Folded[S]) -> Growing[S]:
    """The log whose body has all lines, since its tail was being emptied.

    Raises: `LogDamaged` where the tail has a trace of more.
    """
    seq = furthest(text)
    if seq > before.seq:
        what = (
            f"goes on to event {seq}, but not from event {before.seq}, where the body ends, "
            "or from another chain"
        )
        raise LogDamaged(paths.tail, what, offset=0, seq=before.seq)
    torn = [TornPart(paths.tail, 0, text)] if text else []
    if body.bad_end is not None:
        torn.insert(0, TornPart(paths.body, body.end, body.rest()))
    return Growing(
        paths=paths,
        frames=body.frames,
        snapshot=b"",
        tail=_NO_LINES,
        text=b"",
        folded=before,
        torn=torn,
        rolled=True,
    )
