"""The best laps and sectors of a file's cars, with their marks."""

from __future__ import annotations

from collections.abc import Iterable

from livetiming.racing import Mark
from livetiming.services.alkamel.rows import Timed

FINAL = 2
"""A rank from here on is that of a car's best when all was over, so nothing beats it."""
_SESSION_BEST = 3


class Best:
    """A car's best time, in the lap or in one sector of it.

    What the file marks as best is best for good: a faster time was taken away, before or after
    (Fuji 2024: 81 on lap 170; Imola 2025: 20 on lap 181). Where it has no marks the fastest is it.
    """

    __slots__ = ("is_final", "is_session_best", "lap", "since", "time_us")

    def __init__(self) -> None:
        self.time_us: int | None = None
        self.lap: int | None = None
        self.since = 0
        self.is_final = False
        self.is_session_best = False

    def offer(self, timed: Timed, lap: int, since: int, *, counts: bool) -> None:
        """Take a time, if it is the best.

        Args:
            timed: of this lap.
            lap: its number.
            since: how many rows were read; of two equal times the earlier one is best.
            counts: whether it counts without the file's mark.
        """
        is_final = timed.rank >= FINAL
        if timed.time_us is None or (self.is_final and not is_final):
            return
        is_better = counts and (self.time_us is None or timed.time_us < self.time_us)
        if not (is_final or is_better or self.lap == lap):
            return
        if (self.time_us, self.lap) != (timed.time_us, lap):
            self.time_us, self.lap, self.since = timed.time_us, lap, since
        self.is_final = is_final
        self.is_session_best = timed.rank == _SESSION_BEST

    def mark(self, lap: int, *, is_fastest: bool) -> Mark | None:
        """What the time of this lap is worth.

        Args:
            lap: its number.
            is_fastest: whether no car has a better one.
        """
        if self.lap != lap:
            return None
        return Mark.SB if is_fastest else Mark.PB


def fastest(bests: Iterable[Best]) -> Best | None:
    """The session best of them, the earlier of two equal ones."""
    return min((best for best in bests if best.time_us is not None), key=_rank, default=None)


def _rank(best: Best) -> tuple[bool, int, int]:
    return not best.is_session_best, best.time_us or 0, best.since
