"""The dvr: hears what is on air, and records each session of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger

from livetiming.components.dvr.analyses import Analyses
from livetiming.components.dvr.answers import Answers
from livetiming.components.dvr.ending import Ending
from livetiming.components.dvr.folders import Folders
from livetiming.components.dvr.groups import Groups
from livetiming.components.dvr.heads import no_heads, read_heads
from livetiming.components.dvr.history import History
from livetiming.components.dvr.memory import Memory
from livetiming.components.dvr.recording import Recording
from livetiming.components.dvr.reports import Reports
from livetiming.components.dvr.shelf import Shelf, growing_logs
from livetiming.components.one_dvr import hold_folder
from livetiming.disk import let_go
from livetiming.errors import LogFailed
from livetiming.events import SessionId
from livetiming.events.log import File
from livetiming.network.connection import Connection, Kept
from livetiming.network.names import ANNOUNCE, CONTINUE, SESSIONS
from livetiming.network.replica import Gap
from livetiming.network.wire import Announcement, BadMessage, read_announcement
from livetiming.services.world import World

LOOK_S = 1.0
MAX_SESSIONS = 1_000
"""So many sessions are recorded at once."""


class Dvr:
    """Records what is on air.

    Args:
        world: the outside.
        connection: to the router.
        folders: where logs are; they are there, and differ.
        gone_s: a session that nobody was heard of for so long is sealed.
        min_recording_s: what is shorter is not kept.
        lock: of the folder of what is being recorded, where it is held already.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        connection: Connection,
        folders: Folders,
        *,
        gone_s: float,
        min_recording_s: float,
        lock: File | None = None,
    ) -> None:
        self._world = world
        self._connection = connection
        self._folders = folders
        self._reports = Reports()
        self._recordings: dict[SessionId, Recording] = {}
        self._memories: dict[SessionId, Memory] = {}
        self._shelf = Shelf(world, folders.recordings)
        self._answers = Answers(world, self._recordings, self._shelf, self._best)
        self._analyses = Analyses(world, folders.analyses)
        self._ending = Ending(world, folders, gone_s, min_recording_s, self._sealed)
        self._groups = Groups(world, self._histories, self._beat)
        self._kept: list[Kept] = []
        self._lock = lock
        self._next: Any = None
        self._stopped = False

    def start(self) -> None:
        """Take up what is there, and begin to hear.

        Raises: `LogLocked` where another dvr has the folder; `LogFailed` by the disk.
        """
        self._lock = self._lock or hold_folder(self._world.disk, self._folders.temp)
        try:
            found = growing_logs(self._world, self._folders.temp)
        except OSError as error:
            let_go(self._lock)
            raise LogFailed(self._folders.temp, f"cannot be read: {error.strerror}") from error
        for session, numbers in found.items():
            self._begin(session, numbers)
        connection = self._connection
        self._kept = [
            connection.subscribe(ANNOUNCE, self._announced),
            connection.register(SESSIONS, self._answers.answer, prefix=True),
            connection.register(CONTINUE, self._answers.proceed),
        ]
        connection.on_join(self._joined)
        self._groups.start()
        self._next = self._world.reactor.callLater(LOOK_S, self._look)

    def stop(self) -> Deferred[None]:
        """Begin nothing more.

        Returns: fires when what was under way is done, and all files are let go of.
        """
        self._stopped = True
        self._groups.stop()
        if self._next is not None:
            self._next.cancel()
        for kept in self._kept:
            kept.stop()
        self._answers.stop()
        waiting = self._ending.stop()
        for recording in self._recordings.values():
            waiting += recording.stop()
        stopping = DeferredList(waiting).addCallback(lambda _: self._analyses.finish())
        stopped: Deferred[None] = stopping.addCallback(self._let_go)
        return stopped

    def _let_go(self, _: object) -> None:
        if self._lock is not None:
            let_go(self._lock)
            self._lock = None

    def gaps(self) -> list[tuple[SessionId, Gap]]:
        """What was published and is in no recording, as far as was heard."""
        return [
            (session, gap)
            for session, recording in self._recordings.items()
            for gap in recording.replica.gaps()
        ]

    # --- hearing

    def _announced(self, *args: object) -> None:
        try:
            said = read_announcement(args[0] if len(args) == 1 else None)
        except BadMessage as error:
            self._reports.count(None, f"an announcement: {error}")
            return
        if isinstance(said, Announcement) and not self._stopped:
            recording = self._recordings.get(said.id)
            if recording is None and len(self._recordings) >= MAX_SESSIONS:
                self._reports.count(said.id, "sessions: more than can be recorded")
                return
            (recording or self._begin(said.id)).announced(said)

    def _begin(self, session: SessionId, growing: list[int] | None = None) -> Recording:
        """Record a session, from where it was left."""
        recording = Recording(
            self._world, self._connection, self._folders, session, self._reports.count
        )
        self._recordings[session] = recording
        sealed = self._shelf.find(session)
        numbers = sorted({*(growing or ()), *sealed})
        for number in numbers:
            recording.replica.branch(number).known = False
        try:
            known = read_heads(self._world.disk, self._folders.temp, session)
        except OSError as error:
            self._log.error("session {session}: {error}", session=session, error=str(error))
            known = no_heads(session)
        self._memories[session] = Memory(self._world, self._folders, recording, known)
        for number in numbers:
            recording.found(number, sealed.get(number))
        return recording

    def _joined(self) -> None:
        for recording in list(self._recordings.values()):
            recording.joined()

    # --- now and then

    def _histories(self) -> Iterator[History]:
        for recording in self._recordings.values():
            yield from recording.histories.values()

    def _beat(self) -> None:
        for recording in self._recordings.values():
            recording.beat()

    def _look(self) -> None:
        self._next = self._world.reactor.callLater(LOOK_S, self._look)
        for session, recording in list(self._recordings.items()):
            memory = self._memories[session]
            memory.look()
            self._ending.look(recording)
            if self._ending.is_over(recording) and not memory.is_busy:
                self._forget(session, recording)

    def _forget(self, session: SessionId, recording: Recording) -> None:
        recording.stop()
        self._memories[session].end()
        self._ending.forget(recording)
        del self._recordings[session], self._memories[session]

    def _sealed(self, recording: Recording, history: History) -> None:
        if history.sealed_path is not None:
            self._shelf.put(history.sealed_path)
            self._analyses.make(history.sealed_path)

    def _best(self, session: SessionId, sealed: dict[int, Path]) -> Path:
        """Which recording is shown of a session that is not in memory."""
        best = 0
        if len(sealed) > 1:
            try:
                best = read_heads(self._world.disk, self._folders.temp, session).best
            except OSError as error:
                self._log.error("session {session}: {error}", session=session, error=str(error))
        return sealed.get(best, sealed[min(sealed)])
