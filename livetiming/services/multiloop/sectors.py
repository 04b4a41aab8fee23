"""Which sections of a track are its sectors: one after the other, they make a lap."""

from __future__ import annotations

import re

from livetiming.services.multiloop.records import Part
from livetiming.services.multiloop.table import MAX_SECTORS

DEFAULT_SECTORS = 3
_BY_NAME = re.compile(r"S0?(\d{1,2})", re.ASCII)


class Sectors:
    """The sectors of a track, by the names of its sections.

    Until a `$T` says how its sections follow each other, `S1`, `S2` … are taken by their names.
    """

    def __init__(self) -> None:
        self.count = DEFAULT_SECTORS
        self._numbers: dict[str, int] | None = None

    def learn(self, parts: tuple[Part, ...]) -> None:
        """Take the sections of the track; those that do not make a lap change nothing."""
        lap = _lap(parts)
        if lap and len(lap) <= MAX_SECTORS:
            self._numbers = {part.name: n for n, part in enumerate(lap, start=1)}
            self.count = len(lap)

    def number(self, section: str) -> int | None:
        """Which sector a section is, from 1; `None` for a speed trap, the pit lane, and others."""
        if self._numbers is not None:
            return self._numbers.get(section)
        named = _BY_NAME.fullmatch(section)
        number = int(named[1]) if named else 0
        return number if 1 <= number <= self.count else None


def _lap(parts: tuple[Part, ...]) -> list[Part]:
    """Sections from the start line on, each beginning where the one before ends, up to it again.

    Where two begin at one line the first that was named is the sector, as traps come last.
    """
    lap: list[Part] = []
    start = parts[0].start if parts else ""
    line = start
    while len(lap) < len(parts):
        following = next((part for part in parts if part.start == line and part not in lap), None)
        if following is None:
            return []
        lap.append(following)
        line = following.end
        if line == start:
            return lap
    return []
