"""The logs that a service writes: opened for its recorder, kept, and let go of in one way or
another.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from livetiming.errors import LogError
from livetiming.events import SessionId
from livetiming.events.log import LogWriter
from livetiming.services.air import Air
from livetiming.services.ending import Ending
from livetiming.services.keeper import Keeper
from livetiming.services.leaving import Leaving
from livetiming.services.sessions import EventLog
from livetiming.services.wishes import Wishes
from livetiming.services.world import World

Leave = Callable[["Logs", Keeper], Coroutine[Any, Any, bool]]
"""A way to let go of a log without closing its session: one of those of `Logs`."""


class Logs:
    """See `Sessions`.

    Args:
        world: the outside.
        wishes: of the operator.
        air: where they are public.
        ending: does with a closed log what is wanted.
        now: the session's clock, epoch ms.
        on_open: told of each session whose log is opened.
        on_broken: told that a log cannot be kept any more.
        on_left: told of each log that was let go of whether that went well.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        wishes: Wishes,
        air: Air,
        ending: Ending,
        *,
        now: Callable[[], int],
        on_open: Callable[[SessionId], None],
        on_broken: Callable[[LogError], None],
        on_left: Callable[[bool], None],
    ) -> None:
        self._world = world
        self._wishes = wishes
        self._air = air
        self._ending = ending
        self._now = now
        self._on_open = on_open
        self._on_broken = on_broken
        self._on_left = on_left
        self._keepers: dict[SessionId, Keeper] = {}
        self._leaving = Leaving(world, self._left)
        self._first_session = wishes.session

    @property
    def is_any_open(self) -> bool:
        """Whether a session is open."""
        return bool(self._keepers)

    def is_open(self, session: SessionId) -> bool:
        """Whether a session is open."""
        return session in self._keepers

    def new_id(self) -> SessionId:
        """See `Sessions`."""
        first, self._first_session = self._first_session, None
        return first or SessionId(f"{self._world.random.getrandbits(128):032x}")

    def open(self, session: SessionId) -> EventLog:
        """See `Sessions`; while the disk refuses the log, it is kept in memory."""
        keeper = self._keeper(session)
        self._log.info("session {session}: begins", session=session)
        keeper.begin()
        if not keeper.is_broken:
            self._world.tell(f"session {session}: recording to {keeper.path}")
        return keeper

    def go_on(self, log: LogWriter) -> Keeper:
        """Go on in the log of an earlier process."""
        keeper = self._keeper(log.session)
        keeper.go_on(log)
        self._log.info("session {session}: goes on", session=log.session)
        self._world.tell(f"session {log.session}: going on, recording to {keeper.path}")
        return keeper

    def _keeper(self, session: SessionId) -> Keeper:
        self._on_open(session)
        keeper = self._keepers[session] = Keeper(
            self._world,
            self._wishes.state_dir,
            session,
            now=self._now,
            on_broken=self._on_broken,
            audience=self._air.open(session),
        )
        return keeper

    def poke(self) -> None:
        """Something was appended to one of them."""
        for keeper in list(self._keepers.values()):
            keeper.poke()

    def close(self, log: EventLog) -> None:
        """See `Sessions`."""
        keeper = self._keepers.pop(log.session)
        self._log.info("session {session}: closed", session=log.session)
        self._leaving.add(keeper, self._ending.end(keeper, self._stay))

    async def _stay(self, keeper: Keeper) -> None:
        await self._air.stay(keeper.session, self._wishes.linger_s)

    def leave(self, how: Leave) -> None:
        """Let go of the open ones without closing their sessions."""
        for keeper in list(self._keepers.values()):
            self._leaving.add(keeper, how(self, keeper))

    async def left_open(self, keeper: Keeper) -> bool:
        """Leave a log to the next process."""
        well = await keeper.drained()
        keeper.close()
        if well:
            self._world.tell(f"session {keeper.session}: left open, its log is {keeper.path}")
        return well

    async def handed_over(self, keeper: Keeper) -> bool:
        """Another process has the session: write no more, stay until the dvr has what is there."""
        keeper.write_no_more()
        await keeper.drained()
        await self._air.stay(keeper.session, 0)
        keeper.close()
        return True

    async def dropped(self, keeper: Keeper) -> bool:
        """Let go of a log at once."""
        keeper.close()
        return True

    def _left(self, keeper: Keeper, well: bool) -> None:
        self._air.close(keeper.session)
        self._on_left(well)

    def give_up(self) -> None:
        """Wait neither for the disk nor for the dvr any longer."""
        self._leaving.give_up()
        self._air.give_up()

    def all_left(self) -> Deferred[None]:
        """Fires when all that was closed or left is let go of; what is still open then is broken,
        and let go of too.
        """
        return self._leaving.all_left().addCallback(self._close_broken)

    def _close_broken(self, _: None) -> None:
        for keeper in self._keepers.values():
            keeper.close()
