"""The invented circuit: its loops, sectors, pit lane and the time each stretch takes."""

from __future__ import annotations

NAME = "Lakemoor Ring"
TIMEZONE = "Europe/London"

LOOPS = 24
"""Timing loops in the road; loop 0 is the finish line."""
PIT_ENTRY = 23
"""Behind this loop the pit lane branches off; it crosses the finish line."""
SECTOR_ENDS = {8: "s1", 16: "s2", 0: "s3"}
SPEED_TRAPS = {3: 0.86, 12: 0.92, 20: 1.0}
"""Loops that measure speed, and what part of its top speed a car reaches there."""
GAP_LOOPS = frozenset({0, 8, 16})
"""Where the feed says the gap to the leader."""
INTERVAL_LOOPS = frozenset(loop for loop in range(LOOPS) if loop not in SPEED_TRAPS)
"""Where it says the gap to the car ahead."""

_WEIGHTS = (9, 10, 11, 8, 10, 12, 9, 10, 11, 10, 9, 12, 10, 8, 11, 10, 9, 10, 12, 9, 10, 11, 10, 9)


def stretches(lap_us: int) -> tuple[int, ...]:
    """How long each stretch takes, from each loop to the next, microseconds."""
    whole = sum(_WEIGHTS)
    return tuple(lap_us * weight // whole for weight in _WEIGHTS)


def zone(loop: int) -> tuple[int, int]:
    """The two stretches that marshals close around a car that stopped at a loop."""
    return (loop - 1) % LOOPS, loop % LOOPS
