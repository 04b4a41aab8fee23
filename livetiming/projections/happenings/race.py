"""What is of the whole session: its flag, and how long it is to be."""

from __future__ import annotations

from livetiming.events import Clock
from livetiming.projections.happenings.kinds import FlagChanged, Length, LengthChanged
from livetiming.projections.happenings.moment import Moment
from livetiming.racing import Flag


class Race:
    """The flag and the length of a session, as they were said last."""

    def __init__(self) -> None:
        self._flag: Flag | None = None
        self.has_begun = False
        self._length: tuple[str | None, int | None, int | None, int | None] | None = None

    def look(self, now: Moment, laps: int | None) -> None:
        """See whether session fields that changed mean something.

        Args:
            now: takes what they mean.
            laps: that the leader had completed before this instant.
        """
        self.has_begun = True
        told = now.state.session.get("flag")
        flag = Flag(told) if isinstance(told, str) else Flag.NONE
        if flag is not self._flag:
            before, self._flag = self._flag, flag
            now.found.append(FlagChanged(now.at, before, flag, laps))
        self.measure(now)

    def measure(self, now: Moment) -> None:
        """See whether the session is to be of another length, or of another kind."""
        session, described = now.state.session, now.state.described
        kind = None if described is None else described.kind.value
        length = kind, _laps_total(session), *_end(session.get("remaining"))
        if length != self._length:
            self._length = length
            now.found.append(LengthChanged(Length(now.at, *length)))


def _laps_total(session: dict[str, str | int | float | Clock]) -> int | None:
    total, left, laps = map(session.get, ("laps_total", "laps_remaining", "laps"))
    if type(total) is int:
        return total
    return left + laps if type(left) is int and type(laps) is int else None


def _end(remaining: object) -> tuple[int | None, int | None]:
    """When a clock will be at 0, while it runs; else what it shows."""
    if not isinstance(remaining, Clock):
        return None, None
    if remaining.runs:
        return remaining.at + remaining.value_us // 1000, None
    return None, remaining.value_us
