"""The lines of a log that are no events: snapshots and marks; and the chain over those that are."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from livetiming.errors import BadLine, BadState, BadValue
from livetiming.events.log.fold import Fold, S
from livetiming.events.values import SessionId

MAX_STATE = 512 * 1024
"""Bytes of a state's JSON in a snapshot line."""
GENESIS = bytes(8)
"""The chain before the first line."""
_blank = blake2b(digest_size=len(GENESIS)).copy
"""Makes a digest a quarter faster than from its parameters."""

_SNAPSHOT_HEAD = re.compile(
    rb'\{"type":"snapshot","log":(\d{1,6}),"session":"([0-9a-f]{32})","seq":(\d{1,16}),'
    rb'"at":(\d{1,16}),"chain":"([0-9a-f]{16})","state":'
)
_MARK = re.compile(rb'\{"type":"mark","seq":(\d{1,16}),"chain":"([0-9a-f]{16})"\}')
MARK_START = b'{"type":"mark",'
SNAPSHOT_START = b'{"type":"snapshot",'
HEAD_SIZE = 256
"""So many bytes of a snapshot line hold all but its state."""


def link(chain: bytes, line: bytes) -> bytes:
    """The chain after an event line.

    Args:
        chain: the chain before it, 8 bytes.
        line: without its line feed.
    """
    digest = _blank()
    digest.update(chain)
    digest.update(line)
    return digest.digest()


class Snapshot(NamedTuple):
    """The head of a snapshot line: the state that follows it is the one after event `seq`.

    Args:
        version: of log format and fold.
        session: whose it is.
        seq: the last event before it; 0 at the start.
        at: the instant of that event, of event 1 at the start, epoch ms.
        chain: after that event.
    """

    version: int
    session: SessionId
    seq: int
    at: int
    chain: bytes


class Mark(NamedTuple):
    """What stands after each group in a tail: where the chain was."""

    seq: int
    chain: bytes


def write_snapshot(head: Snapshot, state: bytes) -> bytes:
    """Write a snapshot line, without its line feed.

    Args:
        head: all but the state.
        state: as JSON.
    Raises: `BadValue` where the state is too big for one.
    """
    if len(state) > MAX_STATE:
        raise BadValue(f"state: expected at most {MAX_STATE} bytes, got {len(state)}")
    version, session, seq, at, chain = head
    return (
        b'{"type":"snapshot","log":%d,"session":"%s","seq":%d,"at":%d,"chain":"%s","state":%s}'
        % (version, session.encode(), seq, at, chain.hex().encode(), state)
    )


def read_head(line: bytes) -> Snapshot:
    """Read a snapshot line, or its first `HEAD_SIZE` bytes, up to its state.

    Raises: `BadLine` where it is none.
    """
    head = _SNAPSHOT_HEAD.match(line)
    if head is None:
        raise BadLine(f"expected a snapshot line, got {line[:60]!r}")
    version, session, seq, at, chain = head.groups()
    return Snapshot(
        int(version), SessionId(session.decode()), int(seq), int(at), bytes.fromhex(chain.decode())
    )


def read_state(line: bytes, fold: Fold[S]) -> S:
    """Read the state of a snapshot line.

    Args:
        line: without its line feed.
        fold: by whose rules it was folded.
    Raises: `BadLine` where it is none.
    """
    head = _SNAPSHOT_HEAD.match(line)
    if head is None or not line.endswith(b"}"):
        raise BadLine(f"expected a snapshot line, got {line[:60]!r}")
    try:
        return fold.from_json(line[head.end() : -1])
    except BadState as error:
        raise BadLine(str(error)) from error


def write_mark(seq: int, chain: bytes) -> bytes:
    """Write a mark line, without its line feed."""
    return b'{"type":"mark","seq":%d,"chain":"%s"}' % (seq, chain.hex().encode())


def read_mark(line: bytes) -> Mark:
    """Read a mark line.

    Raises: `BadLine` where it is none.
    """
    match = _MARK.fullmatch(line)
    if match is None:
        raise BadLine(f"expected a mark line, got {line[:60]!r}")
    return Mark(int(match[1]), bytes.fromhex(match[2].decode()))
