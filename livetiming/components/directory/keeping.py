"""The directory's own log: always on its way to what is on air, as far as the disk lets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.components.directory.announced import Present
from livetiming.errors import LogError, LogFailed, LogLocked
from livetiming.events.codec import MAX_LINE
from livetiming.events.log import Group, LogWriter, open_log_of
from livetiming.events.log.lines import MAX_STATE
from livetiming.network.wire import Entry, Standing
from livetiming.projections.directory import (
    DIRECTORY,
    FOLD,
    LISTED,
    UNLISTED,
    OnAir,
    as_json,
    write_line,
)
from livetiming.services.world import World

RETRY_S = 5.0
"""So long a log that the disk refused is left alone."""
SAID = (
    *("writer", "name", "description", "class", "kind", "venue", "timezone"),
    *("started_at", "analysis", "forked", "hidden"),
)
"""What is written again when it changes; flag, clocks, cars and heads change all the time and stand
in the sessions' own logs."""

_log = Logger()


class Unlisted(msgspec.Struct, frozen=True):
    """That a session is no longer on air, and how far it had come by then.

    Args:
        session: its id.
        reason: `closed`, or `gone` where nobody said so.
        writer: the last opening of its log.
        next_seq: of the line after the last that was published.
        recorded: the last line on the dvr's disk.
    """

    session: str
    reason: str
    writer: int
    next_seq: int
    recorded: int | None


class DirectoryLog:
    """Writes down what comes on air and goes.

    What is wanted is compared with what the log says; so a log that could not be written for a
    while needs nothing but the next comparison.

    Args:
        world: the outside.
        folder: of the log's files.
    """

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._folder = folder
        self._writer: LogWriter[OnAir] | None = None
        self._writing: Deferred[None] | None = None
        self._retry: Any = None
        self._refused = False
        self._closed = False
        self._wanted: Mapping[str, Present] = {}
        self._last: dict[str, Present] = {}
        """Of each session that the log lists, what was last known."""

    def open(self) -> OnAir:
        """Open the log.

        Returns: what was on air when it was last written; nothing where it cannot be read.
        Raises: `LogLocked` where another directory runs on this folder.
        """
        try:
            self._writer = open_log_of(FOLD, self._world.disk, self._folder, DIRECTORY).log
        except LogLocked:
            raise
        except LogError as error:
            self._not_opened(error)
            return OnAir()
        return self._writer.state

    def keep(self, wanted: Mapping[str, Present]) -> None:
        """See that the log says what is on air.

        Args:
            wanted: the sessions on air, by id.
        """
        self._wanted = wanted
        self._last.update(wanted)
        if self._writing is None and self._writer is not None:
            self._write(self._writer)

    def _write(self, writer: LogWriter[OnAir]) -> None:
        for tag, fields in list(self._lacking(writer.state)):
            self._append(writer, tag, fields)
        group = writer.take()
        if group is None:
            return
        self._writing = Deferred()
        committing = self._world.in_thread(writer.commit, group)
        committing.addCallbacks(self._committed, self._failed, callbackArgs=(group,))

    def _append(self, writer: LogWriter[OnAir], tag: str, fields: bytes) -> None:
        seq, last_at, _ = writer.place
        line = write_line(seq + 1, max(self._world.wall_clock(), last_at), tag, fields)
        if len(line) > MAX_LINE or len(as_json(writer.state)) + len(line) > MAX_STATE:
            self._refuse("the list is too long for a log")
            return
        writer.append_line(line)

    def _lacking(self, state: OnAir) -> Iterator[tuple[str, bytes]]:
        """What leads from the log's state to what is on air."""
        for session in [each for each in state.sessions if each not in self._wanted]:
            yield UNLISTED, msgspec.json.encode(self._unlisted(session, state))
        for session, present in self._wanted.items():
            fields = fields_of(present)
            if said(state.sessions.get(session)) != said(fields):
                yield LISTED, msgspec.json.encode(fields)

    def _unlisted(self, session: str, state: OnAir) -> Unlisted:
        last = self._last.pop(session, None)
        if last is None:
            fields = state.sessions[session]
            return Unlisted(session, "gone", fields["writer"], fields["next_seq"], None)
        entry = last.entry
        reason = "closed" if last.standing is Standing.CLOSED else "gone"
        return Unlisted(session, reason, entry.writer, entry.next_seq, entry.recorded)

    def _committed(self, _: None, group: Group) -> None:
        if self._refused:
            self._refused = False
            _log.warn("the directory's log goes on at event {seq}", seq=group.last_seq)
        self._written()

    def _failed(self, failure: Failure) -> None:
        self._let_go()
        self._not_opened(failure.value)
        self._written()

    def _written(self) -> None:
        writing, self._writing = self._writing, None
        if self._writer is not None:
            self._write(self._writer)
        if writing is not None:
            writing.callback(None)

    def _not_opened(self, error: BaseException | None) -> None:
        """Go on without a log, and try again where that may help."""
        self._refuse(str(error))
        if isinstance(error, LogFailed | LogLocked) and not self._closed:
            self._retry = self._world.reactor.callLater(RETRY_S, self._open_again)

    def _refuse(self, reason: str) -> None:
        if not self._refused:
            self._refused = True
            _log.error("the directory goes on without its log: {reason}", reason=reason)

    def _open_again(self) -> None:
        self._retry = None
        try:
            opened = open_log_of(FOLD, self._world.disk, self._folder, DIRECTORY)
        except LogError as error:
            self._not_opened(error)
            return
        self._writer = opened.log
        self._write(opened.log)

    def close(self) -> Deferred[None]:
        """Let go of the log when what is being written is there."""
        self._closed = True
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        done: Deferred[None] = Deferred()
        self._close(None, done)
        return done

    def _close(self, _: None, done: Deferred[None]) -> None:
        if self._writing is not None:
            self._writing.addCallback(self._close, done)
            return
        self._let_go()
        done.callback(None)

    def _let_go(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()


def fields_of(present: Present) -> dict[str, Any]:
    """What `listed` says of a session."""
    fields: dict[str, Any] = msgspec.to_builtins(present.entry)
    return {**fields, "hidden": present.hidden}


def said(fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The part that makes a line of its own when it changes."""
    return None if fields is None else {name: fields.get(name) for name in SAID}


def read_entry(fields: Mapping[str, Any]) -> Entry | None:
    """Read what a log says of a session; `None` where another version wrote it otherwise."""
    try:
        return msgspec.convert(fields, Entry)
    except msgspec.ValidationError:
        return None
