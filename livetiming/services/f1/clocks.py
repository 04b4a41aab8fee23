"""The time to go: `ExtrapolatedClock`."""

from __future__ import annotations

from typing import Any

from livetiming.events import Clock
from livetiming.services.f1.members import members
from livetiming.services.f1.values import flag, instant, time_us

DAY_MS = 24 * 3600 * 1000
"""A state may name a clock that was set hours ago, but not one of another day."""


class ToGo:
    """Follows the clock of the time to go."""

    def __init__(self) -> None:
        self._said: dict[str, Any] = {}

    def begin(self) -> None:
        """All of it will be told again."""
        self._said = {}

    def take(self, said: object, at: int, stamp: int | None) -> Clock | None:
        """Take what a message says of it.

        Args:
            said: by the message.
            at: when it arrived, epoch ms.
            stamp: the provider's time of it; a state has none.
        Returns: the clock; `None` where it shows nothing.
        """
        now = {**self._said, **dict(members(said))}
        remaining_us, true_at = time_us(now.get("Remaining")), instant(now.get("Utc"))
        runs = flag(now.get("Extrapolating"))
        self._said = now
        if remaining_us is None:
            return None
        return Clock(remaining_us, _arrived(true_at, stamp, at), runs)


def _arrived(true_at: int | None, stamp: int | None, at: int) -> int:
    """When a value was true, by the clock that arrivals are told by: a capture may be played years
    after its messages were stamped.
    """
    if true_at is None:
        return at
    if stamp is not None:
        return max(0, at + true_at - stamp)
    return true_at if 0 <= at - true_at < DAY_MS else at
