"""What time it is in a session of the other side: as it said last, and the time since."""

from __future__ import annotations

from collections.abc import Callable

from livetiming.events.model import MAX_INTEGER
from livetiming.services.clocks import SessionClock


class RemoteClock:
    """The clock of a session that runs elsewhere.

    Args:
        monotonic: seconds since some moment, never going back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._clock = SessionClock(monotonic, 0)
        self.seen_at: int | None = None
        """When the provider last sent anything, as the other side said; `None` until then."""
        self.is_heard = False
        """Whether the other side said what time it is."""

    def begin(self, at: int) -> None:
        """Go on from the last line, until the other side is heard."""
        if not self.is_heard:
            self._clock = SessionClock(self._monotonic, at)

    def hear(self, now: int, seen_at: int | None, rate: float) -> None:
        """Take what a beacon says.

        Args:
            now: of the session's clock, epoch ms.
            seen_at: when the provider last sent anything, by the same clock.
            rate: seconds of session for each second.
        """
        self._clock = SessionClock(self._monotonic, now, rate)
        self.seen_at = seen_at
        self.is_heard = True

    def now(self) -> int:
        """The instant now, epoch ms; the other side may have said anything."""
        return min(self._clock.now(), MAX_INTEGER)
