"""Logs that nobody writes any more and the dvr does not have yet: told of, and read to who asks.

A session may begin and end while the dvr is down, and its service may be killed before the dvr is
back. Whatever of ours runs next in that folder hands such logs over. Several processes may run
there: one of them does it, the one that holds `retained.held`.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from livetiming.disk import let_go
from livetiming.events import SessionId
from livetiming.events.log import File, Seq, open_reader
from livetiming.events.log.paths import growing
from livetiming.network.connection import Connection, Refused
from livetiming.network.names import ANNOUNCE, UNKNOWN_SESSION, log_procedure
from livetiming.network.served import answer_from
from livetiming.network.wire import Answer, write_announcement
from livetiming.services.answering import answer_events
from livetiming.services.confirmed import Confirmed
from livetiming.services.left import Left, find_left, is_written
from livetiming.services.recorded import note_recorded
from livetiming.services.world import World

LOOK_S = 30.0
"""So often a folder is looked through."""
ANNOUNCE_S = 10.0
HELD = "retained.held"


class Retained:
    """Hands over what is left in a folder.

    Args:
        world: the outside.
        connection: to the router.
        folder: of the services' own logs.
        instance: the name of this process among those of its class.
    """

    _log = Logger()

    def __init__(self, world: World, connection: Connection, folder: Path, instance: str) -> None:
        self._world = world
        self._connection = connection
        self._folder = folder
        self._instance = instance
        self._serving: dict[SessionId, _Served] = {}
        self._done: set[SessionId] = set()
        self._held: File | None = None
        self._looking = False
        self._stopped = False
        self._loops = [LoopingCall(self._look), LoopingCall(self._announce)]

    def start(self) -> None:
        """Look at each join, and again and again."""
        for loop, seconds in zip(self._loops, (LOOK_S, ANNOUNCE_S), strict=True):
            loop.clock = self._world.reactor
            loop.start(seconds, now=False).addErrback(self._crashed)
        self._connection.on_join(self._joined)

    def _crashed(self, failure: Any) -> None:
        self._log.failure("what is left here cannot be handed over any more", failure)

    def _joined(self) -> None:
        self._announce()
        self._look()

    def _look(self) -> None:
        if self._stopped or self._looking or not self._connection.joined or not self._is_ours():
            return
        self._looking = True
        known = self._done | self._serving.keys()
        looking = self._world.in_thread(find_left, self._world.disk, self._folder, known)
        looking.addBoth(self._looked)
        looking.addCallbacks(self._found, self._crashed)

    def _is_ours(self) -> bool:
        """Whether this process is the one that does it."""
        if self._held is None:
            with suppress(OSError):
                self._held = self._world.disk.lock(self._folder / HELD)
        return self._held is not None

    def _looked(self, result: Any) -> Any:
        self._looking = False
        return result

    def _found(self, found: tuple[list[Left], list[SessionId]]) -> None:
        left, done = found
        self._done.update(done)
        for each in left:
            if not self._stopped:
                self._serve(each)

    def _serve(self, left: Left) -> None:
        self._log.info("session {session}: handing over what is left of it", session=left.session)
        served = self._serving[left.session] = _Served(
            self._world, self._connection, self._folder, left, self._over
        )
        served.announce(self._instance)

    def _over(self, session: SessionId, *, recorded: bool) -> None:
        served = self._serving.pop(session, None)
        if served is not None:
            served.stop()
        if recorded:
            self._log.info("session {session}: all of it is recorded now", session=session)
            self._done.add(session)

    def _announce(self) -> None:
        for served in list(self._serving.values()):
            if served.is_written():
                self._over(served.session, recorded=False)
            else:
                served.announce(self._instance)

    def stop(self) -> None:
        """Leave it to the next."""
        self._stopped = True
        for loop in self._loops:
            if loop.running:
                loop.stop()
        for session in list(self._serving):
            self._over(session, recorded=False)
        if self._held is not None:
            let_go(self._held)
            self._held = None


class _Served:
    """One log that is handed over."""

    _log = Logger()

    def __init__(
        self, world: World, connection: Connection, folder: Path, left: Left, over: Any
    ) -> None:
        self._world = world
        self._connection = connection
        self._folder = folder
        self._path = growing(folder, left.session).tail
        self._left = left
        self._over = over
        self.session = left.session
        self._confirmed = Confirmed(
            connection, left.session, left.writer, self._chain_after, self._recorded
        )
        self._answering = connection.register(
            log_procedure(left.session, left.writer), self._events, shared=True
        )

    def announce(self, instance: str) -> None:
        said = msgspec.structs.replace(
            self._left.announcement, instance=instance, recorded=self._confirmed.seq
        )
        self._connection.publish(ANNOUNCE, write_announcement(said))

    def is_written(self) -> bool:
        """Whether another process goes on in it, which then tells of it itself."""
        return is_written(self._world.disk, self._folder, self.session)

    def _events(self, *args: Any) -> str:
        return answer_events(args, self._answer)

    def _answer(self, from_seq: int, limit: int) -> Answer:
        """Answer as long as the log is the one that was found, which is durable.

        Raises: `Refused` where somebody went on in it.
        """
        if not self.is_written():
            answer = answer_from(self._world.disk, self._path, from_seq, limit)
            if (answer.writer, answer.next_seq) == (self._left.writer, self._left.place.seq + 1):
                return answer
        self._over(self.session, recorded=False)
        raise Refused(UNKNOWN_SESSION, "another process goes on in this log")

    def _chain_after(self, seq: int) -> bytes | None:
        if seq == self._left.place.seq:
            return self._left.place.chain
        with open_reader(self._world.disk, self._path) as reader:
            place = reader.at(Seq(seq)).place
        return place.chain if place.seq == seq else None

    def _recorded(self) -> None:
        if self._confirmed.seq == self._left.place.seq:
            self._note()

    def _note(self) -> None:
        """Stop when it is written down: a log that is told of once too often does no harm."""
        disk, place = self._world.disk, self._left.place
        noting = self._world.in_thread(note_recorded, disk, self._folder, self.session, place)
        noting.addCallbacks(lambda _: self._over(self.session, recorded=True), self._not_noted)

    def _not_noted(self, failure: Any) -> None:
        self._log.error("cannot be noted: {reason}", reason=failure.getErrorMessage())

    def stop(self) -> None:
        self._confirmed.stop()
        self._answering.stop()
