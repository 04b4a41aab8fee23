"""A stored race as it went: lap times, stops and flags in the order of time, in small parts.

Each part has the form of the document that it is of, so a parser reads it as it reads the whole.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from livetiming.services import Frame
from livetiming.services.nascar.fields import Fields, count, duration_us, instant, record, records
from livetiming.services.nascar.flag_feed import flag_records
from livetiming.services.nascar.stored import Stored


class _Crossing(NamedTuple):
    """A lap that ended.

    Args:
        at_ms: since the start.
        lap: which; 0 is the grid.
        place: in the document.
        entry: the car's.
        fields: the lap's.
    """

    at_ms: int
    lap: int
    place: int
    entry: Fields
    fields: Fields


def replay(
    laps: Stored, stops: Stored | None, flags: Stored | None, start_at: int
) -> Iterator[Frame]:
    """Play a race.

    Args:
        laps: its lap times.
        stops: its pit feed, if there is one.
        flags: its flag feed, if there is one.
        start_at: when its first lap began.
    Returns: frames in the order of time.
    """
    streams = [_laps(laps, start_at)]
    if flags is not None:
        streams.append(_flags(flags, start_at))
    if stops is not None:
        streams.append(_stops(stops, start_at))
    return heapq.merge(*streams, key=lambda frame: frame.at)


def start_by_flags(flags: object) -> int | None:
    """When race time was zero, by a flag feed; `None` where it does not say.

    The first green flag has a race time of zero too, but the clock started seconds later (2023).
    """
    for entry in flag_records(flags):
        race_us, at = duration_us(entry, "elapsed_time"), instant(entry, "time_of_day_os")
        if race_us is not None and at is not None:
            return at - race_us // 1000
    return None


def last_lap(laps: object) -> int:
    """The last lap that anybody completed."""
    entries = records(record(laps).get("laps"))
    return max(
        (count(lap, "Lap") or 0 for e in entries for lap in records(e.get("Laps"))), default=0
    )


def length_ms(laps: object) -> int:
    """From the start to the last crossing."""
    entries = records(record(laps).get("laps"))
    return max((crossing.at_ms for crossing in _crossings(entries)), default=0)


def _laps(stored: Stored, start_at: int) -> Iterator[Frame]:
    """Crossings by instant; the flag of a lap is shown when the first car completes it.

    At the end every car comes once more without laps, in its official place.
    """
    document = record(stored.content)
    entries = records(document.get("laps"))
    shown = {count(each, "LapsCompleted"): each for each in records(document.get("flags"))}
    last_ms = 0
    for at_ms, together in groupby(
        sorted(_crossings(entries), key=itemgetter(0, 1, 2)), itemgetter(0)
    ):
        crossings, last_ms = list(together), at_ms
        flags = [shown.pop(lap) for lap in dict.fromkeys(c.lap for c in crossings) if lap in shown]
        parts = [_part(crossing) for crossing in crossings]
        yield _frame(stored, start_at + at_ms, {"laps": parts, "flags": flags})
    officially = [{**entry, "Laps": []} for entry in entries]
    yield _frame(stored, start_at + last_ms, {"laps": officially, "flags": []})


def _crossings(entries: list[Fields]) -> Iterator[_Crossing]:
    for place, entry in enumerate(entries):
        total_us = 0
        for lap in records(entry.get("Laps")):
            total_us += duration_us(lap, "LapTime") or 0
            number = count(lap, "Lap")
            if number is not None:
                yield _Crossing(total_us // 1000, number, place, entry, lap)


def _part(crossing: _Crossing) -> Mapping[str, Any]:
    """The entry with this lap alone; the official place is only known at the end."""
    entry = {name: value for name, value in crossing.entry.items() if name != "RunningPos"}
    return {**entry, "Laps": [crossing.fields]}


def _flags(stored: Stored, start_at: int) -> Iterator[Frame]:
    """Each record at its own instant."""
    entries = flag_records(stored.content)
    dated = [(_flag_at(entry, start_at), n, entry) for n, entry in enumerate(entries)]
    for at, _, entry in sorted(dated, key=itemgetter(0, 1)):
        yield _frame(stored, max(at, start_at), [entry])


def _flag_at(entry: Fields, start_at: int) -> int:
    at = instant(entry, "time_of_day_os")
    return start_at + (duration_us(entry, "elapsed_time") or 0) // 1000 if at is None else at


def _stops(stored: Stored, start_at: int) -> Iterator[Frame]:
    """Each stop when it began, as it was then, and when it ended."""
    parts = []
    for n, entry in enumerate(records(stored.content)):
        in_us = duration_us(entry, "pit_in_race_time")
        out_us = duration_us(entry, "pit_out_race_time")
        if in_us is not None:
            parts.append((in_us, n, {**entry, "pit_out_race_time": 0}))
        if in_us is not None and out_us is not None:
            parts.append((out_us, n, dict(entry)))
    for race_us, _, entry in sorted(parts, key=itemgetter(0, 1)):
        yield _frame(stored, start_at + race_us // 1000, [entry])


def _frame(stored: Stored, at: int, content: object) -> Frame:
    return Frame(at, stored.channel, msgspec.json.encode(content))
