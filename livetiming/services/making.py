"""Tables that are made of an analysis when somebody asks for them, beside the reactor."""

from __future__ import annotations

from typing import Any

from livetiming.network.analysed import Analysed, Made, Question
from livetiming.services.reading import Reading
from livetiming.services.world import World

FRESH_S = 1.0
"""So long a table that was made is given to all who ask, and who pages through it."""
SHARE = 20
"""And so many times as long as it took to make: asking takes a small share of the processor."""


class Making:
    """Makes tables, each at most once at a time and for a while.

    Args:
        world: the outside.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._reading = Reading(world)
        self._made: dict[str, Made] = {}
        self._due: dict[str, Any] = {}
        self._life = 0
        """Counts the analyses: what is made of an earlier one is not kept."""

    def answer(self, analysed: Analysed, question: Question, writer: int) -> object:
        """Answer with rows of a table.

        Raises: `Refused` where too many ask, or the Deferred that is given does.
        """
        table, from_row, limit = question
        made = self._made.get(table)
        if made is not None:
            return made.page(writer, from_row, limit)
        began, life = self._world.monotonic(), self._life
        making = self._reading.later(self._make, analysed, table, analysed.seq, analysed.at)
        making.addCallback(self._keep, table, began, life)
        return making.addCallback(lambda made: made.page(writer, from_row, limit))

    def _make(self, analysed: Analysed, table: str, seq: int, at: int) -> Made:
        """In a thread: who waited for another's question has its answer."""
        return self._made.get(table) or Made(analysed, table, seq, at)

    def _keep(self, made: Made, table: str, began: float, life: int) -> Made:
        if life == self._life and table not in self._made:
            took_s = self._world.monotonic() - began
            self._made[table] = made
            lasts_s = max(FRESH_S, SHARE * took_s)
            self._due[table] = self._world.reactor.callLater(lasts_s, self._forget, table)
        return made

    def _forget(self, table: str) -> None:
        del self._made[table], self._due[table]

    def clear(self) -> None:
        """Forget them all."""
        self._life += 1
        for due in self._due.values():
            due.cancel()
        self._made.clear()
        self._due.clear()
