"""Slow zones, which the feed tells in race control's words only."""

from __future__ import annotations

import re

from livetiming.racing import Flag

_ZONE = re.compile(r"\s*(?P<what>slow\s?-?zone|code\s?-?60)(?!\w)", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:clear(?:ed)?|end(?:s|ed)?|over|lifted|removed|withdrawn|aufgehoben|beendet|ende)\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
MAX_ZONES = 20


class Zones:
    """The zones that are open."""

    def __init__(self) -> None:
        self._open: dict[tuple[Flag, tuple[str, ...]], str] = {}
        """The messages, by kind and by the numbers in them, such as those of posts."""

    @property
    def flag(self) -> Flag | None:
        """The graver kind of those that are open."""
        flags = [flag for flag, _ in self._open]
        return Flag.CODE_60_ZONE if Flag.CODE_60_ZONE in flags else next(iter(flags), None)

    @property
    def words(self) -> str | None:
        """All that are open, in race control's words."""
        return "; ".join(self._open.values()) or None

    def hear(self, message: str) -> None:
        """Race control has said something.

        Only a message that begins with the zone, and speaks of no car, is about a zone: others
        are about who was too fast in one.
        """
        match = _ZONE.match(message)
        if match is None or "#" in message:
            return
        flag = Flag.SLOW_ZONE if match["what"][0] in "sS" else Flag.CODE_60_ZONE
        rest = message[match.end() :]
        where = tuple(_NUMBERS.findall(rest))
        is_over = _OVER.search(rest) is not None
        if is_over:
            self._close(flag, where)
        elif (flag, where) in self._open or len(self._open) < MAX_ZONES:
            self._open[flag, where] = message.strip()

    def _close(self, flag: Flag, where: tuple[str, ...]) -> None:
        """A message that ends zones and names no place ends all of its kind."""
        for zone in list(self._open):
            if zone == (flag, where) or (zone[0] is flag and not where):
                del self._open[zone]
