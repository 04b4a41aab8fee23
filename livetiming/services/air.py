"""A service's presence on the air: its sessions, told of again and again while they are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from livetiming.events import SessionId
from livetiming.events.log.paths import growing
from livetiming.network.connection import Connection
from livetiming.network.names import ANNOUNCE
from livetiming.network.wire import Idle, write_announcement
from livetiming.services.lingering import Linger
from livetiming.services.on_air import Host, OnAir
from livetiming.services.recorded import note_recorded
from livetiming.services.retained import Retained
from livetiming.services.world import World

BEACON_S = 5.0
ANNOUNCE_S = 10.0


class Air:
    """The sessions that a service has on the air.

    Args:
        world: the outside.
        connection: to the router; everything else is nothing without one.
        folder: of the service's own logs.
        class_: as it is told to the world.
        host: the service.
        longest_s: so long at most a closed session waits for a dvr.
        expected: whether the router can be joined at all, as it cannot without a secret.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        connection: Connection | None,
        folder: Path,
        class_: str,
        host: Host,
        *,
        longest_s: float,
        expected: bool,
    ) -> None:
        self._world = world
        self._connection = connection
        self._folder = folder
        self._class = class_
        self._host = host
        self._sessions: dict[SessionId, OnAir] = {}
        self._lingering: dict[SessionId, Linger] = {}
        self._loops = [LoopingCall(self._beacon), LoopingCall(self._announce)]
        self._retained: Retained | None = None
        self._longest_s = longest_s
        self._is_expected = expected
        self._was_joined = False
        self._stopped = False

    def start(self) -> None:
        """Be there from now on."""
        if self._connection is None:
            return
        for loop, seconds in zip(self._loops, (BEACON_S, ANNOUNCE_S), strict=True):
            loop.clock = self._world.reactor
            loop.start(seconds, now=False).addErrback(self._crashed)
        self._connection.on_join(self._joined)
        self._retained = Retained(self._world, self._connection, self._folder, self._host.instance)
        self._retained.start()

    def _crashed(self, failure: Any) -> None:
        self._log.failure("the air cannot be served any more", failure)

    def _joined(self) -> None:
        if not self._stopped:
            self._was_joined = True
            self._announce()
            self._beacon()

    def _announce(self) -> None:
        told = [on_air for on_air in self._sessions.values() if on_air.is_on]
        for on_air in told:
            on_air.announce()
        if not told and self._connection is not None and self._connection.joined:
            idle = Idle(session=None, class_=self._class, instance=self._host.instance)
            self._connection.publish(ANNOUNCE, write_announcement(idle))

    def _beacon(self) -> None:
        for on_air in self._sessions.values():
            on_air.beacon()

    def open(self, session: SessionId, host: Host | None = None) -> OnAir | None:
        """Take a session, whose lines are public from the first that is durable.

        Args:
            session: whose log it is.
            host: what it knows of the service, where that is its own: it may have another clock.
        """
        if self._connection is None:
            return None
        path, host = growing(self._folder, session).tail, host or self._host
        on_air = OnAir(self._world, self._connection, path, session, host, self._recorded)
        self._sessions[session] = on_air
        return on_air

    async def stay(self, session: SessionId, least_s: float) -> None:
        """Stay with a session that gets no more lines; it has then left the air.

        Where nobody can have heard of it, nobody is waited for; but who follows the log of an
        earlier process, and has its end, never asks again and must hear that it went on.
        """
        on_air = self._sessions.get(session)
        is_awaited = on_air is not None and on_air.goes_on and self._is_expected
        if on_air is None or not on_air.is_on or not (self._was_joined or is_awaited):
            return
        keeps_nothing = on_air.is_not_recorded
        most_s = self._longest_s if self._was_joined and not keeps_nothing else least_s
        linger = self._lingering[session] = Linger(self._world, on_air, least_s, most_s)
        on_air.tell_recorded()
        if not (on_air.is_recorded or keeps_nothing):
            self._world.tell(f"session {session}: staying until it is recorded … (again: give up)")
        if not await linger.wait() and not keeps_nothing:
            self._tell_rest(on_air)
        self.close(session)

    def _tell_rest(self, on_air: OnAir) -> None:
        had, end = on_air.recorded or 0, on_air.served.place.seq
        self._world.tell(
            f"session {on_air.session}: {had} of {end} events are recorded; "
            "the next service that starts in this folder hands over the rest"
        )

    def _recorded(self, on_air: OnAir) -> None:
        """All of a session is recorded that gets no more lines."""
        session = on_air.session
        if session in self._lingering:
            self._lingering[session].check()
        noting = self._world.in_thread(
            note_recorded, self._world.disk, self._folder, session, on_air.served.place
        )
        noting.addErrback(self._not_noted, session)

    def _not_noted(self, failure: Any, session: SessionId) -> None:
        self._log.error(
            "session {session}: that it is recorded cannot be noted: {reason}",
            session=session,
            reason=failure.getErrorMessage(),
        )

    def give_up(self) -> None:
        """Stay with no session any longer."""
        for linger in list(self._lingering.values()):
            linger.give_up()

    def close(self, session: SessionId) -> None:
        """Take a session off the air."""
        self._lingering.pop(session, None)
        on_air = self._sessions.pop(session, None)
        if on_air is not None:
            on_air.stop()

    def stop(self) -> None:
        """Leave the air."""
        self._stopped = True
        for loop in self._loops:
            if loop.running:
                loop.stop()
        if self._retained is not None:
            self._retained.stop()
        for session in list(self._sessions):
            self.close(session)
