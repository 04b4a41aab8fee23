"""Reading logs for who asks, beside the reactor: the past of a long session takes tens of
milliseconds, and anybody may ask for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, DeferredSemaphore

from livetiming.network.connection import Refused
from livetiming.network.names import BUSY
from livetiming.services.answering import refuse
from livetiming.services.world import World

AT_ONCE = 4
"""So many are read at once."""
MAX_WAITING = 100
"""So many questions wait for that; what comes on top is told to come again."""


class Reading:
    """Reads in threads, for one kind of askers.

    Args:
        world: the outside.
    """

    def __init__(self, world: World) -> None:
        self._in_thread = world.in_thread
        self._threads = DeferredSemaphore(AT_ONCE)
        self._waiting = 0

    def later(self, read: Callable[..., object], *args: object) -> Deferred[Any]:
        """Read in a thread, in its turn.

        Args:
            read: is called there.
            args: of it.
        Returns: its result; fails with `Refused` as `refusing` raises it.
        Raises: `Refused` where too many wait.
        """
        if self._waiting >= MAX_WAITING:
            raise Refused(BUSY, "too much is asked for at once")
        self._waiting += 1
        reading: Deferred[Any] = self._threads.run(self._in_thread, read, *args)
        return reading.addBoth(self._done).addErrback(refuse)

    def _done(self, result: Any) -> Any:
        self._waiting -= 1
        return result
