"""Which session a feed shows, and what kind its name or number says."""

from __future__ import annotations

import re

import msgspec

from livetiming.racing import Kind
from livetiming.services import SessionSeen
from livetiming.services.hhtiming.table import DEFAULT_SECTORS, TRACK, table

NAME = "HH Timing"
"""What a session is called until the feed names its event."""
_TYPES = {1: Kind.PRACTICE, 2: Kind.QUALIFYING, 3: Kind.RACE}
"""Type 3 was a race at Sebring in 2019; the others are inferred."""
_WORDS = (
    (Kind.WARMUP, re.compile(r"warm")),
    (Kind.QUALIFYING, re.compile(r"qual|\bq\d?\b")),
    (Kind.PRACTICE, re.compile(r"practi[cs]e|\bfp\s?\d?\b")),
    (Kind.RACE, re.compile(r"\brace|\brennen|\b\d+\s?-?(hours?|h)\b")),
    (Kind.TEST, re.compile(r"\btest")),
)
_BY_BEST_LAP = frozenset({Kind.PRACTICE, Kind.QUALIFYING, Kind.WARMUP, Kind.TEST})


class Session(msgspec.Struct):
    """What is known of the session that is open.

    Args:
        key: the feed's own identity of it.
        event: its event.
        description: in words.
        type_: the feed's number for its kind.
        venue: the track.
        sectors: how many the track has.
        has_speeds: whether the feed tells speeds.
        has_weather: whether it tells the weather.
    """

    key: str | None = None
    event: str = ""
    description: str = ""
    type_: int | None = None
    venue: str | None = None
    sectors: int = DEFAULT_SECTORS
    has_speeds: bool = False
    has_weather: bool = False

    @property
    def kind(self) -> Kind:
        """By its number, else by words of its description."""
        known = _TYPES.get(self.type_ or 0)
        return kind_of(self.description) if known is None else known

    @property
    def is_by_best_lap(self) -> bool:
        """Whether the order is that of the best laps."""
        return self.kind in _BY_BEST_LAP

    def described(self) -> SessionSeen:
        """Say which session it is."""
        return SessionSeen(
            key=self.key,
            name=self.event or NAME,
            description=self.description,
            kind=self.kind,
            columns=table(self.sectors, has_speeds=self.has_speeds),
            track=TRACK if self.has_weather else (),
            venue=self.venue,
        )


def kind_of(description: str) -> Kind:
    """Guess what a session is."""
    text = description.lower()
    return next((kind for kind, words in _WORDS if words.search(text)), Kind.OTHER)
