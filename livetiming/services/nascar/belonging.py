"""Which stored documents belong together: the same race, be it that they say so or show it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from livetiming.services.nascar import addresses
from livetiming.services.nascar.addresses import Document
from livetiming.services.nascar.fields import count, record, records, whole
from livetiming.services.nascar.flag_feed import flag_records
from livetiming.services.nascar.replay import last_lap
from livetiming.services.nascar.stored import Stored
from livetiming.services.nascar.weekend import read_weekend

_BESIDE = (Document.STOPS, Document.FLAGS)


def is_of(stored: Stored, *documents: Document) -> bool:
    """Whether it is one of these documents."""
    return stored.address is not None and stored.address.document in documents


class Races:
    """The races of a capture.

    Args:
        stored: all documents but live feeds.
        looked: races of the live feeds.
    """

    def __init__(self, stored: Sequence[Stored], looked: Collection[int | None]) -> None:
        self._weekends = [each for each in stored if is_of(each, Document.WEEKEND)]
        self.laps = [self._named(each) for each in stored if is_of(each, Document.LAPS)]
        named = {race for each in self.laps if (race := _race_of(each)) is not None}
        self._races = sorted(named | {race for race in looked if race is not None})
        left = [each for each in stored if not is_of(each, Document.LAPS, Document.WEEKEND)]
        self._left = [self._addressed(each) for each in left]

    def _named(self, laps: Stored) -> Stored:
        """Lap times do not say of which race they are; a weekend with their drivers does."""
        if _race_of(laps) is not None:
            return laps
        for weekend in self._weekends:
            known = read_weekend(weekend.content)
            if known.race is not None and _drivers(laps) <= _results(weekend):
                channel = addresses.laps(known.series or 0, known.race)
                return laps._replace(channel=channel)
        return laps

    def _addressed(self, stored: Stored) -> Stored:
        """Flags say of which race they are by its last lap; else there is but one race."""
        if not self._races or stored.address is None or stored.address.race is not None:
            return stored
        race = self._races[0] if len(self._races) == 1 else None
        if stored.address.document is Document.FLAGS:
            race = self._race_by_last_lap(stored) or race
        if race is None:
            return stored._replace(channel=f"{stored.path.name} of one of several races")
        make = addresses.flags if stored.address.document is Document.FLAGS else addresses.stops
        return stored._replace(channel=make(0, race))

    def _race_by_last_lap(self, flags: Stored) -> int | None:
        last = max((count(e, "lap_number") or 0 for e in flag_records(flags.content)), default=0)
        same = [_race_of(each) for each in self.laps if last and last_lap(each.content) == last]
        return same[0] if len(same) == 1 else None

    def beside(self, laps: Stored, document: Document) -> Stored | None:
        """The other document of a race whose laps are stored; `None` where there is none."""
        if document is Document.WEEKEND:
            found = [w for w in self._weekends if _race_in(w) == _race_of(laps) is not None]
        else:
            found = [
                each
                for each in self._left
                if is_of(each, document) and _race_of(each) == _race_of(laps)
            ]
        return found[0] if found else None

    def without_laps(self) -> list[Stored]:
        """What is left for the live feeds, and what nobody knows."""
        played = {_race_of(each) for each in self.laps}
        return [e for e in self._left if not (is_of(e, *_BESIDE) and _race_of(e) in played)]


def _race_of(stored: Stored) -> int | None:
    return None if stored.address is None else stored.address.race


def _race_in(weekend: Stored) -> int | None:
    return read_weekend(weekend.content).race


def _drivers(laps: Stored) -> set[int | None]:
    return {whole(each, "NASCARDriverID") for each in records(record(laps.content).get("laps"))}


def _results(weekend: Stored) -> set[int | None]:
    races = records(record(weekend.content).get("weekend_race"))
    results = records(races[0].get("results")) if races else []
    return {whole(each, "driver_id") for each in results}
