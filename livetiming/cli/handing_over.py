"""Handing over what earlier services left in the state folder, while `livetiming up` runs."""

from __future__ import annotations

import random
import time
from typing import Any

from twisted.internet.defer import Deferred, succeed

from livetiming.cli.output import talk
from livetiming.events.log import RealDisk
from livetiming.services.clocks import wall_clock
from livetiming.services.retained import Retained
from livetiming.services.world import World
from livetiming.settings import Settings, find_secret

_INSTANCE = "up"


class HandingOver:
    """Announces logs that nobody writes and that are not recorded yet.

    Args:
        reactor: Twisted's.
        settings: of the deployment.
        router: where the router is.
    """

    def __init__(self, reactor: Any, settings: Settings, router: str) -> None:
        self._reactor = reactor
        self._settings = settings
        self._router = router
        self._connection: Any = None
        self._retained: Retained | None = None

    def start(self) -> None:
        """Join the router, which is there, and look."""
        from livetiming.network.wamp import connect

        self._connection = connect(
            self._reactor,
            self._router,
            lambda: find_secret(self._settings),
            random.SystemRandom(),
        )
        self.look_again()

    def look_again(self) -> None:
        """Look now at what may have been left since the last time."""
        if self._connection is None:
            return
        if self._retained is not None:
            self._retained.stop()
        self._retained = Retained(
            self._world(), self._connection, self._settings.state_dir, _INSTANCE
        )
        self._retained.start()

    def _world(self) -> World:
        from twisted.internet.threads import deferToThread

        return World(
            reactor=self._reactor,
            disk=RealDisk(),
            wall_clock=wall_clock,
            monotonic=time.monotonic,
            random=random.SystemRandom(),
            in_thread=deferToThread,
            tell=talk,
        )

    def stop(self) -> Deferred[None]:
        """Leave it to the next."""
        if self._retained is not None:
            self._retained.stop()
        closed: Deferred[None] = (
            succeed(None) if self._connection is None else self._connection.close()
        )
        return closed
