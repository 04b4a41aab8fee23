"""Race control's messages: each comes again and again, and is posted once with its time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from livetiming.services.wige.fields import Row, number, rows, text
from livetiming.services.wige.sessions import TIMEZONE

MAX_KNOWN = 5_000
_AHEAD_MS = 3_600_000
"""So far a message may be ahead of the one after it, or of us, and still be of that day."""
_FIELDS = ("ID", "MESSAGETIME", "MESSAGEGROUP", "MESSAGE")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_CAR = re.compile(r"#\s?(\w{1,8})", re.ASCII)


class Message(NamedTuple):
    """What race control said.

    Args:
        group: of messages, where the feed names one.
        text: what.
        at: when, epoch ms; `None` where it does not say.
    """

    group: str
    text: str
    at: int | None


class Control:
    """Remembers what was said, so that only what is new is told."""

    def __init__(self) -> None:
        self._zone = ZoneInfo(TIMEZONE)
        self._known: dict[tuple[str, ...], None] = {}

    def hear(self, document: Row, now: int) -> Iterator[Message]:
        """Read the messages so far.

        Args:
            document: which has all of them.
            now: epoch ms; messages have a time of day only.
        Returns: those that are new, oldest first.
        Raises: `BadFrame` where it has none.
        """
        said = _in_time(rows(document, "MESSAGES"))
        for row, message in zip(said, self._dated(said, now), strict=True):
            as_it_came = tuple(text(row, name) for name in _FIELDS)
            if message.text and as_it_came not in self._known:
                self._known[as_it_came] = None
                yield message
        while len(self._known) > max(MAX_KNOWN, len(said)):
            del self._known[next(iter(self._known))]

    def _dated(self, said: list[Row], now: int) -> list[Message]:
        """From the newest back: each was said before the one after it, perhaps a day before."""
        latest, found = now, []
        for row in reversed(said):
            at = self._instant(text(row, "MESSAGETIME"), latest + _AHEAD_MS)
            latest = latest if at is None else min(at, latest)
            found.append(Message(text(row, "MESSAGEGROUP"), text(row, "MESSAGE"), at))
        return found[::-1]

    def _instant(self, time_of_day: str, not_after: int) -> int | None:
        """The last instant of this time of day at the track that is not after another."""
        match = _TIME.fullmatch(time_of_day)
        if match is None:
            return None
        try:
            clock = time(int(match[1]), int(match[2]), int(match[3] or 0))
            today = datetime.fromtimestamp(not_after / 1000, UTC).astimezone(self._zone).date()
        except (ValueError, OverflowError, OSError):
            return None
        at = self._at(today, clock)
        return at if at <= not_after else self._at(today - timedelta(days=1), clock)

    def _at(self, day: date, clock: time) -> int:
        return round(datetime.combine(day, clock, self._zone).timestamp() * 1000)


def car_number(message: str) -> str | None:
    """The number of the car that a message speaks of; `None` where there are several or none."""
    found = set(_CAR.findall(message))
    return found.pop() if len(found) == 1 else None


def _in_time(said: list[Row]) -> list[Row]:
    """By their ids where all have one; else as they stand, which is oldest first."""
    if all(number(row, "ID") is not None for row in said):
        return sorted(said, key=lambda row: number(row, "ID") or 0)
    return said
