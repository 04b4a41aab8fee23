"""The order on the road, from the lines that cars were seen to cross."""

from __future__ import annotations

from functools import cmp_to_key

from livetiming.services.hhtiming.car import Car

SURE_LINES = 2
"""A car that is so many lines further is ahead, though the other may have been missed at one
(at Sebring in 2019 two cars of 25 were, at lines that did not follow each other)."""


def _compare(car: Car, other: Car) -> int:
    """Who has more laps is ahead, then who is surely further, then who was first at a line that
    both crossed last; so one line where a car was missed does not cost it a place.
    """
    (laps, line), (other_laps, other_line) = car.point, other.point
    if laps != other_laps:
        return other_laps - laps
    if abs(line - other_line) >= SURE_LINES:
        return other_line - line
    for common in range(min(line, other_line), -1, -1):
        at_us = car.passages_us.get((laps, common))
        other_us = other.passages_us.get((laps, common))
        if at_us is not None and other_us is not None and at_us != other_us:
            return at_us - other_us
    return other_line - line or car.arrival - other.arrival


on_the_road = cmp_to_key(_compare)
"""The key to sort cars by."""
