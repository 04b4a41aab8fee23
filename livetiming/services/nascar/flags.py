"""Flags, as numbers in the feed."""

from __future__ import annotations

from livetiming.racing import Flag

RED = 3
CHEQUERED = 4
BEFORE = 8
"""The track is warm: nothing has started."""
OVER = 9
"""The track is cold: every finished race ends with it (2014 to 2023)."""

FLAGS = {
    1: Flag.GREEN,
    2: Flag.CAUTION,
    RED: Flag.RED,
    CHEQUERED: Flag.CHEQUERED,
    5: Flag.WHITE,
    BEFORE: Flag.NONE,
    OVER: Flag.CHEQUERED,
}
STARTED = frozenset({1, 2, RED, CHEQUERED, 5})
"""Under these a clock may run and cars are on their way."""
