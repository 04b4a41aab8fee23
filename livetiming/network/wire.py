"""The messages of the wire, read once at the edge and written in one way.

Source of every field: docs/wire.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from livetiming.errors import BadLine, BadValue, LivetimingError
from livetiming.events.codec import MAX_LINE
from livetiming.events.log.lines import GENESIS, read_head
from livetiming.events.model import MAX_INTEGER, Clock
from livetiming.events.names import SessionId
from livetiming.events.plain import shown

MAX_MESSAGE = 64 * 1024
"""Bytes of lines in one message on a topic, unless one line alone is longer."""
MAX_ANSWER = 256 * 1024
"""Bytes of lines in one answer; as JSON that stays far below the router's limit."""
MAX_LINES = 500
"""Lines in one answer."""

Writer = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Seq = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
NextSeq = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
At = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Chain = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]


class BadMessage(LivetimingError):
    """Somebody sent what is no message of ours: it is dropped, counted and logged once."""


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


_Struct = TypeVar("_Struct")


def read_message(args: Sequence[Any]) -> Lines | Beacon:
    """Read what came on a session's topic.

    Raises: `BadMessage`.
    """
    match args:
        case (int(writer), int(seq), str(chain), str(text)):
            return Lines(_writer(writer), _next(seq), _chain(chain), _lines(text))
        case (int(writer), int(seq), str(chain), "", int(now), int() | None as seen_at):
            at = None if seen_at is None else _at("seen_at", seen_at)
            return Beacon(_writer(writer), _next(seq), _chain(chain), _at("now", now), at)
    raise BadMessage(f"expected lines or a beacon, got {shown(args)}")


def write_lines(message: Lines) -> tuple[int, int, str, str]:
    """The arguments that publish lines."""
    return message.writer, message.first_seq, message.chain.hex(), _text(message.lines)


def write_beacon(beacon: Beacon) -> tuple[int, int, str, str, int, int | None]:
    """The arguments that publish a beacon."""
    writer, next_seq, chain, now, seen_at = beacon
    return writer, next_seq, chain.hex(), "", now, seen_at


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
    got = _read(_Answer, text)
    lines = _lines(got.lines) if got.lines else ()
    return Answer(got.writer, got.next_seq, got.from_seq, bytes.fromhex(got.chain), lines)


def write_answer(answer: Answer) -> str:
    """The answer of `events`, as JSON."""
    writer, next_seq, from_seq, chain, lines = answer
    return _write(_Answer(writer, next_seq, from_seq, chain.hex(), _text(lines)))


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
    got = _read(_SnapshotAnswer, text)
    line = bytes(got.snapshot)
    try:
        read_head(line)
    except BadLine as error:
        raise BadMessage(str(error)) from error
    return SnapshotAnswer(got.writer, got.next_seq, got.now, got.seen_at, line)


def write_snapshot_answer(answer: SnapshotAnswer) -> str:
    """The answer of `snapshot`, as JSON; the snapshot line stands in it as it is."""
    writer, next_seq, now, seen_at, line = answer
    return _write(_SnapshotAnswer(writer, next_seq, now, seen_at, msgspec.Raw(line)))


class _Continued(msgspec.Struct, frozen=True):
    newest_writer: Writer
    from_seq: NextSeq
    lines: str


def read_continued(text: object) -> Continued:
    """Read the answer of `continue`.

    Raises: `BadMessage`.
    """
    got = _read(_Continued, text)
    return Continued(got.newest_writer, got.from_seq, _lines(got.lines) if got.lines else ())


def write_continued(continued: Continued) -> str:
    """The answer of `continue`, as JSON."""
    newest, from_seq, lines = continued
    return _write(_Continued(newest, from_seq, _text(lines)))


def read_recorded(args: Sequence[Any]) -> Recorded:
    """Read how far the dvr is.

    Raises: `BadMessage`.
    """
    match args:
        case (int(writer), int(seq), str(chain), str(status)) if status in tuple(RecordedStatus):
            where = _at("seq", seq)
            return Recorded(_writer(writer), where, _chain(chain), RecordedStatus(status))
    raise BadMessage(f"expected how far is recorded, got {shown(args)}")


def write_recorded(recorded: Recorded) -> tuple[int, int, str, str]:
    """The arguments that say how far the dvr is."""
    return recorded.writer, recorded.seq, recorded.chain.hex(), str(recorded.status)


def read_announcement(text: object) -> Announcement | Idle:
    """Read what a service announces.

    Raises: `BadMessage`.
    """
    if isinstance(text, str) and text.startswith('{"session":null,'):
        return _read(Idle, text)
    got = _read(Announcement, text)
    try:
        SessionId(got.session)
    except BadValue as error:
        raise BadMessage(str(error)) from error
    return got


def write_announcement(announcement: Announcement | Idle) -> str:
    """What a service announces, as JSON."""
    return _write(announcement)


def read_listing(text: object) -> Listing:
    """Read what is on air.

    Raises: `BadMessage`.
    """
    return _read(Listing, text)


def write_listing(listing: Listing) -> str:
    """What is on air, as JSON."""
    return _write(listing)


def listed(announcement: Announcement) -> Entry:
    """What the directory tells of an announcement."""
    return Entry(**{field: getattr(announcement, field) for field in Entry.__struct_fields__})


def portions(lines: Iterable[bytes], size: int, number: int) -> Iterator[tuple[bytes, ...]]:
    """Cut lines into what fits into messages.

    Args:
        lines: without line feeds.
        size: bytes that fit, with line feeds; a longer line goes alone.
        number: of lines that fit.
    """
    portion: list[bytes] = []
    room = size
    for line in lines:
        if portion and (len(line) + 1 > room or len(portion) == number):
            yield tuple(portion)
            portion, room = [], size
        portion.append(line)
        room -= len(line) + 1
    if portion:
        yield tuple(portion)


def _read(kind: type[_Struct], text: object) -> _Struct:
    if not isinstance(text, str):
        raise BadMessage(f"expected JSON text, got {shown(text)}")
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError) as error:
        raise BadMessage(f"{error}; in {text[:80]!r}") from error


def _write(struct: msgspec.Struct) -> str:
    return msgspec.json.encode(struct).decode()


def _lines(text: str) -> tuple[bytes, ...]:
    """Split lines, each with its line feed.

    Raises: `BadMessage`.
    """
    if not text.endswith("\n"):
        raise BadMessage(f"lines: expected each with its line feed, got {shown(text[-40:])}")
    try:
        lines = tuple(text[:-1].encode().split(b"\n"))
    except UnicodeEncodeError as error:
        raise BadMessage(f"lines: {error.reason}") from error
    if any(len(line) > MAX_LINE for line in lines):
        raise BadMessage(f"lines: expected at most {MAX_LINE} bytes each")
    return lines


def _text(lines: Iterable[bytes]) -> str:
    return b"".join(line + b"\n" for line in lines).decode()


def _chain(text: str) -> bytes:
    if len(text) != 2 * len(GENESIS) or not set(text) <= set("0123456789abcdef"):
        raise BadMessage(f"chain: expected 16 hexadecimal digits, got {shown(text)}")
    return bytes.fromhex(text)


def _writer(number: int) -> int:
    return _at("writer", number)


def _next(number: int) -> int:
    if number < 1:
        raise BadMessage(f"seq: expected at least 1, got {shown(number)}")
    return _at("seq", number)


def _at(field: str, number: int) -> int:
    if isinstance(number, bool) or not 0 <= number <= MAX_INTEGER:
        raise BadMessage(f"{field}: expected 0 to 2^53, got {shown(number)}")
    return number
