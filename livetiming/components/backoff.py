"""How long to wait before a program that died is started again."""

from __future__ import annotations

FIRST_S = 0.2
LONGEST_S = 5.0
STEADY_S = 60.0
"""A program that ran so long died of something new."""


class Backoff:
    """Doubles with each death, from 0.2 s on.

    Args:
        longest_s: it gets no longer than that.
    """

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._longest_s = longest_s
        self._next_s = FIRST_S

    def after(self, ran_s: float) -> float:
        """How long to wait now.

        Args:
            ran_s: how long the program ran.
        """
        wait_s = FIRST_S if ran_s >= STEADY_S else self._next_s
        self._next_s = min(2 * wait_s, self._longest_s)
        return wait_s
