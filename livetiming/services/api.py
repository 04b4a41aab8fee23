"""What a provider is: the plugin API, all that a plugin author needs to know.

A provider turns frames (what its feed sends) into updates (what they mean). The host owns the
clock, the log, the network, stale detection, back-off and messages; the provider owns the protocol.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import msgspec

from livetiming.errors import LivetimingError
from livetiming.events import Attribution, Changed, Passed, Picture, Posted, State
from livetiming.racing import Column, Kind

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

    from livetiming.network.connection import Connection
    from livetiming.services.wishes import Wishes
    from livetiming.services.world import World


class BadFrame(LivetimingError):
    """A frame that cannot be read; it costs that frame and nothing else.

    Args:
        kind: a short name of the trouble: it is logged once for each kind.
        what: what was expected, what came.
    """

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(f"{kind}: {what}")
        self.kind = kind


class Frame(NamedTuple):
    """A piece of the feed as the provider sent it: a line, a message, a document.

    Args:
        at: when it arrived, epoch ms.
        channel: which stream of the feed it belongs to; empty where there is only one.
        data: its content.
    """

    at: int
    channel: str
    data: str | bytes


class SessionSeen(msgspec.Struct, frozen=True, kw_only=True):
    """What the feed shows now: which session, and how its table is to be read.

    A new `key` closes the log of the session before and opens the next one; the same key, or a key
    where none was known, describes the open session anew.

    Args:
        key: the provider's own identity of the session; `None` while it is not known.
        name: series or event.
        description: this session in words.
        kind: what sort of session.
        columns: of the table, in order.
        track: columns of the track data.
        venue: where, in words.
        timezone: of the venue, an IANA name.
    """

    key: str | None
    name: str
    description: str
    kind: Kind = Kind.OTHER
    columns: tuple[Column, ...]
    track: tuple[Column, ...] = ()
    venue: str | None = None
    timezone: str | None = None


class Fact(NamedTuple):
    """Something that happened, for the log as it is.

    Args:
        payload: a crossing or a message of the provider.
        source_at: the provider's own time of it, epoch ms.
    """

    payload: Passed | Posted
    source_at: int | None = None


class Finished(NamedTuple):
    """The feed says that the session is over."""


Update = SessionSeen | Fact | Finished


class Parser(Protocol):
    """The protocol of one feed: frames in, updates out; no clock, no network, no file.

    One parser reads one feed from its first frame on, over all its sessions.
    """

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read one frame.

        A generator: each update is handled when it is yielded. So a parser yields `SessionSeen`
        of a new session *before* it clears or changes its picture, which until then belongs to
        the session before.

        Args:
            frame: the next frame of the feed.
        Returns: what it says beyond the picture, in order.
        Raises: `BadFrame` for a frame that cannot be read; what was known stays.
        """

    def picture(self) -> Picture:
        """The whole picture now; the host finds what changed.

        Called once for all that arrives within 50 ms. The answer is read and not kept, so a parser
        may hand out the very objects that it works on. A clock in it says what the feed last said;
        the host keeps it from being said each second.
        """


Deliver = Callable[[str, str | bytes], None]
"""Takes `(channel, data)` of each frame the moment it arrives."""


class Transport(Protocol):
    """What carries the frames of a feed."""

    def run(self, reactor: Any, deliver: Deliver) -> Awaitable[None]:
        """Connect and deliver frames until the feed is over.

        Args:
            reactor: Twisted's reactor, or a clock in tests.
            deliver: takes each frame.
        Returns: when the feed has ended and there will be no more.
        Raises: `FeedError` when the connection fails or breaks; the host starts it again.
        """


class CaptureHints(NamedTuple):
    """What a user knows about a capture that it does not say itself.

    Args:
        date: the day it begins, where its frames carry a time of day only.
        timezone: of the times in it.
    """

    date: date | None
    timezone: ZoneInfo


class Verified(StrEnum):
    """What a provider was checked against."""

    CAPTURE = "capture"
    DOCUMENTATION = "documentation"
    SIMULATION = "simulation"
    SYSTEM = "two systems"
    """Two whole systems of ours, one at the other."""


Generator = Callable[[State, Changed], Iterable[Posted]]
"""Derives messages: from the state before a change, and the change. Pure."""


class NoOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a provider that has none."""


def from_environment(variable: str, description: str) -> msgspec.Meta:
    """Annotate an option that only a variable can set, as a secret must be: no command line, and
    no calendar.

    Args:
        variable: its name in the environment or in `livetiming.env`.
        description: for the list of plugins.
    """
    return msgspec.Meta(description=description, extra={"variable": variable})


def variables(options: type[msgspec.Struct]) -> dict[str, str]:
    """The variables that set options, by the option's name."""
    found = {}
    for field in msgspec.structs.fields(options):
        info = msgspec.inspect.type_info(field.type)
        extra = info.extra if isinstance(info, msgspec.inspect.Metadata) else None
        if extra and "variable" in extra:
            found[field.name] = str(extra["variable"])
    return found


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """A provider, as an entry point of the group `livetiming.services` names it.

    Args:
        title: the feed in a few words.
        verified: what it was checked against.
        options: a frozen struct; each field is an option, annotated with
            `msgspec.Meta(description=…)` for the help, or by `from_environment`.
        schedulable: names of the options that a calendar may set.
        columns: all that its tables may have, in order.
        track: all that its track data may have.
        parser: makes the parser for these options.
        transport: makes the transport for these options.
        read_capture: reads files that are no captures of ours, such as those found in archives.
        attribution: whose timing it is.
        poll_interval_s: how often its feed is asked, where it does not speak by itself.
        stale_after_s: silence that means a stale feed.
        generators: message generators beside the host's own.
    """

    title: str
    verified: Verified
    options: type[msgspec.Struct] = NoOptions
    schedulable: frozenset[str] = frozenset()
    columns: tuple[Column, ...]
    track: tuple[Column, ...] = ()
    parser: Callable[[Any], Parser]
    transport: Callable[[Any], Transport]
    read_capture: Callable[[Sequence[Path], CaptureHints], Iterator[Frame]] | None = None
    attribution: Attribution | None = None
    poll_interval_s: float | None = None
    stale_after_s: float = 30.0
    generators: tuple[Generator, ...] = ()


class Service(Protocol):
    """What runs as one service of a class."""

    @property
    def is_recording(self) -> bool:
        """Whether stopping closes a session."""

    def start(self) -> Deferred[Any]:
        """Begin.

        Returns: fires with the exit code when it has ended, with all that it recorded on disk.
        """

    def stop(self) -> None:
        """End it, and see that nothing of it is on one disk only."""

    def restart(self) -> None:
        """End it, for another process to go on at once."""

    def give_up(self) -> None:
        """Wait neither for the disk nor for the dvr any longer, once stopped."""


class ServiceRoom(NamedTuple):
    """What the host gives a service.

    Args:
        world: the outside.
        connection: to this system's router.
        options: of the plugin.
        wishes: of the operator; of a log to go on in there are none.
        instance: the name of the process among those of its class.
        on_session: to be told of each session that it has.
    """

    world: World
    connection: Connection
    options: Any
    wishes: Wishes
    instance: str
    on_session: Callable[[Any], None]


class ServicePlugin(msgspec.Struct, frozen=True, kw_only=True):
    """A service class that follows no feed of frames: it brings the whole service.

    It keeps its logs and is on the air by itself, so it is no plugin for others to write: it uses
    modules of the host. Options that say how a feed is recorded do not go with it.

    Args:
        title: what it is in a few words.
        verified: what it was checked against.
        options: as a provider's.
        service: makes the service.
    """

    title: str
    verified: Verified
    options: type[msgspec.Struct] = NoOptions
    service: Callable[[ServiceRoom], Service]
