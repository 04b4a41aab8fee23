"""What services announce, and the directory's lists that are made of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from livetiming.errors import BadValue
from livetiming.events.model import Clock
from livetiming.events.names import SessionId
from livetiming.network.wire.fields import (
    At,
    BadMessage,
    Chain,
    NextSeq,
    Seq,
    Writer,
    read_json,
    write_json,
)


class Standing(StrEnum):
    """How a service stands to a log that it announces."""

    LIVE = "live"
    CLOSED = "closed"
    FENCED = "fenced"
    """A newer writer is there; this one only hands over."""
    RETAINED = "retained"
    """Nobody writes it any more, and not all of it is recorded yet."""


class FeedSeen(msgspec.Struct, frozen=True):
    """How the provider's feed is, and since when (epoch ms)."""

    status: str
    at: At


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A session on air, as the directory lists it.

    Args:
        session: its id.
        writer: the opening of its log.
        next_seq: of the line that comes next: how far it is published.
        recorded: the last line on the dvr's disk.
        name: series or event.
        description: this session in words.
        class_: the service class.
        kind: practice, qualifying, race …
        venue: where.
        timezone: of the venue.
        started_at: when it began, epoch ms.
        cars: how many.
        flag: the present one.
        elapsed: the clock that counts up.
        remaining: the clock that counts down.
        feed: how the feed is; `None` before anything is known.
        seen_at: when the provider last sent anything, epoch ms.
        analysis: whether it is analysed live.
        forked: whether it has two histories.
    """

    session: str
    writer: Writer
    next_seq: NextSeq
    recorded: Seq | None
    name: str
    description: str
    class_: str = msgspec.field(name="class")
    kind: str
    venue: str | None = None
    timezone: str | None = None
    started_at: At
    cars: Seq
    flag: str
    elapsed: Clock | None = None
    remaining: Clock | None = None
    feed: FeedSeen | None
    seen_at: At | None
    analysis: bool
    forked: bool = False


class Announcement(Entry, frozen=True, kw_only=True, omit_defaults=True):
    """A service says what it has on air, and where its log stands.

    Args:
        hidden: unlisted.
        do_not_record: nobody keeps it.
        instance: the name of the service's process among those of its class.
        chain: after the last line published.
        status: how it stands to the log.
    """

    hidden: bool = msgspec.field()
    do_not_record: bool = msgspec.field()
    instance: str
    chain: Chain
    status: Standing

    @property
    def id(self) -> SessionId:
        """The session's id, checked."""
        return SessionId(self.session)

    @property
    def end(self) -> bytes:
        """The chain as 8 bytes."""
        return bytes.fromhex(self.chain)


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """A service says that it is there, though it has no session yet."""

    session: None
    class_: str = msgspec.field(name="class")
    instance: str


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What is on air, and when that was (epoch ms)."""

    at: At
    sessions: tuple[Entry, ...]


def read_announcement(text: object) -> Announcement | Idle:
    """Read what a service announces.

    Raises: `BadMessage`.
    """
    if isinstance(text, str) and text.startswith('{"session":null,'):
        return read_json(Idle, text)
    got = read_json(Announcement, text)
    try:
        SessionId(got.session)
    except BadValue as error:
        raise BadMessage(str(error)) from error
    return got


def write_announcement(announcement: Announcement | Idle) -> str:
    """What a service announces, as JSON."""
    return write_json(announcement)


def read_listing(text: object) -> Listing:
    """Read what is on air.

    Raises: `BadMessage`.
    """
    return read_json(Listing, text)


def write_listing(listing: Listing) -> str:
    """What is on air, as JSON."""
    return write_json(listing)


def listed(announcement: Announcement) -> Entry:
    """What the directory tells of an announcement."""
    return Entry(**{field: getattr(announcement, field) for field in Entry.__struct_fields__})
