"""How far the dvr has recorded the lines of a writer, believed only where its chain is ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.logger import Logger

from livetiming.errors import LogError
from livetiming.events import SessionId
from livetiming.network.connection import Connection
from livetiming.network.names import recorded_topic
from livetiming.network.wire import BadMessage, Recorded, RecordedStatus, read_recorded
from livetiming.services.answering import Junk


class Confirmed:
    """Listens to what the dvr says of one writer's lines.

    Args:
        connection: to the router.
        session: whose log it is.
        writer: the opening of it that lines are told of.
        chain_after: the chain of our log after a line; `None` where it has none such.
        on_recorded: told of each line that is believed to be recorded.
        on_contradicted: told of a line that is another one than ours.
    """

    _log = Logger()

    def __init__(
        self,
        connection: Connection,
        session: SessionId,
        writer: int,
        chain_after: Callable[[int], bytes | None],
        on_recorded: Callable[[], None],
        on_contradicted: Callable[[Recorded], None] = lambda _: None,
    ) -> None:
        self._session = session
        self._writer = writer
        self._chain_after = chain_after
        self._on_recorded = on_recorded
        self._on_contradicted = on_contradicted
        self._junk = Junk(f"session {session}")
        self._status = RecordedStatus.OK
        self.seq: int | None = None
        """The last line that the dvr has for sure."""
        self._kept = connection.subscribe(recorded_topic(session), self._heard)

    def _heard(self, *args: Any) -> None:
        try:
            said = read_recorded(args)
        except BadMessage as error:
            self._junk.drop(error)
            return
        if said.writer == self._writer:
            self._tell_paused(said.status)
            self._compare(said)

    def _tell_paused(self, status: RecordedStatus) -> None:
        if status is not self._status:
            self._status = status
            words = "is paused" if status is RecordedStatus.PAUSED else "goes on"
            self._log.warn("the dvr's recording of {it} {words}", it=self._session, words=words)

    def _compare(self, said: Recorded) -> None:
        try:
            ours = self._chain_after(said.seq)
        except LogError as error:
            self._log.error("cannot be compared: {reason}", reason=str(error))
            return
        if ours == said.chain:
            self.seq = max(self.seq or 0, said.seq)
            self._on_recorded()
        else:
            self._on_contradicted(said)

    def stop(self) -> None:
        """Listen no more."""
        self._kept.stop()
