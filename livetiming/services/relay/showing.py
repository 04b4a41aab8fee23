"""A relayed session on the air here, with the clock of the other side."""

from __future__ import annotations

from collections.abc import Callable

from livetiming.events import SessionId
from livetiming.events.log import LogWriter
from livetiming.network.wire import Beacon
from livetiming.services.air import Air
from livetiming.services.on_air import Host, OnAir
from livetiming.services.relay.clock import RemoteClock
from livetiming.services.world import World

CLOCK_S = 6.0
"""So long a beacon is waited for before the session goes on the air without the time."""
BEACON_S = 2.5
"""The other side's beacons are passed on at most so often."""


class Showing:
    """Puts a session on the air.

    Args:
        world: the outside.
        air: where it is public.
        session: which.
        instance: the name of the process among those of its class.
        newer: told that a newer writer is on the air here.
        contradicted: told that the dvr here has other lines.
    """

    def __init__(
        self,
        world: World,
        air: Air,
        session: SessionId,
        instance: str,
        *,
        newer: Callable[[SessionId], None],
        contradicted: Callable[[SessionId], None],
    ) -> None:
        self._world = world
        self._air = air
        self._session = session
        self._clock = RemoteClock(world.monotonic)
        self._began_s = world.monotonic()
        self._beacon_s = float("-inf")
        self._on_air: OnAir | None = None
        self._host = Host(
            instance=instance,
            now=self._clock.now,
            seen_at=lambda: self._clock.seen_at,
            newer=newer,
            contradicted=contradicted,
        )

    @property
    def is_on(self) -> bool:
        """Whether it is on the air."""
        return self._on_air is not None

    @property
    def has_time(self) -> bool:
        """Whether the other side's time is known, or was waited for."""
        return self._clock.is_heard or self._world.monotonic() - self._began_s >= CLOCK_S

    def begin(self, at: int) -> None:
        """Take the last line's instant for the time, until that is known."""
        self._clock.begin(at)

    def heard(self, beacon: Beacon, rate: float) -> None:
        """Take the other side's time, and pass it on.

        Args:
            beacon: that was heard.
            rate: seconds of session for each second.
        """
        now = self._world.monotonic()
        self._clock.hear(beacon.now, beacon.seen_at, rate)
        if self._on_air is not None and now - self._beacon_s >= BEACON_S:
            self._beacon_s = now
            self._on_air.beacon()

    def show(self, log: LogWriter) -> None:
        """Serve a log, all of which is durable, for the first time or opened again."""
        if self._on_air is None:
            self._on_air = self._air.open(self._session, self._host)
        if self._on_air is not None:
            self._on_air.opened(log)
            self._on_air.durable(b"")

    def durable(self, lines: bytes) -> None:
        """More lines are durable, each with its line feed."""
        if self._on_air is not None:
            self._on_air.durable(lines)

    async def stay(self, linger_s: float) -> None:
        """Stay until all is recorded, and for a while at least; it has then left the air."""
        await self._air.stay(self._session, linger_s)

    def stop(self) -> None:
        """Leave the air."""
        self._air.close(self._session)
