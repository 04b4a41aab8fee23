"""Keeping a session's log on disk: one sync at a time, and again when the disk comes back."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LogDamaged, LogError, LogFailed, LogLocked, NoLog
from livetiming.events import Event, Payload, SessionId, State
from livetiming.events.log import (
    Folded,
    Group,
    LogWriter,
    Place,
    number,
    open_log,
)
from livetiming.events.log.paths import growing
from livetiming.services.again import Facts, give_again, new_writer
from livetiming.services.audience import Audience, Nobody
from livetiming.services.resuming import patiently
from livetiming.services.world import World

RETRY_S = 1.0
"""So long a log that the disk refused is left alone, and so much longer after each further try."""
LONGEST_RETRY_S = 5.0


class _Stage(StrEnum):
    """Where a log has got to; its writer is there while it is open or being written."""

    PAUSED = "paused"
    """The disk refuses it, and it waits for the next try; so does a log that is not begun."""
    OPENING = "opening"
    OPEN = "open"
    WRITING = "writing"
    BROKEN = "broken"
    CLOSED = "closed"


class Keeper:
    """The log of one session, which takes every event at once, whatever the disk does.

    While one group is made durable, the next one collects. While the disk refuses the log, it is
    folded in memory; when the disk is back, it is opened again and what it lacks is added.

    Args:
        world: the outside.
        folder: of the log's files.
        session: whose log it is.
        now: the instant, epoch ms.
        on_broken: told that the log cannot be kept any more.
        audience: told what of it is durable.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        folder: Path,
        session: SessionId,
        *,
        now: Callable[[], int],
        on_broken: Callable[[LogError], None],
        audience: Audience | None = None,
    ) -> None:
        self._world = world
        self._folder = folder
        self._now = now
        self._on_broken = on_broken
        self._audience = audience or Nobody()
        self._stage = _Stage.PAUSED
        self._writer: LogWriter | None = None
        self._ahead = Folded(session)
        self._facts = Facts()
        self._was_open = False
        self._writers: set[int | None] = set()
        """All whose events may be the last on disk; one that is not ours is another process."""
        self._refused = False
        self._is_last = False
        self._retry: Any = None
        self._retry_s = RETRY_S
        self._drained: list[Deferred[bool]] = []

    def begin(self) -> None:
        """Make the log of a new session, now or when the disk allows it."""
        try:
            writer = self._open_log()
        except LogError as error:
            self._not_opened(error)
        else:
            self._opened(writer)

    def go_on(self, writer: LogWriter) -> None:
        """Go on in the log of an earlier process.

        Args:
            writer: the log, folded to its end.
        """
        self._was_open = True
        self._writers.add(writer.state.writer)
        self._writer, self._stage = writer, _Stage.OPEN
        self._audience.opened(writer)

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
    def path(self) -> Path:
        """The file that its events go to."""
        return growing(self._folder, self.session).tail

    @property
    def is_broken(self) -> bool:
        """Whether it can never be kept."""
        return self._stage is _Stage.BROKEN

    @property
    def is_closed(self) -> bool:
        """Whether it was let go of."""
        return self._stage is _Stage.CLOSED

    @property
    def is_at_rest(self) -> bool:
        """Whether it is open, and all that was appended is on disk."""
        return self._stage is _Stage.OPEN

    def append(self, payload: Payload, at: int, source_at: int | None = None) -> Event:
        """See `EventLog`; `poke` gets it to the disk."""
        if self._writer is not None:
            event = self._writer.append(payload, at, source_at)
        else:
            event, line = number(self._ahead, payload, at, source_at)
            self._ahead.take(event, line)
        self._facts.add(event)
        self._writers.add(self.state.writer)
        return event

    def poke(self) -> None:
        """Something was appended: see that it gets to the disk."""
        if self._stage is not _Stage.OPEN or self._writer is None:
            return
        group = self._writer.take()
        if group is None:
            self._taken()
            self._tell_drained(well=True)
            return
        self._stage = _Stage.WRITING
        committing = self._world.in_thread(self._writer.commit, group)
        committing.addCallbacks(self._committed, self._failed, callbackArgs=(group,))
        committing.addErrback(self._crashed)

    def _committed(self, _: None, group: Group) -> None:
        self._facts.forget(group.last_seq)
        self._audience.durable(group.lines)
        if self.is_closed:
            self._let_go()
            return
        self._stage = _Stage.OPEN
        self._taken()
        self.poke()

    def _taken(self) -> None:
        """The disk took all that it was given."""
        self._retry_s = RETRY_S
        if self._refused:
            self._refused = False
            self._log.warn("recording goes on: {path}", path=str(self.path))

    def _failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, LogFailed):
            self._crashed(failure)
            return
        self._let_go()
        self._pause(str(failure.value))

    def _crashed(self, failure: Failure) -> None:
        self._log.failure("the log could not be kept", failure)
        self._let_go()
        self._break(LogError(self._folder, failure.getErrorMessage()))

    def _let_go(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            self._ahead = Folded(writer.session, writer.state, writer.place)
            writer.close()

    def _pause(self, reason: str) -> None:
        if self._is_last:
            self.close()
        if self.is_closed:
            return
        if not self._refused:
            self._refused = True
            self._log.error("recording is paused: {reason}", reason=reason)
        self._stage = _Stage.PAUSED
        self._retry = self._world.reactor.callLater(self._retry_s, self._open_again)
        self._retry_s = min(self._retry_s + RETRY_S, LONGEST_RETRY_S)

    def _open_again(self) -> None:
        """Try again, in a thread: all of the log is read and proved."""
        self._retry = None
        self._stage = _Stage.OPENING
        opening = self._world.in_thread(patiently, self._world, self._open_log)
        opening.addCallbacks(self._opened, self._opening_failed)
        opening.addErrback(self._crashed)

    def _open_log(self) -> LogWriter:
        return open_log(self._world.disk, self._folder, self.session).log

    def _opening_failed(self, failure: Failure) -> None:
        if isinstance(failure.value, LogError):
            self._not_opened(failure.value)
        else:
            self._crashed(failure)

    def _not_opened(self, error: LogError) -> None:
        if isinstance(error, LogDamaged | LogLocked | NoLog):
            self._break(error)
        else:
            self._pause(str(error))

    def _opened(self, writer: LogWriter) -> None:
        reason = self._not_ours(writer)
        if self.is_closed or reason is not None:
            writer.close()
        if reason is not None:
            self._break(reason)
        elif not self.is_closed:
            self._was_open = True
            self._back(writer)

    def _not_ours(self, writer: LogWriter) -> LogError | None:
        path = self._folder / self.session
        if writer.place.seq and not self._was_open:
            return LogError(path, "is the log of an earlier run; go on in it with -s")
        if writer.place.seq and writer.state.writer not in self._writers:
            return LogLocked(path, "another process went on in this log")
        return None

    def _back(self, writer: LogWriter) -> None:
        ahead, facts = self._ahead, self._facts.after(writer.place.seq)
        self._writer, self._facts = writer, Facts()
        self._stage = _Stage.OPEN
        self._audience.opened(writer)
        if ahead.state.closed is None or writer.place != ahead.place:
            fresh = new_writer(self._world, ahead.state.writer)
            for refused in give_again(ahead.state, facts, self, self._now(), fresh):
                self._log.error("not recorded: {reason}", reason=str(refused))
        else:
            self._audience.durable(b"")
        self.poke()

    def _break(self, error: LogError) -> None:
        if self.is_closed:
            return
        self._stage = _Stage.BROKEN
        self._tell_drained(well=False)
        self._on_broken(error)

    def drained(self) -> Deferred[bool]:
        """Fires once all that was appended is on disk, or with false when it never will be."""
        waiting: Deferred[bool] = Deferred()
        self._drained.append(waiting)
        if self._stage in (_Stage.BROKEN, _Stage.CLOSED):
            self._tell_drained(well=False)
        self.poke()
        return waiting

    def _tell_drained(self, *, well: bool) -> None:
        waiting, self._drained = self._drained, []
        for each in waiting:
            each.callback(well)

    def write_no_more(self) -> None:
        """Get what was appended to the disk if it takes it now; never open the log again."""
        self._is_last = True
        if self._stage in (_Stage.PAUSED, _Stage.OPENING):
            self.close()

    def close(self) -> None:
        """Let go of the log; what is not on disk is given up, and who waits for it is told."""
        if self.is_closed:
            return
        is_writing = self._stage is _Stage.WRITING
        self._stage = _Stage.CLOSED
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if not is_writing:
            self._let_go()
        self._tell_drained(well=False)
