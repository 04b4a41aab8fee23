"""Which session a feed shows, told from its titles: it has no identity of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from livetiming.racing import Kind
from livetiming.services import SessionSeen

from livetiming_apex.columns import COLUMNS

NAME = "Apex Timing"
"""What a session is called until the feed names one."""
MAX_TITLE = 120
_KINDS = (
    (Kind.WARMUP, re.compile(r"warm")),
    (Kind.QUALIFYING, re.compile(r"qualif|chrono|zeittraining")),
    (Kind.PRACTICE, re.compile(r"practi[cs]e|essais|training|prove")),
    (Kind.RACE, re.compile(r"\brace|course|rennen|\bgara|carrera|final|sprint|endurance")),
)


class Titles(NamedTuple):
    """The lines of a feed that say what it shows; their names are the feed's."""

    title1: str = ""
    title2: str = ""
    track: str = ""

    def with_(self, said: Mapping[str, str]) -> Titles:
        """These, and what was said since."""
        return self._replace(**{name: text[:MAX_TITLE].strip() for name, text in said.items()})

    def describe(self) -> SessionSeen:
        """The session that these name; without a title nobody knows which it is."""
        titles = " · ".join(title for title in (self.title1, self.title2) if title)
        return SessionSeen(
            key=titles or None,
            name=self.title1 or self.track or NAME,
            description=self.title2,
            kind=_kind(titles),
            columns=COLUMNS,
            venue=self.track or None,
        )


def _kind(titles: str) -> Kind:
    text = titles.lower()
    return next((kind for kind, words in _KINDS if words.search(text)), Kind.OTHER)
