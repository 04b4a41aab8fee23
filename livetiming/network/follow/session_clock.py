"""What time it is in the session: as its writer said last, and the time since."""

from __future__ import annotations

from typing import NamedTuple


class SessionClock(NamedTuple):
    """What a writer said of the time, and when it was heard.

    Args:
        writer: whose clock it is.
        now: what it showed, epoch ms.
        seen_at: when the provider last sent anything, by the same clock; `None` if that is unknown.
        heard_at: when that was heard, in seconds of the follower's own clock.
    """

    writer: int
    now: int
    seen_at: int | None
    heard_at: float

    def at(self, now: float, rate: float) -> float:
        """What it shows now, epoch ms.

        Args:
            now: by the follower's own clock, seconds.
            rate: how fast the session runs; `described.rate`.
        """
        return self.now + rate * 1000 * (now - self.heard_at)
