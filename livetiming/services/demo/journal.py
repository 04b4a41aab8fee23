"""What a picture cannot show: crossings and messages, in the order they came about."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from livetiming.events import Origin, Passed, Posted

CATEGORY = "Race Control"
KEPT = 50
"""Messages that somebody who joins late is still told."""


class Happened(NamedTuple):
    """A fact of the race.

    Args:
        at_us: when, from the first picture on.
        payload: what.
    """

    at_us: int
    payload: Passed | Posted


class Journal:
    """Keeps facts until somebody takes them, and the latest messages for whoever joins."""

    def __init__(self) -> None:
        self._fresh: list[Happened] = []
        self.messages: deque[Happened] = deque(maxlen=KEPT)

    def passed(self, at_us: int, crossing: Passed) -> None:
        """Note a crossing."""
        self._fresh.append(Happened(at_us, crossing))

    def say(self, at_us: int, text: str, style: str, car: str | None = None) -> None:
        """Note a message of race control."""
        posted = Posted(category=CATEGORY, text=text, style=style, car=car, origin=Origin.PROVIDER)
        self._fresh.append(Happened(at_us, posted))
        self.messages.append(self._fresh[-1])

    def take(self) -> list[Happened]:
        """Hand out what came since the last time."""
        fresh, self._fresh = self._fresh, []
        return fresh
