"""Who is first, overall and in each class?

By the word of the provider, who knows of penalties, of laps that nobody saw and of those that were
taken away; cars that left its table come after the others, by laps.
"""

from __future__ import annotations

import msgspec

from livetiming.projections.analysis.base import Holding
from livetiming.projections.analysis.by_car import best, laps_by_car
from livetiming.projections.analysis.positions import Position
from livetiming.projections.happenings import Entry
from livetiming.projections.happenings.bests import counts
from livetiming.racing import Kind

_BY_BEST_LAP = frozenset((Kind.PRACTICE, Kind.QUALIFYING, Kind.WARMUP, Kind.TEST))
_LAST = 2**53 - 1
"""Behind everybody: whatever counts is less."""


class Classified(msgspec.Struct, frozen=True, gc=False):
    """A car in its place.

    Args:
        position: overall, from 1.
        class_position: in its class, from 1; `None` without a class.
        car: its id.
        num: its number as shown.
        class_: its class.
        laps: completed.
        best_us: its best lap, by the word of the provider where it gives one.
        last_at: when it completed the last one.
        gap_us: behind the first: by when both completed this lap, or by best lap.
        gap_laps: behind the first, where it is laps.
        state: what it does.
    """

    position: int
    class_position: int | None
    car: str
    num: str
    class_: str | None
    laps: int
    best_us: int | None
    last_at: int | None
    gap_us: int | None
    gap_laps: int | None
    state: str | None


class _Standing(msgspec.Struct, gc=False):
    """What decides about the place of a car."""

    entry: Entry
    place: int
    laps: int
    best_us: int | None
    state: str | None
    last: Position | None


def classification(base: Holding, _at: int) -> list[Classified]:
    """Fold it: cars that are in the table, and those that left with a lap; equals as they came."""
    by_best = bool(base.lengths) and base.lengths[-1].kind in _BY_BEST_LAP
    standings = sorted(_standings(base), key=_by_place)
    places: dict[str | None, int] = {}
    found = []
    for place, standing in enumerate(standings, 1):
        class_ = standing.entry.class_
        places[class_] = places.get(class_, 0) + 1
        gap = (_gap_by_best if by_best else _gap)(standing, standings[0])
        found.append(_classified(standing, place, places[class_], gap))
    return found


def _standings(base: Holding) -> list[_Standing]:
    last: dict[str, Position] = {}
    for each in base.positions:
        if each.car not in last or each.lap > last[each.car].lap:
            last[each.car] = each
    laps = laps_by_car(base.laps)
    states = {row.car: row.state for row in base.states}
    places = {row.car: row.position for row in base.places}
    found = []
    for entry in base.entries:
        car, row = entry.car, last.get(entry.car)
        if entry.present or row is not None:
            seen_us = best(lap.time_us for lap in laps.get(car, ()) if counts(lap))
            best_us = seen_us if entry.best_us is None else entry.best_us
            done = (entry.from_lap or 0) if row is None else row.lap
            found.append(
                _Standing(entry, places.get(car, _LAST), done, best_us, states.get(car), row)
            )
    return found


def _by_place(standing: _Standing) -> tuple[int, int, int]:
    last_at = _LAST if standing.last is None else standing.last.at
    return standing.place, -standing.laps, last_at


def _gap(standing: _Standing, first: _Standing) -> tuple[int | None, int | None]:
    if standing.last is None or first.last is None:
        return None, None
    if first.laps > standing.laps:
        return None, first.laps - standing.laps
    if standing.last.gap_us is not None:
        return standing.last.gap_us, None
    return (standing.last.at - first.last.at) * 1000, None


def _gap_by_best(standing: _Standing, first: _Standing) -> tuple[int | None, int | None]:
    if standing.best_us is None or first.best_us is None:
        return None, None
    return standing.best_us - first.best_us, None


def _classified(
    standing: _Standing, place: int, in_class: int, gap: tuple[int | None, int | None]
) -> Classified:
    entry, last = standing.entry, standing.last
    return Classified(
        position=place,
        class_position=None if entry.class_ is None else in_class,
        car=entry.car,
        num=entry.num,
        class_=entry.class_,
        laps=standing.laps,
        best_us=standing.best_us,
        last_at=None if last is None else last.at,
        gap_us=gap[0],
        gap_laps=gap[1],
        state=standing.state,
    )
