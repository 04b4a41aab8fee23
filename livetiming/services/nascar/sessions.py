"""Which session the feed shows, and how it is called."""

from __future__ import annotations

from livetiming.racing import Kind
from livetiming.services import SessionSeen
from livetiming.services.nascar.fields import Fields, text, whole
from livetiming.services.nascar.table import COLUMNS, PRACTICE_COLUMNS, TRACK
from livetiming.services.nascar.weekend import Weekend

SERIES = {1: "NASCAR Cup Series", 2: "NASCAR Xfinity Series", 3: "NASCAR Truck Series"}
KINDS = {1: Kind.PRACTICE, 2: Kind.QUALIFYING, 3: Kind.RACE}
NO_LIMIT = 999
"""Laps of a session without a number of laps."""


def describe_run(feed: Fields, race: int, again: int) -> SessionSeen:
    """The session of a live feed.

    Args:
        feed: the document.
        race: its race id.
        again: how often this run went on after it was over.
    """
    run = whole(feed, "run_id") or 0
    kind = KINDS.get(whole(feed, "run_type") or 0, Kind.OTHER)
    key = f"{race}-{run}"
    return SessionSeen(
        key=f"{key}~{again + 1}" if again else key,
        name=_series(whole(feed, "series_id")),
        description=text(feed, "run_name"),
        kind=kind,
        columns=COLUMNS if kind is Kind.RACE else PRACTICE_COLUMNS,
        track=TRACK if kind is Kind.RACE else (),
        venue=text(feed, "track_name") or None,
    )


def describe_race(series: int | None, race: int | None, weekend: Weekend) -> SessionSeen:
    """The session of stored lap times, which name neither race nor series.

    Args:
        series: by their address.
        race: by their address.
        weekend: of this race, or an empty one.
    """
    key = race if race is not None else weekend.race
    return SessionSeen(
        key=None if key is None else str(key),
        name=_series(series or weekend.series),
        description=weekend.name or "Race",
        kind=Kind.RACE,
        columns=COLUMNS,
        track=TRACK,
        venue=weekend.venue,
    )


def _series(number: int | None) -> str:
    return SERIES.get(number or 0, "NASCAR")
