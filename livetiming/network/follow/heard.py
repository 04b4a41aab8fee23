"""Who writes the session: the newest writer that was heard of late."""

from __future__ import annotations

from livetiming.network.follow.limits import SILENT_S


class Heard:
    """The writers of a session, and when each was last heard."""

    def __init__(self) -> None:
        self._at: dict[int, float] = {}

    def note(self, writer: int, now: float) -> None:
        """A writer said something."""
        self._at[writer] = now

    def newest(self, now: float) -> int | None:
        """The newest that is not silent: one that died young must not hide an older one."""
        gone = [writer for writer, at in self._at.items() if now - at >= SILENT_S]
        for writer in gone:
            del self._at[writer]
        return max(self._at, default=None)
