"""Keeping a session's log on disk: one sync at a time, and again when the disk comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LogDamaged, LogError, LogFailed, LogLocked, NoLog
from livetiming.events import Event, Payload, SessionId, State
from livetiming.events.log import Folded, Group, LogWriter, Place, number, open_log
from livetiming.services.again import Facts, give_again, new_writer
from livetiming.services.world import World

RETRY_S = 1.0
"""How often a log that the disk refused is opened again."""


class Keeper:
    """The log of one session, which takes every event at once, whatever the disk does.

    While one group is made durable, the next one collects. While the disk refuses the log, it is
    folded in memory; when the disk is back, it is opened again and what it lacks is added.

    Args:
        world: the outside.
        folder: of the log's files.
        session: whose log it is.
        now: the instant, epoch ms.
        on_durable: told of each group that is on disk.
        on_broken: told that the log cannot be kept any more.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        folder: Path,
        session: SessionId,
        *,
        now: Callable[[], int],
        on_durable: Callable[[Group], None],
        on_broken: Callable[[LogError], None],
    ) -> None:
        self._world = world
        self._folder = folder
        self._now = now
        self._on_durable = on_durable
        self._on_broken = on_broken
        self._writer: LogWriter | None = None
        self._ahead = Folded(session)
        self._facts = Facts()
        self._was_open = False
        self._broken = False
        self._closed = False
        self._busy = False
        self._paused = False
        self._retry: Any = None
        self._drained: list[Deferred[bool]] = []

    def begin(self) -> None:
        """Make the log of a new session, now or when the disk allows it."""
        self._open()

    def go_on(self, writer: LogWriter) -> None:
        """Go on in the log of an earlier process.

        Args:
            writer: the log, folded to its end.
        """
        self._was_open = True
        self._writer = writer

    @property
    def session(self) -> SessionId:
        """See `EventLog`."""
        return self._ahead.session if self._writer is None else self._writer.session

    @property
    def state(self) -> State:
        """See `EventLog`."""
        return self._ahead.state if self._writer is None else self._writer.state

    @property
    def place(self) -> Place:
        """See `EventLog`."""
        return self._ahead.place if self._writer is None else self._writer.place

    @property
    def paused(self) -> bool:
        """Whether the disk refuses the log at the moment."""
        return self._writer is None

    def append(self, payload: Payload, at: int, source_at: int | None = None) -> Event:
        """See `EventLog`; `poke` gets it to the disk."""
        if self._writer is not None:
            event = self._writer.append(payload, at, source_at)
        else:
            event, line = number(self._ahead, payload, at, source_at)
            self._ahead.take(event, line)
        self._facts.add(event)
        return event

    def poke(self) -> None:
        """Something was appended: see that it gets to the disk."""
        if self._busy or self._writer is None:
            return
        group = self._writer.take()
        if group is None:
            self._tell_drained(well=True)
            return
        self._busy = True
        committing = self._world.in_thread(self._writer.commit, group)
        committing.addCallbacks(self._committed, self._failed, callbackArgs=(group,))
        committing.addErrback(self._crashed)

    def _committed(self, _: None, group: Group) -> None:
        self._busy = False
        self._facts.forget(group.last_seq)
        if self._closed:
            self._let_go()
            return
        self._on_durable(group)
        self.poke()

    def _failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, LogFailed):
            self._crashed(failure)
            return
        self._busy = False
        self._let_go()
        self._pause(str(failure.value))

    def _crashed(self, failure: Failure) -> None:
        self._busy = False
        self._log.failure("the log could not be kept", failure)
        self._let_go()
        self._break(LogError(self._folder, failure.getErrorMessage()))

    def _let_go(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            self._ahead = Folded(writer.session, writer.state, writer.place)
            writer.close()

    def _pause(self, reason: str) -> None:
        if not self._paused:
            self._paused = True
            self._log.error("recording is paused: {reason}", reason=reason)
        if not self._closed:
            self._retry = self._world.reactor.callLater(RETRY_S, self._open)

    def _open(self) -> None:
        self._retry = None
        try:
            writer = open_log(self._world.disk, self._folder, self.session).log
        except (LogDamaged, LogLocked, NoLog) as error:
            self._break(error)
        except LogError as error:
            self._pause(str(error))
        else:
            self._opened(writer)

    def _opened(self, writer: LogWriter) -> None:
        path = self._folder / self.session
        if writer.place.seq and not self._was_open:
            writer.close()
            self._break(LogError(path, "is the log of an earlier run; go on in it with -s"))
        elif writer.place.seq and writer.state.writer != self._ahead.state.writer:
            writer.close()
            self._break(LogLocked(path, "another process went on in this log"))
        else:
            self._was_open = True
            self._back(writer)

    def _back(self, writer: LogWriter) -> None:
        ahead, facts = self._ahead, self._facts.after(writer.place.seq)
        self._writer, self._facts = writer, Facts()
        if ahead.state.closed is None or writer.place != ahead.place:
            fresh = new_writer(self._world, ahead.state.writer)
            for refused in give_again(ahead.state, facts, self, self._now(), fresh):
                self._log.error("not recorded: {reason}", reason=str(refused))
        if self._paused:
            self._paused = False
            self._log.warn("recording goes on: {path}", path=str(self._folder / self.session))
        self.poke()

    def _break(self, error: LogError) -> None:
        self._broken = True
        self._tell_drained(well=False)
        self._on_broken(error)

    def drained(self) -> Deferred[bool]:
        """Fires once all that was appended is on disk, or with false when it never will be."""
        waiting: Deferred[bool] = Deferred()
        self._drained.append(waiting)
        if self._broken:
            self._tell_drained(well=False)
        self.poke()
        return waiting

    def _tell_drained(self, *, well: bool) -> None:
        waiting, self._drained = self._drained, []
        for each in waiting:
            each.callback(well)

    def close(self) -> None:
        """Let go of the log; what is not on disk is given up."""
        self._closed = True
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if not self._busy:
            self._let_go()
