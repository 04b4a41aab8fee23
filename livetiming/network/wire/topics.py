"""What is published of one session: its lines, its beacons, how far it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from livetiming.events.plain import shown
from livetiming.network.wire.fields import (
    BadMessage,
    chain_of,
    join_lines,
    next_seq_of,
    number_of,
    split_lines,
    writer_of,
)


class Lines(NamedTuple):
    """Lines of a session, as its writer published them.

    Args:
        writer: the opening of the log that they come from.
        first_seq: of the first of them.
        chain: after the line before it, 8 bytes.
        lines: without line feeds, consecutive.
    """

    writer: int
    first_seq: int
    chain: bytes
    lines: tuple[bytes, ...]


class Beacon(NamedTuple):
    """A service is there, and its log stands so.

    Args:
        writer: the opening of the log.
        next_seq: of the line that comes next.
        chain: after the line before it, 8 bytes.
        now: the session's clock, epoch ms.
        seen_at: when the provider last sent anything, epoch ms; `None` before the first time.
    """

    writer: int
    next_seq: int
    chain: bytes
    now: int
    seen_at: int | None


class RecordedStatus(StrEnum):
    """Whether the dvr can record."""

    OK = "ok"
    PAUSED = "paused"


class Recorded(NamedTuple):
    """How far the dvr has recorded a writer's lines.

    Args:
        writer: whose.
        seq: of the last line that is on the dvr's disk.
        chain: after it, 8 bytes.
        status: whether it goes on.
    """

    writer: int
    seq: int
    chain: bytes
    status: RecordedStatus


def read_message(args: Sequence[Any]) -> Lines | Beacon:
    """Read what came on a session's topic.

    Raises: `BadMessage`.
    """
    match args:
        case (int(writer), int(seq), str(chain), str(text)):
            return Lines(writer_of(writer), next_seq_of(seq), chain_of(chain), split_lines(text))
        case (int(writer), int(seq), str(chain), "", int(now), int() | None as seen_at):
            at = None if seen_at is None else number_of("seen_at", seen_at)
            return Beacon(
                writer_of(writer), next_seq_of(seq), chain_of(chain), number_of("now", now), at
            )
    raise BadMessage(f"expected lines or a beacon, got {shown(args)}")


def write_lines(message: Lines) -> tuple[int, int, str, str]:
    """The arguments that publish lines."""
    return message.writer, message.first_seq, message.chain.hex(), join_lines(message.lines)


def write_beacon(beacon: Beacon) -> tuple[int, int, str, str, int, int | None]:
    """The arguments that publish a beacon."""
    writer, next_seq, chain, now, seen_at = beacon
    return writer, next_seq, chain.hex(), "", now, seen_at


def read_recorded(args: Sequence[Any]) -> Recorded:
    """Read how far the dvr is.

    Raises: `BadMessage`.
    """
    match args:
        case (int(writer), int(seq), str(chain), str(status)) if status in tuple(RecordedStatus):
            where = number_of("seq", seq)
            return Recorded(writer_of(writer), where, chain_of(chain), RecordedStatus(status))
    raise BadMessage(f"expected how far is recorded, got {shown(args)}")


def write_recorded(recorded: Recorded) -> tuple[int, int, str, str]:
    """The arguments that say how far the dvr is."""
    return recorded.writer, recorded.seq, recorded.chain.hex(), str(recorded.status)
