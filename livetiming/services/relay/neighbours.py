"""What others have on the air here: no other side may take a session over that is this system's.

So nothing that is on the air here is relayed, and two aggregators that relay each other stop where
a session comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from livetiming.errors import LivetimingError
from livetiming.events import SessionId
from livetiming.network.connection import CallFailed, Connection, Kept
from livetiming.network.names import (
    ANNOUNCE,
    LIST_ALL,
    NO_SUCH_PROCEDURE,
    UNKNOWN_SESSION,
    events_procedure,
)
from livetiming.network.wire import (
    Announcement,
    BadMessage,
    Standing,
    read_announcement,
    read_listing,
)
from livetiming.services.answering import Junk
from livetiming.services.world import World

GONE_S = 35.0
"""Services announce every 10 s: one that was not heard for so long is not there."""
ALL_ANNOUNCED_S = 12.0
"""So long it takes to hear of all that is there where no directory says it."""
MAX_HEARD = 4_000


class Here(LivetimingError):
    """A session is not relayed: this system has it."""


class Untold(LivetimingError):
    """Nobody says now whether this system has a session: ask again soon."""


class _Heard(NamedTuple):
    writer: int
    at_s: float


class Neighbours:
    """Listens to what is on the air here.

    Args:
        world: the outside.
        local: the connection to this system's router.
        heard: told of each session that somebody else says to have on the air.
    """

    def __init__(
        self, world: World, local: Connection, heard: Callable[[Announcement], None]
    ) -> None:
        self._world = world
        self._local = local
        self._told = heard
        self._heard: dict[str, _Heard] = {}
        self._since_s: float | None = None
        self._junk = Junk("announcements")
        self._kept: Kept | None = None

    def start(self) -> None:
        """Listen from now on."""
        self._kept = self._local.subscribe(ANNOUNCE, self._take)
        self._local.on_join(self._joined)

    def stop(self) -> None:
        """Listen no more."""
        if self._kept is not None:
            self._kept.stop()
            self._kept = None

    def _joined(self) -> None:
        self._since_s = self._world.monotonic()

    def _take(self, *args: Any) -> None:
        try:
            if len(args) != 1:
                raise BadMessage(f"expected one text, got {len(args)} arguments")
            said = read_announcement(args[0])
        except BadMessage as error:
            self._junk.drop(error)
            return
        if isinstance(said, Announcement) and said.status is not Standing.RETAINED:
            self._keep(said)
            self._told(said)

    def _keep(self, said: Announcement) -> None:
        now = self._world.monotonic()
        self._heard.pop(said.session, None)
        while self._heard:
            oldest = next(iter(self._heard))
            if len(self._heard) < MAX_HEARD and self._heard[oldest].at_s > now - GONE_S:
                break
            del self._heard[oldest]
        self._heard[said.session] = _Heard(said.writer, now)

    def has(self, session: SessionId) -> bool:
        """Whether somebody else said lately that he has it on the air."""
        heard = self._heard.get(session)
        return heard is not None and heard.at_s > self._world.monotonic() - GONE_S

    async def see_that_it_is_free(
        self, session: SessionId, writer: int | None, *, asked: bool
    ) -> None:
        """See that nobody else here has a session.

        Args:
            session: that shall be relayed.
            writer: the last in the copy of it that is here already; `None` where none is.
            asked: whether the operator named it, so that an old recording of it is no reason.
        Raises: `Here`; `Untold`.
        """
        if self.has(session):
            raise Here("it is on the air here")
        await self._see_the_list(session, writer)
        if writer is None and not asked:
            await self._see_the_recordings(session)
        if self.has(session):
            raise Here("it is on the air here")
        if not self._local.joined:
            raise Untold("our router is away")

    async def _see_the_list(self, session: SessionId, writer: int | None) -> None:
        """What is listed may be older than what is announced: our own last run, for a while."""
        try:
            listing = read_listing(await self._local.call(LIST_ALL))
        except CallFailed as error:
            if error.error == NO_SUCH_PROCEDURE and self._has_heard_all:
                return
            raise Untold(f"no directory says whether it is on the air here: {error}") from error
        except BadMessage as error:
            raise Untold(f"the directory cannot be understood: {error}") from error
        listed = [each.writer for each in listing.sessions if each.session == session]
        if listed and writer is None:
            raise Here("it is on the air here")
        if listed and listed != [writer] and not self._has_heard_all:
            raise Untold("it was on the air here a moment ago")

    @property
    def _has_heard_all(self) -> bool:
        """Whether all who are there have announced what they have since the router was joined."""
        since = self._since_s
        return since is not None and self._world.monotonic() - since >= ALL_ANNOUNCED_S

    async def _see_the_recordings(self, session: SessionId) -> None:
        try:
            await self._local.call(events_procedure(session), 1, 1)
        except CallFailed as error:
            if error.error in (NO_SUCH_PROCEDURE, UNKNOWN_SESSION):
                return
            raise Untold(f"the dvr does not say whether it is recorded here: {error}") from error
        raise Here("it is recorded here already; --session names one that shall go on all the same")
