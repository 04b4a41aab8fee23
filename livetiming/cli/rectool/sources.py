"""The two things that can be watched: a log that grows, and one that is played."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from livetiming.cli.table_header import Look, Mode
from livetiming.events import State
from livetiming.events.log import Instant, LogReader, Moment, Seq
from livetiming.events.log.following import Follower


class Source(Protocol):
    """A session that somebody watches."""

    @property
    def state(self) -> State:
        """What it looks like now; to be read only."""

    @property
    def ended(self) -> bool:
        """Whether nothing more can come."""

    def poll(self) -> bool:
        """Take what has come; whether something has."""

    def look(self, width: int, height: int | None) -> Look:
        """How it is to be shown now."""


class LiveSource:
    """A log that grows.

    Args:
        follower: reads it.
        now: the clock on the wall, epoch ms.
        written_at: when its files were written last, epoch ms.
        ends_closed: whether it ends with its session, and not only when its files are gone.
    """

    def __init__(
        self,
        follower: Follower,
        now: Callable[[], int],
        written_at: Callable[[], int],
        *,
        ends_closed: bool = False,
    ) -> None:
        self._ends_closed = ends_closed
        self._follower = follower
        self._now = now
        self._written_at = written_at

    @property
    def state(self) -> State:
        """See `Source`."""
        return self._follower.folded.state

    @property
    def ended(self) -> bool:
        """See `Source`."""
        closed = self._ends_closed and self.state.closed is not None
        return closed or self._follower.gone

    def poll(self) -> bool:
        """See `Source`."""
        return bool(self._follower.poll())

    def look(self, width: int, height: int | None) -> Look:
        """See `Source`; the session's time goes on from its last line at the session's rate."""
        folded, described = self._follower.folded, self.state.described
        rate = described.rate if described else 1
        since = folded.at if rate == 1 else self._written_at()
        age_ms = max(0, self._now() - since)
        at = folded.at + round(rate * age_ms)
        return Look(width, at, Mode.LIVE, height, folded.seq, age_ms)


class PlayedSource:
    """A log that is played from some moment on.

    Args:
        reader: open as long as this is used.
        moment: where to begin; the first event where none is given.
        speed: seconds of session for each second of the clock.
        clock: seconds, never going back.
    """

    def __init__(
        self, reader: LogReader, moment: Moment | None, speed: float, clock: Callable[[], float]
    ) -> None:
        moment = moment or Seq(reader.start().seq + 1)
        self._folded = reader.at(moment)
        self._coming = reader.after(reader.at(moment))
        self._next = next(self._coming, None)
        self._speed = speed
        self._clock = clock
        self._begin_at = self._beginning(moment)
        self._began = clock()

    def _beginning(self, moment: Moment) -> int:
        """The instant to begin at, within what the log has."""
        if self._next is None:
            return self._folded.at
        if self._folded.seq == 0:
            return self._next[1].at
        return max(self._folded.at, moment.at if isinstance(moment, Instant) else 0)

    @property
    def state(self) -> State:
        """See `Source`."""
        return self._folded.state

    @property
    def ended(self) -> bool:
        """See `Source`."""
        return self._next is None

    def poll(self) -> bool:
        """See `Source`."""
        seq, at = self._folded.seq, self._at()
        while self._next is not None and self._next[1].at <= at:
            line, event = self._next
            self._folded.take(event, line)
            self._next = next(self._coming, None)
        return self._folded.seq > seq

    def look(self, width: int, height: int | None) -> Look:
        """See `Source`."""
        at = self._folded.at if self._next is None else self._at()
        return Look(width, at, Mode.REPLAY, height, self._folded.seq, speed=self._speed)

    def _at(self) -> int:
        return self._begin_at + round((self._clock() - self._began) * 1000 * self._speed)
