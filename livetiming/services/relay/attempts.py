"""When a session is tried again that was relayed, or could not be.

Pure: the time is handed in. What is remembered is bounded, whatever the other side offers.
"""

from __future__ import annotations

import math
from enum import StrEnum

from livetiming.events import SessionId
from livetiming.services.relay.offers import Offer

MAX_REMEMBERED = 10_000


class Over(StrEnum):
    """Why a session is not relayed any more, and so whether it may be again."""

    ENDED = "ended"
    """It closed, and all of it is recorded here, or was waited for."""
    AWAY = "away"
    """Nothing comes any more, or the place is taken: again after a while."""
    UNTOLD = "untold"
    """Nobody says whether the place is taken: again soon."""
    REFUSED = "refused"
    """Not again in this run."""
    STOPPED = "stopped"


class Attempts:
    """What is known of sessions that are not relayed now."""

    def __init__(self) -> None:
        self._not_before_s: dict[SessionId, float] = {}
        self._ended_at: dict[SessionId, int] = {}

    def ended(self, session: SessionId, seq: int) -> None:
        """One closed, and is here up to a line: it is tried again when it went on."""
        self._ended_at[session] = seq
        _bound(self._ended_at)

    def failed(self, session: SessionId, not_before_s: float) -> None:
        """One could not be relayed, and may be tried again at that time."""
        self._not_before_s[session] = not_before_s
        _bound(self._not_before_s)

    def refused(self, session: SessionId) -> None:
        """One is never tried again."""
        self.failed(session, math.inf)

    def passes_over(self, session: SessionId, offer: Offer | None, now_s: float) -> bool:
        """Whether one is not to be tried now.

        Args:
            session: which.
            offer: what the other side lists of it, if it does.
            now_s: monotonic seconds.
        """
        if self._not_before_s.get(session, -math.inf) > now_s:
            return True
        end = self._ended_at.get(session)
        return end is not None and (offer is None or offer.end <= end)


def _bound(known: dict[SessionId, float] | dict[SessionId, int]) -> None:
    """Forget the oldest."""
    while len(known) > MAX_REMEMBERED:
        del known[next(iter(known))]
