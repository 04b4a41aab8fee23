"""What a parser meets and does not know: told once for each kind, and passed over."""

from __future__ import annotations

from collections import deque

from livetiming.services.api import BadFrame

MAX_KINDS = 100
"""Kinds that are told; a feed of nothing but new kinds is not worth more lines."""


class Strange:
    """Remembers what was met, so that a parser can read on and tell at the end of the frame."""

    def __init__(self) -> None:
        self._met: set[tuple[str, str]] = set()
        self._untold: deque[BadFrame] = deque()

    def meet(self, kind: str, what: str) -> None:
        """Something unknown was passed over.

        Args:
            kind: a short name of it, such as `topic`.
            what: which one.
        """
        met = (kind, what[:40])
        if met not in self._met and len(self._met) < MAX_KINDS:
            self._met.add(met)
            self._untold.append(BadFrame(f"unknown {kind}", repr(what[:40])))

    def tell(self) -> None:
        """Call it when all that is known of a frame was read.

        Raises: `BadFrame` where something was met for the first time; of several things one, and
            the next one with the next frame.
        """
        if self._untold:
            raise self._untold.popleft()
