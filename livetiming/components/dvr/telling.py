"""Telling how far each writer of a session is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from livetiming.network.connection import Connection
from livetiming.network.names import FORKED, recorded_topic
from livetiming.network.replica import Replica
from livetiming.network.sources import Branch, Source
from livetiming.network.wire import Recorded, RecordedStatus, write_recorded
from livetiming.services.world import World

TELL_S = 1.0
"""A writer is told at most once in that time."""


@dataclass
class _Told:
    """What a writer was told last, when by the monotonic clock, and whether it is to be again."""

    what: Recorded
    at: float
    again: bool = False


class Telling:
    """Tells the writers of one session.

    Args:
        world: the outside.
        connection: to the router.
        replica: of the session.
        is_paused: whether the disk refuses a history.
    """

    def __init__(
        self,
        world: World,
        connection: Connection,
        replica: Replica,
        is_paused: Callable[[Branch], bool],
    ) -> None:
        self._world = world
        self._connection = connection
        self._replica = replica
        self._is_paused = is_paused
        self._told: dict[int, _Told] = {}

    def tell(self, source: Source, *, again: bool = False, at_once: bool = False) -> None:
        """Tell a writer how far it is recorded, if that is news.

        Args:
            source: the writer.
            again: also where it is none.
            at_once: however soon after the last time, for a writer that contradicts itself.
        """
        recorded, told = self._recorded(source), self._told.get(source.writer)
        again = again or at_once
        if recorded is None or (told is not None and recorded == told.what and not again):
            return
        now = self._world.monotonic()
        if told is not None and now - told.at < TELL_S and not at_once:
            told.again = True
            return
        self._told[source.writer] = _Told(recorded, now)
        self._connection.publish(recorded_topic(self._replica.session), *write_recorded(recorded))

    def tell_forked(self, histories: int) -> None:
        """Tell the directory that the session has several histories."""
        self._connection.publish(FORKED, str(self._replica.session), histories)

    def _recorded(self, source: Source) -> Recorded | None:
        """How far a writer is recorded; `None` where there is nothing to say of that."""
        branch, seq, chain = self._replica.recorded(source)
        if branch is None:
            return None
        if self._is_paused(branch):
            return Recorded(source.writer, seq, chain, RecordedStatus.PAUSED)
        return Recorded(source.writer, seq, chain, RecordedStatus.OK) if seq else None

    def beat(self) -> None:
        """Tell what could not be told so soon."""
        for writer, told in list(self._told.items()):
            if told.again:
                self.tell(self._replica.source(writer), again=True)
