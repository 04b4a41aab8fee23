"""A race weekend: what the race is called, and how long it and its stages are."""

from __future__ import annotations

from livetiming.services.nascar.fields import Fields, count, record, records, text, whole

MAX_STAGES = 4


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
