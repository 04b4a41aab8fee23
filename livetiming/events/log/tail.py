"""Reading a tail's text: which of its lines are whole, and whether what follows is torn or damaged.

Pure: bytes in, findings out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from livetiming.errors import BadLine, BadState
from livetiming.events.codec import decode
from livetiming.events.log.folded import Folded
from livetiming.events.log.lines import (
    _MARK,
    MARK_START,
    SNAPSHOT_START,
    read_head,
    read_mark,
)


class TailDamaged(Exception):
    """A tail was changed after it was written.

    Args:
        what: what is wrong there.
        offset: the byte where it was found.
        seq: the last event known to be good.
    """

    def __init__(self, what: str, offset: int, seq: int) -> None:
        super().__init__(what)
        self.what, self.offset, self.seq = what, offset, seq


class Whole(NamedTuple):
    """The whole lines of a tail.

    Args:
        lines: the event lines, without line feeds.
        first_at: the instant of the first of them.
        end: the byte behind the last whole line.
    """

    lines: list[bytes]
    first_at: int | None
    end: int


def first_line(text: bytes) -> bytes | None:
    """The first line of a tail, without its line feed; `None` where it is not whole."""
    end = text.find(b"\n")
    return None if end < 0 else text[:end]


def read_lines(text: bytes, offset: int, folded: Folded[Any]) -> Whole:
    """Fold the lines of a tail as far as they are whole.

    Args:
        text: the whole tail.
        offset: where the lines begin, behind the snapshot.
        folded: the log up to there; moved on.
    Raises: `TailDamaged` where a line is wrong though others were written after it.
    """
    lines: list[bytes] = []
    first_at = None
    marked = folded.seq
    while (end := text.find(b"\n", offset)) >= 0:
        line = text[offset:end]
        if line.startswith(MARK_START):
            whole = _mark(line, text, offset, folded, marked)
            marked = folded.seq
        else:
            whole = _event(line, text, offset, folded)
            if whole:
                first_at = folded.at if first_at is None else first_at
                lines.append(line)
        if not whole:
            break
        offset = end + 1
    return Whole(lines, first_at, offset)


def _mark(line: bytes, text: bytes, offset: int, folded: Folded[Any], marked: int) -> bool:
    try:
        mark = read_mark(line)
    except BadLine as error:
        _check_torn(str(error), text, offset, folded)
        return False
    if mark != (folded.seq, folded.chain):
        what = f"the chain after event {folded.seq} is not the one that was marked"
        raise TailDamaged(what, offset, folded.seq)
    if mark.seq == marked:
        raise TailDamaged(f"a second mark after event {marked}", offset, folded.seq)
    return True


def _event(line: bytes, text: bytes, offset: int, folded: Folded[Any]) -> bool:
    try:
        event = decode(line)
    except BadLine as error:
        _check_torn(str(error), text, offset, folded)
        return False
    try:
        folded.take(event, line)
    except (BadLine, BadState) as error:
        raise TailDamaged(str(error), offset, folded.seq) from error
    return True


def _check_torn(what: str, text: bytes, offset: int, folded: Folded[Any]) -> None:
    if not is_torn(text[offset:]):
        raise TailDamaged(f"{what}, and a mark follows", offset, folded.seq)


def is_torn(rest: bytes) -> bool:
    """Tell a torn end from damage.

    A group is one write that ends in a mark, and at most one was under way when the power went.
    Sectors that did not reach the disk read as zeros, which no line of ours has. So an unreadable
    line is torn where no mark follows, or where one follows at the very end with zeros before it.

    Args:
        rest: what follows the last whole line.
    """
    marks = list(_MARK.finditer(rest))
    if not marks:
        return True
    start, end = marks[0].span()
    return len(marks) == 1 and b"\0" in rest[:start] and not rest[end:].strip(b"\n\0")


def has_mark(text: bytes) -> bool:
    """Whether there is a mark anywhere, even in a damaged line."""
    return _MARK.search(text) is not None


def furthest(text: bytes) -> int:
    """The last event of which there is a trace: whole event lines, marks, a snapshot."""
    seqs = [int(mark[1]) for mark in _MARK.finditer(text)]
    for line in text.split(b"\n")[:-1]:
        try:
            seqs.append(read_head(line).seq if line.startswith(SNAPSHOT_START) else _seq(line))
        except BadLine:
            continue
    return max(seqs, default=0)


def _seq(line: bytes) -> int:
    return decode(line).seq
