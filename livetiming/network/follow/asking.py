"""When to ask: one call at a time, each for a limited time, failures with growing pauses."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from livetiming.network.follow.limits import CALL_S, FIRST_PAUSE_S, LONGEST_PAUSE_S, SPREAD_S

LONG_AGO = float("-inf")
NEVER = float("inf")


class Ask(NamedTuple):
    """A question for whoever answers for the session.

    Args:
        attempt: its number, from 1; the answer belongs to this very object.
        from_seq: the first line wanted; `None` asks for the snapshot.
        limit: how many lines.
    """

    attempt: int
    from_seq: int | None
    limit: int


class Asking:
    """The calls of a follower.

    Args:
        random: draws a number from 0 to 1.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._attempts = 0
        self._pending: Ask | None = None
        self._asked_at = LONG_AGO
        self._not_before = LONG_AGO
        self._pause_s = FIRST_PAUSE_S
        self._due_at = NEVER

    @property
    def busy(self) -> bool:
        """Whether a call is under way."""
        return self._pending is not None

    @property
    def wake_at(self) -> float:
        """When something is to be done here: a call has taken too long, or one is due."""
        return self._due_at if self._pending is None else self._asked_at + CALL_S

    def start_anew(self) -> None:
        """Take no answer to what was asked before, and be ready to ask at once."""
        self._pending = None
        self._not_before = LONG_AGO
        self._pause_s = FIRST_PAUSE_S
        self._due_at = NEVER

    def begin(self, now: float, from_seq: int | None, limit: int) -> Ask | None:
        """Ask, if that is allowed now; where a pause goes on, it is due at its end anyway."""
        if self._pending is not None or now < self._not_before:
            return None
        self._attempts += 1
        self._pending = Ask(self._attempts, from_seq, limit)
        self._asked_at = now
        self._due_at = NEVER
        return self._pending

    def end(self, ask: Ask) -> bool:
        """Whether this is the call under way; then it is over."""
        if ask is not self._pending:
            return False
        self._pending = None
        return True

    def expire(self, now: float) -> bool:
        """Whether the call under way has taken too long; then it is over."""
        if self._pending is None or now < self._asked_at + CALL_S:
            return False
        self._pending = None
        return True

    def is_due(self, now: float) -> bool:
        """Whether the moment to ask has come; it comes once."""
        if self._pending is not None or now < self._due_at:
            return False
        self._due_at = NEVER
        return True

    def soon(self, now: float) -> None:
        """Ask in a moment, unless a call is under way or due."""
        if self._pending is None and self._due_at == NEVER:
            least, spread = SPREAD_S
            self._due_at = now + least + spread * self._random()

    def slow(self, now: float) -> None:
        """Nothing came of it: ask again after a pause, the next time after a longer one."""
        self._not_before = now + self._pause_s * (0.75 + 0.5 * self._random())
        self._due_at = self._not_before
        self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)

    def reset(self) -> None:
        """Somebody is there: pauses are short again; this one ends a second after the last call."""
        self._pause_s = FIRST_PAUSE_S
        earlier = self._asked_at + FIRST_PAUSE_S
        if earlier < self._not_before:
            if self._due_at == self._not_before:
                self._due_at = earlier
            self._not_before = earlier
