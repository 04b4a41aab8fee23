"""Which flag was shown when, and on which laps of the leader?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import (
    FlagChanged,
    Happening,
    SessionClosed,
    SessionReopened,
)


class FlagPeriod(msgspec.Struct, frozen=True, gc=False):
    """A flag while it was shown; `none` where none was.

    Args:
        flag: which.
        from_at: since when.
        to_at: until when; `None` while it is shown. At the end of a session its last one ends.
        from_lap: laps that the leader had completed before it was shown; one that ends as it is
            shown is the first under it.
        to_lap: before another one was; the difference is the laps completed under it.
    """

    flag: str
    from_at: int
    to_at: int | None
    from_lap: int | None
    to_lap: int | None


class Flags:
    """Periods without a hole from the first look to the end of the session."""

    def __init__(self) -> None:
        self.table = Table("flags", FlagPeriod)
        self._last: int | None = None

    def take(self, happening: Happening, at: int) -> None:
        """Take what became known at an instant."""
        match happening:
            case FlagChanged():
                self._end(happening.at, happening.lap, at)
                row = FlagPeriod(happening.now.value, happening.at, None, happening.lap, None)
                self._last = self.table.add(row, at)
            case SessionClosed():
                self._end(happening.at, happening.lap, at)
            case SessionReopened():
                self._end(None, None, at)

    def _end(self, to_at: int | None, to_lap: int | None, at: int) -> None:
        """Say when the last period ended, or that it has not ended after all."""
        if self._last is None:
            return
        last = self.table.rows[self._last]
        if (last.to_at is None) is not (to_at is None):
            self.table.withdraw(self._last, at)
            row = msgspec.structs.replace(last, to_at=to_at, to_lap=to_lap)
            self._last = self.table.add(row, at)
