"""Keeping a session's log on disk: one sync at a time, and again when the disk comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LogDamaged, LogError, LogFailed
from livetiming.events import Feed, FeedStatus, SessionId
from livetiming.events.log import Group, LogWriter, open_log
from livetiming.services.world import World

RETRY_S = 1.0
"""How often a log that the disk refused is opened again."""


class Keeper:
    """Owns the log of one session: writes what was appended to it, in groups.

    While one group is made durable, the next one collects.

    Args:
        world: the outside.
        folder: of the log's files.
        log: the open log.
        on_durable: told of each group that is on disk.
        on_lost: told that the log is lost for now; nothing may be appended until `on_back`.
        on_back: given the log opened again, and the `resumed` that must be its next event.
        on_broken: told that the log cannot be kept any more.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        folder: Path,
        log: LogWriter,
        *,
        on_durable: Callable[[Group], None],
        on_lost: Callable[[], None],
        on_back: Callable[[LogWriter, Feed], None],
        on_broken: Callable[[LogError], None],
    ) -> None:
        self._world = world
        self._folder = folder
        self.log = log
        self._on_durable = on_durable
        self._on_lost = on_lost
        self._on_back = on_back
        self._on_broken = on_broken
        self._busy = False
        self._away = False
        self._retry: Any = None
        self._drained: list[Deferred[None]] = []

    def poke(self) -> None:
        """Something was appended: see that it gets to the disk."""
        if self._busy or self._away:
            return
        group = self.log.take()
        if group is None:
            self._tell_drained()
            return
        self._busy = True
        committing = self._world.in_thread(self.log.commit, group)
        committing.addCallbacks(self._committed, self._failed, callbackArgs=(group,))
        committing.addErrback(self._crashed)

    def _committed(self, _: None, group: Group) -> None:
        self._busy = False
        self._on_durable(group)
        self.poke()

    def _failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, LogFailed):
            self._crashed(failure)
            return
        self._busy = False
        self._away = True
        self._log.error("recording is paused: {reason}", reason=str(failure.value))
        self._on_lost()
        self.log.close()
        self._schedule_reopening()

    def _crashed(self, failure: Failure) -> None:
        self._log.failure("the log could not be kept", failure)
        self._on_broken(LogError(self._folder, failure.getErrorMessage()))

    def _schedule_reopening(self) -> None:
        self._retry = self._world.reactor.callLater(RETRY_S, self._reopen)

    def _reopen(self) -> None:
        self._retry = None
        before = self.log
        try:
            self.log = open_log(self._world.disk, self._folder, before.session).log
        except LogDamaged as error:
            self._on_broken(error)
            return
        except LogError:
            self._schedule_reopening()
            return
        self._away = False
        self._log.info("recording goes on")
        self._on_back(self.log, resumed(self._world, self.log, "the disk is back"))
        self.poke()

    def drained(self) -> Deferred[None]:
        """Fires once all that was appended is on disk."""
        waiting: Deferred[None] = Deferred()
        self._drained.append(waiting)
        self.poke()
        return waiting

    def _tell_drained(self) -> None:
        waiting, self._drained = self._drained, []
        for each in waiting:
            each.callback(None)

    def close(self) -> None:
        """Let go of the log; what is not on disk is given up."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if not self._away:
            self._away = True
            self.log.close()

    @property
    def paused(self) -> bool:
        """Whether the disk refuses the log at the moment."""
        return self._away


def resumed(world: World, log: LogWriter, reason: str) -> Feed:
    """The event that a log begins its next writer with."""
    newest = log.state.writer or 0
    return Feed(
        FeedStatus.RESUMED,
        reason,
        writer=max(world.wall_clock(), newest + world.random.randint(1, 1000)),
        previous=(newest, log.place.seq),
        adopted=0,
    )


def new_session_id(world: World) -> SessionId:
    """An id that no other session has."""
    return SessionId(f"{world.random.getrandbits(128):032x}")
