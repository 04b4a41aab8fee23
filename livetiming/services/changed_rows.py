"""Telling viewers which rows of an analysis changed: now and then, not one by one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from livetiming.events import SessionId
from livetiming.network.analysed import Analysed
from livetiming.network.connection import Connection
from livetiming.network.names import analysis_topic
from livetiming.network.wire import MAX_MESSAGE, RowsChanged, row_portions, write_rows
from livetiming.projections.analysis import Changes
from livetiming.services.world import World

EVERY_S = 1.0
"""So often at most; what changes in between is told together."""
AT_ONCE = 4
"""So many messages at a time: a feed that comes back may bring thousands of rows."""
UNSURE_S = 30.0
"""What was told so short before a join may never have got to the router."""


class ChangedRows:
    """Publishes what changed in one session's analysis.

    What cannot be told while the router is away is told after the next join: a viewer cannot
    notice that a withdrawal is missing.

    Args:
        world: the outside.
        connection: to the router.
        session: whose.
        writer: gives the opening of the log.
    """

    def __init__(
        self, world: World, connection: Connection, session: SessionId, writer: Callable[[], int]
    ) -> None:
        self._world = world
        self._connection = connection
        self._topic = analysis_topic(session)
        self._writer = writer
        self._analysed: Analysed | None = None
        self._pending: dict[str, set[int]] = {}
        self._told: deque[tuple[float, str, int]] = deque()
        """What was told of late, and when."""
        self._is_news = False
        self._due: Any = None
        self._told_at = -EVERY_S

    def begin(self, analysed: Analysed) -> None:
        """There is an analysis now: whoever was told to come again may ask."""
        self.clear()
        self._analysed = analysed
        self._is_news = True
        self.go_on()

    def clear(self) -> None:
        """There is none any more."""
        self._analysed = None
        self._is_news = False
        self._pending.clear()
        self._told.clear()

    def add(self, changes: Changes) -> None:
        """Rows are new or were withdrawn."""
        for table, numbers in changes.items():
            self._pending.setdefault(table, set()).update(numbers)
        self.go_on()

    def joined(self) -> None:
        """The router is there again, and may not have heard all that it was told."""
        self._forget_sure()
        for _, table, number in self._told:
            self._pending.setdefault(table, set()).add(number)
        self._told.clear()
        self.go_on()

    def go_on(self) -> None:
        """See that what waits is told, once its writer is on the air."""
        waits = self._pending or self._is_news
        if waits and self._due is None and self._analysed is not None and self._writer():
            wait_s = self._told_at + EVERY_S - self._world.monotonic()
            self._due = self._world.reactor.callLater(max(0.0, wait_s), self._publish_some)

    def _publish_some(self) -> None:
        self._due = None
        if self._connection.joined:
            self._publish(AT_ONCE)
            self.go_on()

    def _publish(self, most: int | None) -> None:
        """Publish what waits, in so many messages at most."""
        analysed = self._analysed
        if analysed is None:
            return
        self._told_at = self._world.monotonic()
        self._forget_sure()
        portions = islice(row_portions(self._rows(analysed), MAX_MESSAGE), most)
        for portion in list(portions) or ([{}] if self._is_news else []):
            said = RowsChanged(self._writer(), analysed.seq, portion)
            self._connection.publish(self._topic, *write_rows(said))
            for table, rows in portion.items():
                self._note(table, [number for number, _ in rows])
        self._is_news = False

    def _rows(self, analysed: Analysed) -> Iterator[tuple[str, int, bytes]]:
        for table, numbers in self._pending.items():
            for number in sorted(numbers):
                yield table, number, analysed.row(table, number)

    def _note(self, table: str, numbers: list[int]) -> None:
        self._pending[table].difference_update(numbers)
        if not self._pending[table]:
            del self._pending[table]
        self._told.extend((self._told_at, table, number) for number in numbers)

    def _forget_sure(self) -> None:
        sure = self._world.monotonic() - UNSURE_S
        while self._told and self._told[0][0] < sure:
            self._told.popleft()

    def stop(self) -> None:
        """Tell the rest at once, and nothing more."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if self._connection.joined and self._writer():
            self._publish(None)
        self.clear()
