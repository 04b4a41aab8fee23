"""What happens next: the race's own time, which jumps from one happening to the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable

Action = Callable[[int], None]
"""Takes the instant it happens at, microseconds from the first picture on."""


class Agenda:
    """Actions in the order of their instants; those of one instant in the order of asking."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Action]] = []
        self._asked = 0

    def add(self, at_us: int, action: Action) -> None:
        """Let something happen."""
        self._asked += 1
        heapq.heappush(self._heap, (at_us, self._asked, action))

    def run(self, until_us: int) -> None:
        """Let everything happen up to an instant, that one included."""
        heap = self._heap
        while heap and heap[0][0] <= until_us:
            at_us, _, action = heapq.heappop(heap)
            action(at_us)
