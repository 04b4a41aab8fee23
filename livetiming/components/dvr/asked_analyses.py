"""The analysis of what the dvr has, folded from its log for who asks when its service is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, DeferredSemaphore

from livetiming.errors import LogDamaged
from livetiming.events.log import Disk
from livetiming.network.analysed import Analysed, Folding, Made, Question
from livetiming.network.connection import Refused
from livetiming.network.names import BUSY, NO_ANALYSIS
from livetiming.services.answering import refuse
from livetiming.services.world import World

KEPT_S = 60.0
"""So long after the last question an analysis is kept for the next page."""
MAX_WAITING = 20
"""So many questions wait for their turn; a whole day is folded in a second or two."""


class AskedAnalyses:
    """Folds one log at a time, in a thread, and keeps the last one for a while.

    Args:
        world: the outside.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn = DeferredSemaphore(1)
        self._waiting = 0
        self._kept: _Kept | None = None
        self._due: Any = None
        self._stopped = False

    def answer(self, path: Path, until: int | None, question: Question) -> Deferred[Any]:
        """Answer `analysis` from a log.

        Args:
            path: one of its files.
            until: the last event that may be spoken of; `None` where nobody writes it any more.
            question: what is asked.
        Returns: the answer; fails with `Refused`.
        Raises: `Refused` where too many ask.
        """
        if self._waiting >= MAX_WAITING or self._stopped:
            raise Refused(BUSY, "too much is asked for at once")
        self._waiting += 1
        answering: Deferred[Any] = self._turn.run(self._answer, path, until, question)
        return answering.addBoth(self._done).addErrback(refuse)

    def _answer(self, path: Path, until: int | None, question: Question) -> Deferred[str]:
        if self._kept is None or self._kept.path != path:
            self._kept = _Kept(self._world.disk, path)
        answered: Deferred[str] = self._world.in_thread(self._kept.answer, until, question)
        return answered.addErrback(self._failed)

    def _failed(self, failure: Any) -> Any:
        if not isinstance(failure.value, Refused):
            self._kept = None
        return failure

    def _done(self, result: Any) -> Any:
        self._waiting -= 1
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if not self._stopped:
            self._due = self._world.reactor.callLater(KEPT_S, self._forget)
        return result

    def _forget(self) -> None:
        self._due = None
        if not self._waiting:
            self._kept = None

    def stop(self) -> None:
        """Let go of what is kept."""
        self._stopped = True
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self._kept is not None:
            self._kept.stop()
            self._kept = None


class _Kept:
    """The analysis of one log; touched by one thread at a time."""

    def __init__(self, disk: Disk, path: Path) -> None:
        self._disk = disk
        self._folding = Folding(disk, path)
        self._made: dict[str, Made] = {}
        self.path = path

    def stop(self) -> None:
        self._folding.stop()

    def answer(self, until: int | None, question: Question) -> str:
        """Fold what is new, and answer.

        Raises: `Refused`; `LogError` where the log cannot be read.
        """
        analysed = self._fold(2**63 if until is None else until)
        state = None if self._folding.log is None else self._folding.log.state
        if state is None or state.described is None or not state.described.analysis:
            raise Refused(NO_ANALYSIS, "it was not analysed")
        writer = state.writer or 0
        if not question.table:
            return analysed.tables(writer)
        if analysed.is_base(question.table):
            return analysed.page(writer, *question)
        return self._table(analysed, question.table).page(writer, *question[1:])

    def _fold(self, until: int) -> Analysed:
        try:
            return self._folding.fold(until)
        except LogDamaged:
            if self._folding.log is None:
                raise
        self._folding = Folding(self._disk, self.path)
        return self._folding.fold(until)

    def _table(self, analysed: Analysed, table: str) -> Made:
        made = self._made.get(table)
        if made is None or made.seq != analysed.seq:
            made = self._made[table] = Made(analysed, table, analysed.seq, analysed.at)
        return made
