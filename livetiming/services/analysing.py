"""The analysis of one session beside its state: folded live, told of, and answered for.

It may never cost the lines anything: where it cannot be had, the session is on the air without it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LogError
from livetiming.events import Event, SessionId, State
from livetiming.events.log import Folded
from livetiming.network.analysed import Analysed, Folding, read_question
from livetiming.network.connection import Connection, Refused
from livetiming.network.names import BUSY, NO_ANALYSIS
from livetiming.network.served import Served
from livetiming.services.answering import refusing
from livetiming.services.changed_rows import ChangedRows
from livetiming.services.making import Making
from livetiming.services.world import World

NEAR = 200
"""So many lines are folded between two other things to do; what is more goes to a thread."""
RETRY_S = 5.0
"""So long a log is left alone that cannot be read now."""


class Analysing:
    """Follows what is durable of one session, as far as its description wants it analysed.

    Where the log has a past, that is folded in a thread; the lines that become durable meanwhile
    are folded after it.

    Args:
        world: the outside.
        connection: to the router.
        path: one of the log's files.
        session: whose log it is.
        writer: gives the opening of the log.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        connection: Connection,
        path: Path,
        session: SessionId,
        writer: Callable[[], int],
    ) -> None:
        self._world = world
        self._path = path
        self._session = session
        self._writer = writer
        self._served: Served | None = None
        self._analysed: Analysed | None = None
        self._folding: Folding | None = None
        self._retry: Any = None
        self._is_broken = False
        self._stopped = False
        self._rows = ChangedRows(world, connection, session, writer)
        self._making = Making(world)

    def opened(self, served: Served) -> None:
        """The log was opened: what was folded before may not be what is in it."""
        self._drop()
        self._served = served
        if served.place.seq == 0:
            self._begin(Analysed(Folded(self._session)))

    def take(self, event: Event, state: State) -> None:
        """One more event is durable.

        Args:
            event: the event.
            state: after it; to be read only.
        """
        if self._analysed is None:
            return
        try:
            changes = self._analysed.step(event, state)
        except Exception:
            # Whatever it is, it must not keep lines from who follows.
            self._break(Failure())  # type: ignore[no-untyped-call]
            return
        if changes:
            self._rows.add(changes)

    def taken(self) -> None:
        """See whether it is wanted, after some more events."""
        if not self._is_wanted:
            self._drop()
        elif self._analysed is not None:
            self._rows.go_on()
        elif self._folding is None and not self._is_broken:
            self._fold()

    @property
    def _is_wanted(self) -> bool:
        described = None if self._served is None else self._served.state.described
        return described is not None and described.analysis and not self._stopped

    def _begin(self, analysed: Analysed) -> None:
        self._folding, self._analysed = None, analysed
        self._rows.begin(analysed)

    def _drop(self) -> None:
        self._analysed = None
        if self._folding is not None:
            self._folding.stop()
            self._folding = None
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        self._rows.clear()
        self._making.clear()

    # --- the past

    def _fold(self) -> None:
        if self._served is None:
            return
        folding = self._folding = self._folding or Folding(self._world.disk, self._path)
        reading = self._world.in_thread(folding.fold, self._served.place.seq)
        reading.addCallback(self._folded, folding)
        reading.addErrback(self._not_folded, folding)

    def _folded(self, analysed: Analysed, folding: Folding) -> None:
        if folding is not self._folding or self._served is None:
            return
        lines = self._served.kept_after(analysed.seq)
        if lines is None or len(lines) > NEAR:
            self._fold()
            return
        folding.take(lines)
        self._begin(analysed)

    def _not_folded(self, failure: Failure, folding: Folding) -> None:
        if folding is not self._folding:
            return
        if not isinstance(failure.value, LogError | OSError):
            self._break(failure)
            return
        reason = failure.getErrorMessage()
        self._log.error("session {of}: no analysis yet: {reason}", of=self._session, reason=reason)
        self._retry = self._world.reactor.callLater(RETRY_S, self._fold_again)

    def _fold_again(self) -> None:
        self._retry = self._folding = None
        self.taken()

    def _break(self, failure: Failure) -> None:
        self._log.failure("session {of} cannot be analysed", failure, of=self._session)
        self._is_broken = True
        self._drop()

    # --- the air

    def answer(self, *args: Any) -> object:
        """Answer `analysis(table, from_row, limit)`.

        Raises: `Refused`, or the Deferred that is given does.
        """
        with refusing():
            question = read_question(args)
        if not self._is_wanted or self._is_broken:
            raise Refused(NO_ANALYSIS, "it is not analysed")
        analysed, writer = self._analysed, self._writer()
        if analysed is None:
            raise Refused(BUSY, "its past is being analysed")
        if not question.table:
            return analysed.tables(writer)
        if analysed.is_base(question.table):
            return analysed.page(writer, *question)
        return self._making.answer(analysed, question, writer)

    def joined(self) -> None:
        """The router is there again."""
        self._rows.joined()

    def stop(self) -> None:
        """Leave the air."""
        self._rows.stop()
        self._stopped = True
        self._drop()
