"""The time to go: `ExtrapolatedClock`."""

from __future__ import annotations

from typing import Any

from livetiming.events import Clock
from livetiming.services.f1.members import members
from livetiming.services.f1.values import flag, instant, time_us


class ToGo:
    """Follows the clock of the time to go."""

    def __init__(self) -> None:
        self._said: dict[str, Any] = {}

    def begin(self) -> None:
        """All of it will be told again."""
        self._said = {}

    def take(self, said: object, at: int) -> Clock | None:
        """Take what a message says of it.

        Args:
            said: by the message.
            at: the instant of the message, where the clock names none.
        Returns: the clock; `None` where it shows nothing.
        """
        now = {**self._said, **dict(members(said))}
        remaining_us, true_at = time_us(now.get("Remaining")), instant(now.get("Utc"))
        runs = flag(now.get("Extrapolating"))
        self._said = now
        if remaining_us is None:
            return None
        return Clock(remaining_us, at if true_at is None else true_at, runs)
