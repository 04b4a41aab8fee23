"""Making all sessions' lines durable in groups, a few logs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.defer import Deferred, DeferredSemaphore

from livetiming.components.dvr.history import History
from livetiming.services.world import World

PACE_S = 0.3
SLOWEST_S = 1.0
"""So long a group may collect while the disk is busy with the one before it."""
AT_ONCE = 4


class Groups:
    """Syncs what is dirty, again and again.

    Args:
        world: the outside.
        histories: gives all that there are.
        beat: told after each look.
    """

    def __init__(
        self,
        world: World,
        histories: Callable[[], Iterable[History]],
        beat: Callable[[], None],
    ) -> None:
        self._world = world
        self._histories = histories
        self._beat = beat
        self._threads = DeferredSemaphore(AT_ONCE)
        self._next: Any = None
        self._due: dict[History, None] = {}

    def start(self) -> None:
        """Begin."""
        self._next = self._world.reactor.callLater(PACE_S, self._look)

    def _look(self) -> None:
        pace = SLOWEST_S if self._due else PACE_S
        self._next = self._world.reactor.callLater(pace, self._look)
        for history in [each for each in self._histories() if each.is_dirty]:
            if history not in self._due:
                self._due[history] = None
                self._threads.run(self._sync, history)
        self._beat()

    def _sync(self, history: History) -> Deferred[None] | None:
        syncing = history.sync()
        if syncing is None:
            del self._due[history]
            return None
        return syncing.addBoth(lambda _: self._done(history))

    def _done(self, history: History) -> None:
        del self._due[history]

    def stop(self) -> None:
        """Begin no more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None
