"""How much a follower keeps, asks for and waits for; the same numbers in the browser."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """What a simulation makes smaller, so that its short sessions reach them.

    Args:
        waiting_lines: so many lines wait for those before them; with more, all are dropped.
        waiting_bytes: of them together.
        answer_lines: so many lines are asked for at once.
        far_behind: with more lines to catch up than this, the snapshot is taken.
    """

    waiting_lines: int = 500
    waiting_bytes: int = 2 * 1024 * 1024
    answer_lines: int = 500
    far_behind: int = 2_000


SILENT_S = 15.0
"""A writer that was not heard for so long is gone, or cut off."""
CALL_S = 5.0
"""A call that takes longer has failed."""
LOOK_S = 2.5
"""So often a follower looks whether it lacks something."""
SPREAD_S = (0.1, 0.9)
"""A hole is asked for after the first and a random part of the second: not by all at once."""
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
"""Between them the pauses after failures double."""
