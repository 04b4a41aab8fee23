"""Handing over what earlier services left in the state folder, while `livetiming up` runs."""

from __future__ import annotations

import random
from typing import Any

from twisted.internet.defer import Deferred, succeed

from livetiming.cli.output import talk
from livetiming.cli.process import real_world
from livetiming.services.retained import Retained
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
            real_world(self._reactor, talk), self._connection, self._settings.state_dir, _INSTANCE
        )
        self._retained.start()

    def stop(self) -> Deferred[None]:
        """Leave it to the next."""
        if self._retained is not None:
            self._retained.stop()
        closed: Deferred[None] = (
            succeed(None) if self._connection is None else self._connection.close()
        )
        return closed
