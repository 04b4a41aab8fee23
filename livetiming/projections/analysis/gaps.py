"""How far behind the leader, and the leader of its class, was each car after each lap?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.positions import Position


class Gap(msgspec.Struct, frozen=True, gc=False):
    """A car at the end of a lap, behind others.

    Args:
        lap: the lap.
        car: its id.
        num: its number as shown.
        leader_us: behind the leader, as the feed said then.
        leader_laps: the same where it is laps.
        class_us: behind the first of its class to complete that lap.
        class_laps: behind the leader of its class, where that is laps.
    """

    lap: int
    car: str
    num: str
    leader_us: int | None
    leader_laps: int | None
    class_us: int | None
    class_laps: int | None


def gaps(base: Holding, _at: int) -> list[Gap]:
    """Fold them: one for each row of the positions, in their order.

    Laps behind are counted when the car ends its lap: how many more the leader of its class has
    completed by then.
    """
    classes = {entry.car: entry.class_ for entry in base.entries}
    first: dict[tuple[str, int], Position] = {}
    ahead: dict[str, int] = {}
    found = []
    for row in base.positions:
        class_ = classes.get(row.car)
        class_us, class_laps = None, None
        if class_ is not None:
            leader = first.setdefault((class_, row.lap), row)
            ahead[class_] = max(row.lap, ahead.get(class_, 0))
            if ahead[class_] > row.lap:
                class_laps = ahead[class_] - row.lap
            else:
                class_us = between(leader, row)
        found.append(Gap(row.lap, row.car, row.num, row.gap_us, row.gap_laps, class_us, class_laps))
    return found


def between(ahead: Position, behind: Position) -> int:
    """How far one car was behind another after the same lap, microseconds.

    By the gaps to the leader where the feed gave both, else by when they were seen to end it.

    Args:
        ahead: the one car at the end of a lap.
        behind: the other at the end of the same; negative where it was before.
    """
    if ahead.gap_us is not None and behind.gap_us is not None:
        return behind.gap_us - ahead.gap_us
    return (behind.at - ahead.at) * 1000
