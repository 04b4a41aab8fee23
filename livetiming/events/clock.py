"""Clocks that are not ticked: what one shows at an instant, and when a new one is needed."""

from __future__ import annotations

from livetiming.events.model import Clock

TOLERANCE_US = 1_500_000
"""A clock that is off by less goes on as it is; feeds cut theirs to the second."""


def read(clock: Clock, at: int, *, down: bool) -> int:
    """What a clock shows at an instant.

    Args:
        clock: the clock.
        at: the instant, epoch ms.
        down: whether it counts down, to 0.
    Returns: microseconds.
    """
    if not clock.runs:
        return clock.value_us
    passed_us = (at - clock.at) * 1000
    return max(0, clock.value_us - passed_us) if down else clock.value_us + passed_us


def steady(known: Clock, seen: Clock, *, down: bool) -> Clock:
    """Keep the known clock while it is still right, so that nothing is said each second.

    Args:
        known: the clock that was said last.
        seen: the clock that the feed shows now.
        down: whether it counts down.
    Returns: one of the two.
    """
    if known.runs != seen.runs:
        return seen
    off_us = read(known, seen.at, down=down) - seen.value_us
    return known if abs(off_us) <= TOLERANCE_US else seen
