"""When will the session end, and after how many laps, if all goes on as it does now?"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.by_car import divided
from livetiming.projections.happenings import Lap
from livetiming.racing import Kind

_PACE = 5
"""The pace is that of the leader's last laps, so many."""


class Prediction(msgspec.Struct, frozen=True, gc=False):
    """The end of a session, as it looks now.

    Args:
        leader: the car that is first by laps.
        laps: it has completed.
        pace_us: its present lap time: the mean of its last five that are no in or out laps.
        ends_at: when the session ends: a race of distance with its last lap, one of time with the
            first crossing after the clock is at 0, anything else when the clock is.
        laps_total: of the leader by then; of a race alone.
        by: `laps` or `time`, whichever comes first.
    """

    leader: str | None
    laps: int
    pace_us: int | None
    ends_at: int
    laps_total: int | None
    by: str


def predictions(base: Holding, at: int) -> list[Prediction]:
    """One row, or none where the session is over, or nothing says how long it is to be."""
    is_over = bool(base.flags) and base.flags[-1].to_at is not None
    if is_over or not base.lengths:
        return []
    length = base.lengths[-1]
    ends_at = length.ends_at
    if ends_at is None and length.remaining_us is not None:
        ends_at = at + length.remaining_us // 1000
    if length.kind != Kind.RACE:
        return [] if ends_at is None else [Prediction(None, 0, None, ends_at, None, "time")]
    laps = _of_leader(base.laps)
    pace_us = _pace_us(laps)
    if not laps or pace_us is None:
        return []
    found = [
        each
        for each in (
            _by_laps(laps[-1], pace_us, length.laps_total),
            _by_time(laps[-1], pace_us, ends_at),
        )
        if each is not None
    ]
    return sorted(found, key=_end)[:1]


def _end(prediction: Prediction) -> int:
    return prediction.ends_at


def _of_leader(laps: list[Lap]) -> list[Lap]:
    """The laps of the car that has most, of equals of the one that completed them first."""
    leader: Lap | None = None
    for lap in laps:
        if leader is None or (-lap.lap, lap.at) < (-leader.lap, leader.at):
            leader = lap
    if leader is None:
        return []
    return sorted((lap for lap in laps if lap.car == leader.car), key=_number)


def _number(lap: Lap) -> int:
    return lap.lap


def _pace_us(laps: list[Lap]) -> int | None:
    times = [lap.time_us or 0 for lap in laps if not (lap.in_lap or lap.out_lap)][-_PACE:]
    return divided(sum(times), len(times)) or None


def _by_laps(last: Lap, pace_us: int, total: int | None) -> Prediction | None:
    if total is None:
        return None
    left = max(0, total - last.lap)
    ends_at = last.at + left * pace_us // 1000
    return Prediction(last.car, last.lap, pace_us, ends_at, last.lap + left, "laps")


def _by_time(last: Lap, pace_us: int, zero_at: int | None) -> Prediction | None:
    if zero_at is None:
        return None
    left = max(0, -((last.at - zero_at) * 1000 // pace_us))
    ends_at = last.at + left * pace_us // 1000
    return Prediction(last.car, last.lap, pace_us, ends_at, last.lap + left, "time")
