"""The log here of a session that is relayed: lines appended as they are, told when durable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LogError, LogFailed
from livetiming.events import SessionId
from livetiming.events.log import Group, LogWriter, open_log, open_reader
from livetiming.events.log.paths import growing
from livetiming.services.relay.history import Copy
from livetiming.services.relay.marks import write_mark
from livetiming.services.resuming import patiently
from livetiming.services.world import World

RETRY_S = 1.0
"""So long a log that the disk refused is left alone, and so much longer after each further try."""
LONGEST_RETRY_S = 5.0
MAX_WAITING = 2 * 1024 * 1024
"""Bytes of lines that may wait for the disk; the other side still has what comes after."""

_log = Logger()


class _Opened(NamedTuple):
    writer: LogWriter
    copy: Copy


class OwnLog:
    """One session's log. While the disk refuses it, it is closed; what it lacks is asked for anew.

    Args:
        world: the outside.
        folder: of its files.
        session: whose it is.
        url: where its lines come from.
        opened: told each time that it was opened, with what is in it.
        durable: told of lines that are durable now, each with its line feed.
        broken: told that it can never be kept.
    """

    def __init__(
        self,
        world: World,
        folder: Path,
        session: SessionId,
        url: str,
        *,
        opened: Callable[[Copy], None],
        durable: Callable[[bytes], None],
        broken: Callable[[Exception], None],
    ) -> None:
        self._world = world
        self._folder = folder
        self._session = session
        self._url = url
        self._told_opened = opened
        self._told_durable = durable
        self._told_broken = broken
        self._writer: LogWriter | None = None
        self._is_writing = False
        self._is_opening = False
        self._waiting = 0
        self._retry: Any = None
        self._retry_s = RETRY_S
        self._is_refused = False
        self._is_closed = False
        self.is_begun = False
        """Whether there is, or is to be, such a log."""
        self._drained: list[Deferred[bool]] = []

    @property
    def path(self) -> Path:
        """The file that its lines go to."""
        return growing(self._folder, self._session).tail

    @property
    def writer(self) -> LogWriter | None:
        """The log while it is open; to be read only."""
        return self._writer

    @property
    def has_room(self) -> bool:
        """Whether lines can be appended now."""
        return self._writer is not None and self._waiting < MAX_WAITING

    @property
    def is_at_rest(self) -> bool:
        """Whether it is open, and all that was appended is durable."""
        return self._writer is not None and not (self._is_writing or self._waiting)

    def open(self) -> None:
        """Open it, in a thread: all of it is read and proved."""
        self.is_begun = self._is_opening = True
        opening = self._world.in_thread(self._open)
        opening.addCallbacks(self._opened, self._not_opened)
        opening.addErrback(self._crashed)

    def _open(self) -> _Opened:
        disk, session = self._world.disk, self._session
        write_mark(disk, self._folder, session, self._url)
        writer = patiently(self._world, lambda: open_log(disk, self._folder, session)).log
        try:
            chains = b""
            if writer.place.seq:
                with open_reader(disk, self.path) as reader:
                    chains = b"".join(reader.chains())
            return _Opened(writer, Copy(session, writer.state, writer.place, chains))
        except BaseException:
            writer.close()
            raise

    def _opened(self, opened: _Opened) -> None:
        self._is_opening = False
        if self._is_closed:
            opened.writer.close()
            return
        self._writer = opened.writer
        if self._is_refused:
            self._is_refused = False
            _log.warn("recording goes on: {path}", path=str(self.path))
        self._told_opened(opened.copy)
        if self.is_at_rest:
            self._tell_drained(well=True)

    def _not_opened(self, failure: Failure) -> None:
        self._is_opening = False
        error = failure.value
        if isinstance(error, LogFailed | OSError):
            self._pause(error)
        elif isinstance(error, LogError):
            self._break(error)
        else:
            self._crashed(failure)

    def append(self, lines: list[bytes]) -> None:
        """Take lines that were proven to follow, while there is room."""
        writer = self._writer
        if writer is None:
            return
        for line in lines:
            writer.append_line(line)
            self._waiting += len(line) + 1
        if not self._is_writing:
            self._write(writer)

    def _write(self, writer: LogWriter) -> None:
        group = writer.take()
        self._is_writing = group is not None
        if group is None:
            self._tell_drained(well=True)
            return
        committing = self._world.in_thread(writer.commit, group)
        committing.addCallbacks(self._committed, self._failed, callbackArgs=(writer, group))
        committing.addErrback(self._crashed)

    def _committed(self, _: None, writer: LogWriter, group: Group) -> None:
        self._retry_s = RETRY_S
        self._waiting -= len(group.lines)
        self._is_writing = False
        self._told_durable(group.lines)
        if self._is_closed:
            self._let_go()
        elif self._writer is writer and not self._is_writing:
            self._write(writer)

    def _failed(self, failure: Failure) -> None:
        self._let_go()
        error = failure.value
        if isinstance(error, LogFailed):
            self._pause(error)
        else:
            self._crashed(failure)

    def _crashed(self, failure: Failure) -> None:
        _log.failure("the log could not be kept", failure)
        self._let_go()
        self._break(LogError(self.path, failure.getErrorMessage()))

    def _pause(self, error: BaseException) -> None:
        if self._is_closed:
            return
        if not self._is_refused:
            self._is_refused = True
            _log.error("recording is paused: {reason}", reason=str(error))
        self._retry = self._world.reactor.callLater(self._retry_s, self.open)
        self._retry_s = min(self._retry_s + RETRY_S, LONGEST_RETRY_S)

    def _break(self, error: LogError) -> None:
        was_closed, self._is_closed = self._is_closed, True
        self._tell_drained(well=False)
        if not was_closed:
            self._told_broken(error)

    def _let_go(self) -> None:
        self._waiting, self._is_writing = 0, False
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    def drained(self) -> Deferred[bool]:
        """Fires once all that was appended is durable, or with false when it never will be."""
        waiting: Deferred[bool] = Deferred()
        self._drained.append(waiting)
        if self._is_closed:
            self._tell_drained(well=False)
        elif self.is_at_rest or not self.is_begun:
            self._tell_drained(well=True)
        return waiting

    def _tell_drained(self, *, well: bool) -> None:
        waiting, self._drained = self._drained, []
        for each in waiting:
            each.callback(well)

    def close(self) -> None:
        """Let go of the log; what is not durable is given up: the other side has it."""
        self._is_closed = True
        if self._retry is not None and self._retry.active():
            self._retry.cancel()
        if not (self._is_writing or self._is_opening):
            self._let_go()
        self._tell_drained(well=False)
