"""How much of the session was under which flag?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.by_car import share


class FlagShare(msgspec.Struct, frozen=True, gc=False):
    """A flag over all of the session so far.

    Args:
        flag: which.
        laps: of the leader, completed under it.
        time_us: how long it was shown.
        share: of the time of all flags.
    """

    flag: str
    laps: int
    time_us: int
    share: float | int | None


def flag_shares(base: Holding, at: int) -> list[FlagShare]:
    """Fold them, in the order in which they were shown first.

    Args:
        base: the periods; of the one that goes on, and so of its laps, as much as there is.
        at: now.
    """
    leader = max((row.lap for row in base.positions), default=None)
    times: dict[str, int] = {}
    laps: dict[str, int] = {}
    for period in base.flags:
        to_at = at if period.to_at is None else period.to_at
        to_lap = leader if period.to_at is None else period.to_lap
        times[period.flag] = times.get(period.flag, 0) + to_at - period.from_at
        counted = 0 if to_lap is None else max(0, to_lap - (period.from_lap or 0))
        laps[period.flag] = laps.get(period.flag, 0) + counted
    total = sum(times.values())
    return [
        FlagShare(flag, laps[flag], time_ms * 1000, share(time_ms, total))
        for flag, time_ms in times.items()
    ]
