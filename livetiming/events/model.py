"""What can happen in a session: one frozen struct for each event, its tag its name on disk.

Source of every field: docs/log-format.md, section "Events".
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, NamedTuple

import msgspec

from livetiming.racing import Column, Kind, Mark

MAX_INTEGER = 2**53 - 1
"""Beyond it JavaScript's numbers are no longer exact."""
MAX_FRACTION = 10**9
MAX_STRING = 256
MAX_MESSAGES = 100
"""A state keeps so many messages, the newest."""

Count = Annotated[int, msgspec.Meta(ge=0)]


class Laps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A gap in laps.

    Args:
        laps: how many, at least 1.
    """

    laps: Annotated[int, msgspec.Meta(ge=1)]


class Clock(msgspec.Struct, frozen=True):
    """A clock: what it showed, when, and whether it runs.

    Args:
        value_us: what it showed at `at`, microseconds.
        at: the instant it was true, epoch ms.
        runs: whether it goes on from there.
    """

    value_us: int
    at: int
    runs: bool


Plain = str | int | float | Laps
"""A cell's value without a mark. Ranges are not declared here but in `values`: msgspec 0.22
crashes on a constrained number in a union with a fixed tuple."""
Cell = Plain | tuple[Plain, Mark]
Cells = dict[str, Cell]
CellChange = Plain | tuple[Plain, Mark] | None
SessionValue = str | int | float | Clock
SessionChange = str | int | float | Clock | None


class FeedStatus(StrEnum):
    """How the provider's feed is; `resumed` opens a log again after a break of the service."""

    LIVE = "live"
    STALE = "stale"
    LOST = "lost"
    RESUMED = "resumed"


class Origin(StrEnum):
    """Who says a message: the provider, or a generator of ours that derived it."""

    PROVIDER = "provider"
    DERIVED = "derived"


class Style(StrEnum):
    """How a message may look, besides each flag: `pb`, `sb`, `pit`, `out`, `race_control`."""

    PB = "pb"
    SB = "sb"
    PIT = "pit"
    OUT = "out"
    RACE_CONTROL = "race_control"


class CloseReason(StrEnum):
    """Why a session closed: the feed says so, it moved on, the operator, the capture's end."""

    FINISHED = "finished"
    MOVED = "moved"
    STOPPED = "stopped"
    ENDED = "ended"


class Attribution(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whose timing it is.

    Args:
        text: what to show.
        url: where it leads, `https:` only.
    """

    text: str
    url: str | None = None


class Versions(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which programs made a log.

    Args:
        livetiming: version of this package.
        plugin: version of the provider, where it is not part of this package.
    """

    livetiming: str
    plugin: str | None = None


class Described(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="described"
):
    """What this session is; replaces the earlier description.

    Args:
        session: its id, 32 hexadecimal digits.
        writer: the opening of the log, epoch ms; in the event that opens the log.
        name: series or event.
        description: this session in words.
        class_: the service class, after masquerading.
        key: the provider's own identity of the session.
        kind: what sort of session.
        columns: of the table, in order.
        track: columns of the track data.
        attribution: whose timing it is.
        venue: where, in words.
        timezone: of the venue, an IANA name.
        hidden: unlisted, though not secret.
        do_not_record: nobody keeps it.
        analysis: whether it is analysed live.
        rate: seconds of session for each second of the clock on the wall.
        continues: id of the session that this one goes on from.
        made_from: ids of the sessions a tool made this one from.
        versions: of the programs that made it.
    """

    session: str
    writer: Count | None = None
    name: str
    description: str
    class_: str = msgspec.field(name="class")
    key: str | None
    kind: Kind
    columns: tuple[Column, ...]
    track: tuple[Column, ...]
    attribution: Attribution | None = None
    venue: str | None = None
    timezone: str | None = None
    hidden: bool
    do_not_record: bool
    analysis: bool
    rate: int | float
    continues: str | None = None
    made_from: tuple[str, ...] | None = None
    versions: Versions


class Changed(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="changed"):
    """Cells, cars, order or session fields changed.

    Args:
        cars: new cells by car and column; `None` clears a cell, a new id is a new car.
        removed: ids of cars that left.
        order: first changed place (from 0) and the ids from there on.
        session: new session fields; `None` clears one.
    """

    cars: dict[str, dict[str, CellChange]] = {}
    removed: tuple[str, ...] = ()
    order: tuple[Count, tuple[str, ...]] | None = None
    session: dict[str, SessionChange] = {}


class Passed(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="passed"):
    """A car crossed a timing line.

    Args:
        car: its id.
        line: `finish`, `finish_pit`, `pit_in`, `pit_out`, or a line the plugin asked for.
        lap: laps completed after this crossing.
        lap_us: time of the lap that ended here, microseconds.
        total_us: time since the start, microseconds.
        driver: who drove, where the provider says so.
    """

    car: str
    line: str
    lap: int | None = None
    lap_us: int | None = None
    total_us: int | None = None
    driver: str | None = None


class Posted(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", tag="posted"
):
    """A message.

    Args:
        category: a word or two, at most 32 characters.
        text: what it says.
        style: a `Flag` or a `Style`; a reader takes any, as later versions may know more.
        car: the car it speaks of.
        origin: the provider, or derived by us.
    """

    category: str
    text: str
    style: str | None = None
    car: str | None = None
    origin: Origin


class Feed(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="feed"):
    """How the provider's feed is, or that a service resumed this log.

    Args:
        status: live, stale, lost or resumed.
        reason: why, in words.
        writer: with `resumed`, the new opening of the log, epoch ms.
        previous: with `resumed`, the writer and seq before.
        adopted: with `resumed`, how many lines were taken from the dvr.
    """

    status: FeedStatus
    reason: str | None = None
    writer: Count | None = None
    previous: tuple[Count, Count] | None = None
    adopted: Count | None = None


class Closed(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", tag="closed"):
    """The session is over, as far as the service knows.

    Args:
        reason: why.
        next: id of the session that follows.
    """

    reason: CloseReason
    next: str | None = None


class Unknown(NamedTuple):
    """An event of a later version: kept as it is, and folded to nothing.

    Args:
        tag: its type, as written.
        line: the whole line, as written.
    """

    tag: str
    line: bytes


Payload = Described | Changed | Passed | Posted | Feed | Closed
"""What an event says, before a log has numbered it."""


class Event(NamedTuple):
    """An immutable fact about a session, as its log has it.

    Args:
        seq: its number in the log: 1, 2, 3 … without gaps.
        at: when the service saw it, epoch ms; never decreases.
        payload: what it says.
        source_at: the provider's own time of it, epoch ms.
    """

    seq: int
    at: int
    payload: Payload | Unknown
    source_at: int | None = None


def tag_of(payload: Payload | Unknown) -> str:
    """The event's name on disk."""
    if isinstance(payload, Unknown):
        return payload.tag
    return str(payload.__struct_config__.tag)
