"""Work on one log's files in threads: one piece at a time, and its errors in our own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LivetimingError, LogFailed
from livetiming.services.world import World


class Work:
    """What a thread does with a log.

    Args:
        world: the outside.
        path: the log, for errors that name none.
    """

    _log = Logger()

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._job: Deferred[None] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a thread is at it."""
        return self._job is not None

    def begin(
        self,
        done: Callable[[Any], None],
        failed: Callable[[LivetimingError], None],
        work: Callable[..., Any],
        *args: object,
    ) -> Deferred[None]:
        """Let a thread do something, when none is under way.

        Args:
            done: given the result.
            failed: given the error.
            work: what to do, and with what.
            args: of it.
        Returns: fires when it is done, well or not.
        """
        job: Deferred[None] = Deferred()
        self._job = job

        def end(result: Any) -> None:
            self._job = None
            if isinstance(result, Failure):
                failed(self._foreseen(result))
            else:
                done(result)

        working = self._world.in_thread(work, *args)
        working.addBoth(end)
        working.addErrback(lambda failure: self._log.failure("a log went wrong", failure))
        working.addBoth(lambda _: job.callback(None))
        return job

    def when_done(self, then: Callable[[], None]) -> Deferred[None]:
        """Do something now, or when the thread that is under way is done.

        Returns: fires after that.
        """
        done: Deferred[None] = Deferred()

        def end(_: object) -> None:
            then()
            done.callback(None)

        (self._job or succeed(None)).addBoth(end)
        return done

    def _foreseen(self, failure: Failure) -> LivetimingError:
        error = failure.value
        if isinstance(error, LivetimingError):
            return error
        if not isinstance(error, OSError):
            self._log.failure("a log could not be kept", failure)
        return LogFailed(self._path, failure.getErrorMessage())
