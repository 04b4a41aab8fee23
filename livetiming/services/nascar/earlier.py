"""What a race's documents told before its next run: practice and race share an address."""

from __future__ import annotations

from collections.abc import Hashable

MAX_REMEMBERED = 20_000


class Earlier:
    """Remembers what was told of one race, so that a later run does not tell it again."""

    def __init__(self) -> None:
        self._told: set[Hashable] = set()
        self._before: frozenset[Hashable] = frozenset()

    def is_of_now(self, identity: Hashable) -> bool:
        """Whether this was not told in an earlier run of the race."""
        if len(self._told) < MAX_REMEMBERED:
            self._told.add(identity)
        return identity not in self._before

    def next_run(self) -> None:
        """What was told until now is of the run before."""
        self._before = frozenset(self._told)
