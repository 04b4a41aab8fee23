"""What a session on the air answers: from memory at once, its past from the disk in a thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from livetiming.errors import BadArgument
from livetiming.network.served import Served, read_moment
from livetiming.network.wire import SnapshotAnswer, write_answer, write_snapshot_answer
from livetiming.services.answering import answer_events, refusing
from livetiming.services.reading import Reading
from livetiming.services.world import World


class Answers:
    """Answers calls.

    Args:
        world: the outside.
        served: gives what may be spoken of.
        now: the session's clock, epoch ms.
        seen_at: when the provider last sent anything, epoch ms.
    """

    def __init__(
        self,
        world: World,
        served: Callable[[], Served],
        now: Callable[[], int],
        seen_at: Callable[[], int | None],
    ) -> None:
        self._served = served
        self._now = now
        self._seen_at = seen_at
        self._for_viewers, self._for_dvr = Reading(world), Reading(world)
        """Apart, so that nothing that viewers ask for keeps anybody from recording."""

    def events(self, *args: Any) -> object:
        """Answer a viewer's `events(from_seq, limit)`."""
        return self._events(self._for_viewers, args)

    def log_events(self, *args: Any) -> object:
        """Answer the same for who records it, or goes on in it."""
        return self._events(self._for_dvr, args)

    def _events(self, reading: Reading, args: tuple[Any, ...]) -> object:
        served = self._served()
        if len(args) == 2 and served.needs_disk(args[0]):
            return reading.later(served.answer, *args).addCallback(write_answer)
        return answer_events(args, served.answer)

    def snapshot(self, *args: Any) -> object:
        """Answer `snapshot(when)`.

        Raises: `Refused`, or the Deferred that is given does.
        """
        served = self._served()
        with refusing():
            if len(args) > 1:
                raise BadArgument(f"expected (when), got {len(args)} arguments")
            moment = read_moment(*args) if args else None
            if not served.needs_disk_at(moment):
                return self._snapshot(served.snapshot(moment))
        return self._for_viewers.later(served.snapshot, moment).addCallback(self._snapshot)

    def _snapshot(self, line: bytes) -> str:
        served = self._served()
        writer, next_seq = served.state.writer or 0, served.next_seq
        answer = SnapshotAnswer(writer, next_seq, self._now(), self._seen_at(), line)
        return write_snapshot_answer(answer)
