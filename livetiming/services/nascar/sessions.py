"""Which session the feed shows, and how it is called."""

from __future__ import annotations

from livetiming.racing import Kind
from livetiming.services import SessionSeen
from livetiming.services.nascar.fields import Fields, count, record, records, text, whole
from livetiming.services.nascar.table import COLUMNS, PRACTICE_COLUMNS, TRACK

SERIES = {1: "NASCAR Cup Series", 2: "NASCAR Xfinity Series", 3: "NASCAR Truck Series"}
KINDS = {1: Kind.PRACTICE, 2: Kind.QUALIFYING, 3: Kind.RACE}
NO_LIMIT = 999
"""Laps of a session without a number of laps."""
MAX_STAGES = 4


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


class Weekend:
    """What the document of a race weekend says of its race.

    Args:
        race: of the document, an empty one where there is none.
    """

    def __init__(self, race: Fields) -> None:
        self.race = whole(race, "race_id")
        self.series = whole(race, "series_id")
        self.name = text(race, "race_name")
        self.venue = text(race, "track_name") or None
        self.laps = count(race, "actual_laps") or count(race, "scheduled_laps")
        lengths = [count(race, f"stage_{n}_laps") or 0 for n in range(1, MAX_STAGES + 1)]
        self.stage_ends = [sum(lengths[: n + 1]) for n in range(MAX_STAGES) if lengths[n]]

    def stage_at(self, laps: int) -> tuple[int, int] | None:
        """The stage that is on when the leader has so many laps, and the laps to its end."""
        stages = enumerate(self.stage_ends, start=1)
        found = next(((n, end - laps) for n, end in stages if laps < end), None)
        return found or ((len(self.stage_ends), 0) if self.stage_ends else None)


def read_weekend(document: object) -> Weekend:
    """Read a document of a race weekend."""
    races = records(record(document).get("weekend_race"))
    return Weekend(races[0] if races else {})


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
