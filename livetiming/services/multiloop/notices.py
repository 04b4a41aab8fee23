"""Announcements as messages: each told once, with the time the timekeeper gives it."""

from __future__ import annotations

from livetiming.events import Origin, Posted, Style
from livetiming.services import Fact
from livetiming.services.multiloop.records import Announcement

MAX_KNOWN = 2_000
MAX_WAITING = 100
_QUARTER_MS = 15 * 60 * 1000
"""Zones differ by whole quarters of an hour."""


class Notices:
    """The announcements of a run.

    The server's clock may show local time: how far it is from UTC is told from a heartbeat, so
    announcements wait for the first.
    """

    def __init__(self) -> None:
        self._offset_ms: int | None = None
        self._waiting: list[Announcement] = []
        self._known: dict[tuple[str, int, str], None] = {}

    def set_clock(self, clock_at: int, at: int) -> list[Fact]:
        """Take what the server's clock shows at an instant.

        Returns: what waited for it.
        """
        if self._offset_ms is not None:
            return []
        self._offset_ms = round((clock_at - at) / _QUARTER_MS) * _QUARTER_MS
        waiting, self._waiting = self._waiting, []
        return [fact for one in waiting for fact in self.take(one)]

    def take(self, announcement: Announcement) -> list[Fact]:
        """Take an announcement; one that was withdrawn stays said."""
        if announcement.is_withdrawn or not announcement.text:
            return []
        if self._offset_ms is None:
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append(announcement)
            return []
        identity = (announcement.number, announcement.clock_at, announcement.text)
        if identity in self._known:
            return []
        self._remember(identity)
        return [self._fact(announcement, self._offset_ms)]

    def _remember(self, identity: tuple[str, int, str]) -> None:
        self._known[identity] = None
        if len(self._known) > MAX_KNOWN:
            del self._known[next(iter(self._known))]

    def _fact(self, announcement: Announcement, offset_ms: int) -> Fact:
        posted = Posted(
            category="Race Control",
            text=announcement.text,
            style=Style.RACE_CONTROL,
            origin=Origin.PROVIDER,
        )
        source_at = announcement.clock_at - offset_ms
        return Fact(posted, source_at if announcement.clock_at and source_at >= 0 else None)
