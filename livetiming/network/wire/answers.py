"""What is answered to who asks for a session's lines or state."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from livetiming.errors import BadLine
from livetiming.events.log.lines import read_head
from livetiming.network.wire.fields import (
    At,
    BadMessage,
    Chain,
    NextSeq,
    Writer,
    join_lines,
    read_json,
    split_lines,
    write_json,
)


class Answer(NamedTuple):
    """Lines that somebody asked for.

    Args:
        writer: the opening of the log that they come from; 0 where it is not known.
        next_seq: of the line that comes after the log's last.
        from_seq: of the first of these lines.
        chain: after the line before it, 8 bytes.
        lines: without line feeds, consecutive.
    """

    writer: int
    next_seq: int
    from_seq: int
    chain: bytes
    lines: tuple[bytes, ...]


class SnapshotAnswer(NamedTuple):
    """A session at a moment.

    Args:
        writer: the opening of the log that it comes from.
        next_seq: of the line that comes after the log's last.
        now: the session's clock, epoch ms.
        seen_at: when the provider last sent anything, epoch ms; `None` where that is not known.
        snapshot: the snapshot line, without line feed.
    """

    writer: int
    next_seq: int
    now: int
    seen_at: int | None
    snapshot: bytes


class Continued(NamedTuple):
    """What continues a history, as the dvr knows it.

    Args:
        newest_writer: of the session that was heard of; 0 where none was.
        from_seq: of the first of these lines.
        lines: without line feeds, consecutive.
    """

    newest_writer: int
    from_seq: int
    lines: tuple[bytes, ...]


class _Answer(msgspec.Struct, frozen=True):
    writer: Writer
    next_seq: NextSeq
    from_seq: NextSeq
    chain: Chain
    lines: str


def read_answer(text: object) -> Answer:
    """Read the answer of `events`.

    Raises: `BadMessage`.
    """
    got = read_json(_Answer, text)
    lines = split_lines(got.lines) if got.lines else ()
    return Answer(got.writer, got.next_seq, got.from_seq, bytes.fromhex(got.chain), lines)


def write_answer(answer: Answer) -> str:
    """The answer of `events`, as JSON."""
    writer, next_seq, from_seq, chain, lines = answer
    return write_json(_Answer(writer, next_seq, from_seq, chain.hex(), join_lines(lines)))


class _SnapshotAnswer(msgspec.Struct, frozen=True):
    writer: Writer
    next_seq: NextSeq
    now: At
    seen_at: At | None
    snapshot: msgspec.Raw


def read_snapshot(text: object) -> SnapshotAnswer:
    """Read the answer of `snapshot`.

    Raises: `BadMessage`.
    """
    got = read_json(_SnapshotAnswer, text)
    line = bytes(got.snapshot)
    try:
        read_head(line)
    except BadLine as error:
        raise BadMessage(str(error)) from error
    return SnapshotAnswer(got.writer, got.next_seq, got.now, got.seen_at, line)


def write_snapshot_answer(answer: SnapshotAnswer) -> str:
    """The answer of `snapshot`, as JSON; the snapshot line stands in it as it is."""
    writer, next_seq, now, seen_at, line = answer
    return write_json(_SnapshotAnswer(writer, next_seq, now, seen_at, msgspec.Raw(line)))


class _Continued(msgspec.Struct, frozen=True):
    newest_writer: Writer
    from_seq: NextSeq
    lines: str


def read_continued(text: object) -> Continued:
    """Read the answer of `continue`.

    Raises: `BadMessage`.
    """
    got = read_json(_Continued, text)
    return Continued(got.newest_writer, got.from_seq, split_lines(got.lines) if got.lines else ())


def write_continued(continued: Continued) -> str:
    """The answer of `continue`, as JSON."""
    newest, from_seq, lines = continued
    return write_json(_Continued(newest, from_seq, join_lines(lines)))
