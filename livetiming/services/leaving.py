"""The sessions that a service is done with, but whose logs are not: each is waited for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.services.keeper import Keeper
from livetiming.services.world import World

PATIENCE_S = 15.0
"""So long a stopped service waits for the disk to take the last events; what is done with the log
after that may take its time.
"""


class Leaving:
    """Waits for the ends of logs.

    Args:
        world: the outside.
        on_left: told of each log whether it ended well.
    """

    _log = Logger()

    def __init__(self, world: World, on_left: Callable[[Keeper, bool], None]) -> None:
        self._world = world
        self._on_left = on_left
        self._leaving: dict[Keeper, Deferred[Any]] = {}

    def add(self, keeper: Keeper, end: Coroutine[Any, Any, bool]) -> None:
        """Wait for one more.

        Args:
            keeper: of the log.
            end: gives whether it ended well.
        """
        ending = self._leaving[keeper] = Deferred.fromCoroutine(end)
        ending.addErrback(self._crashed)
        ending.addCallback(self._left, keeper)

    def _crashed(self, failure: Failure) -> bool:
        self._log.failure("a session could not be ended", failure)
        return False

    def _left(self, well: bool, keeper: Keeper) -> None:
        del self._leaving[keeper]
        self._on_left(keeper, well)

    def all_left(self) -> Deferred[None]:
        """Fires when nothing is waited for any more; the disk has so long as patience lasts."""
        patience = self._world.reactor.callLater(PATIENCE_S, self.give_up)
        everything: Any = DeferredList(list(self._leaving.values()))
        everything.addCallback(lambda _: patience.active() and patience.cancel())
        return everything  # type: ignore[no-any-return]

    def give_up(self) -> None:
        """Wait no longer for a disk that does not take the last events."""
        late = [k for k in self._leaving if not (k.is_closed or k.is_at_rest)]
        if late:
            self._log.critical("the disk does not take the last events; they are given up")
        for keeper in late:
            keeper.close()
