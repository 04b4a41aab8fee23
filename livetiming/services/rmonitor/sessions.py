"""Which session a feed shows, told from its `$B` and `$E`."""

from __future__ import annotations

import re

from livetiming.racing import Column, ColumnType, Kind, columns
from livetiming.services import SessionSeen
from livetiming.services.rmonitor.records import Run

NAME = "RMonitor"
"""What a session is called until the feed names its track; it never names the series."""

COLUMNS = (
    *columns(
        "num", "state", "class", "team", "driver", "car", "laps", "gap", "int", "last", "best"
    ),
    Column("total", ColumnType.TIME, "Total", "time since the start at the last crossing"),
)
SPEED_COLUMNS = columns("speed", "best_speed")
_KINDS = (
    (Kind.WARMUP, re.compile(r"warm")),
    (Kind.QUALIFYING, re.compile(r"qual|\bq\d?\b")),
    (Kind.PRACTICE, re.compile(r"practi[cs]e|\bfp\s?\d?\b")),
    (Kind.RACE, re.compile(r"\brace|\b\d+\s?-?hours?\b")),
    (Kind.TEST, re.compile(r"\btest")),
)
_BY_BEST_LAP = frozenset({Kind.PRACTICE, Kind.QUALIFYING, Kind.WARMUP})


def kind_of(description: str) -> Kind:
    """Guess what a session is; a "Test Race" is a race, a "Race Practice" a practice."""
    text = description.lower()
    return next((kind for kind, words in _KINDS if words.search(text)), Kind.OTHER)


def is_by_best_lap(run: Run | None) -> bool:
    """Whether the order of this run is that of the best laps."""
    return run is not None and kind_of(run.description) in _BY_BEST_LAP


def describe(run: Run | None, venue: str | None, *, has_speeds: bool) -> SessionSeen:
    """Say which session it is.

    Args:
        run: `None` before the first `$B`.
        venue: the track.
        has_speeds: whether the feed sends `$SP` and `$SR`.
    """
    description = "" if run is None else run.description
    return SessionSeen(
        key=None if run is None else f"{run.number} {description}".strip(),
        name=venue or NAME,
        description=description,
        kind=kind_of(description),
        columns=COLUMNS + SPEED_COLUMNS if has_speeds else COLUMNS,
        venue=venue,
    )
