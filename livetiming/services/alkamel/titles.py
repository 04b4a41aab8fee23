"""What the name of a lap-by-lap file says: which session, of what kind, after which hour."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import NamedTuple

from livetiming.racing import Kind

_HOUR = re.compile(r"(?:^|[\s_]+)hour[\s_]*(\d{1,3})(?=$|[\s_])", re.IGNORECASE)
_FORM = re.compile(r"^\d+[\s_]+(?:analysis|time[\s_]?cards)(?=[\s_]|$)", re.IGNORECASE)
_KINDS = (
    (Kind.WARMUP, re.compile(r"warm")),
    (Kind.QUALIFYING, re.compile(r"qual|hyperpole|superpole")),
    (Kind.PRACTICE, re.compile(r"practi[cs]e|\bfp\s?\d?\b")),
    (Kind.RACE, re.compile(r"\brace|sprint|\b\d+\s?h(?:ours?)?\b")),
    (Kind.TEST, re.compile(r"\btest|prologue")),
)
_BY_BEST_LAP = frozenset({Kind.WARMUP, Kind.QUALIFYING, Kind.PRACTICE, Kind.TEST})


class Title(NamedTuple):
    """What a file's name says.

    Args:
        stem: the name without its hour and its ending: files of one session share it.
        hour: of a file that goes to the end of this hour only; `None` where it says none.
    """

    stem: str
    hour: int | None

    @property
    def description(self) -> str:
        """The session in words: `Race` of `23_Analysis_Race`."""
        return " ".join(_FORM.sub("", self.stem).replace("_", " ").split()) or self.stem

    @property
    def kind(self) -> Kind:
        """Guessed from the words."""
        return kind_of(self.description)


def title_of(name: str) -> Title:
    """Read the name of a file.

    Args:
        name: with the folder that it lies in: `06_Hour 6/23_Time Cards_Race.CSV` is of hour 6 too.
    """
    path = PurePath(name)
    hour = _HOUR.search(path.stem) or _HOUR.search(path.parent.name)
    stem = _HOUR.sub("", path.stem).strip()
    return Title(stem or path.stem, int(hour[1]) if hour else None)


def kind_of(description: str) -> Kind:
    """Guess what a session is."""
    text = description.lower()
    return next((kind for kind, words in _KINDS if words.search(text)), Kind.OTHER)


def is_by_best_lap(kind: Kind) -> bool:
    """Whether the order of such a session is that of the best laps."""
    return kind in _BY_BEST_LAP
