"""Stored documents of races as frames: a folder, or files, in whatever order."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from livetiming.errors import BadCapture
from livetiming.services import CaptureHints, Frame
from livetiming.services.nascar.addresses import Document
from livetiming.services.nascar.belonging import Races, is_of
from livetiming.services.nascar.fields import record, whole
from livetiming.services.nascar.replay import length_ms, replay, start_by_flags
from livetiming.services.nascar.stored import Stored, live_at, local_at, read_stored, weekend_at

_APART_MS = 60_000
"""Between two races that nobody knows the day of."""


class _Look(NamedTuple):
    """A live feed that is read again when its time comes: there may be thousands.

    Args:
        at: when it was made.
        place: among the files.
        path: its file.
        race: which race it shows.
    """

    at: int
    place: int
    path: Path
    race: int | None


def read_captures(paths: Sequence[Path], hints: CaptureHints) -> Iterator[Frame]:
    """Read stored documents: looks at their own times, lap times as a race from start to end.

    Args:
        paths: files, or folders of them, in any order.
        hints: the day and the zone, for documents without a date.
    Returns: a frame for each look; of stored laps one for each instant at which somebody crossed
        the line; all in the order of time.
    Raises: `BadCapture` where there is no document that we know.
    """
    looks, beside = _sort(paths, hints)
    if not looks and not any(each.address for each in beside):
        raise BadCapture(f"{paths[0]}: expected stored documents of a race, *.json")
    races = Races(beside, {look.race for look in looks})
    streams = [*_played(races, hints), _play(looks, races, hints)]
    return heapq.merge(*streams, key=lambda frame: frame.at)


def _sort(paths: Sequence[Path], hints: CaptureHints) -> tuple[list[_Look], list[Stored]]:
    looks: list[_Look] = []
    beside: list[Stored] = []
    for place, file in enumerate(file for path in paths for file in _files(path)):
        stored = read_stored(file)
        if is_of(stored, Document.LIVE):
            feed = record(stored.content)
            looks.append(_Look(live_at(feed, hints), place, file, whole(feed, "race_id")))
        else:
            beside.append(stored)
    return sorted(looks), beside


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix == ".json" and file.is_file())


def _played(races: Races, hints: CaptureHints) -> Iterator[Iterator[Frame]]:
    """Races from the day that the user says on, one after the other where they have no date."""
    free_at = local_at(hints, 0)
    for laps in races.laps:
        start_at = _start(laps, races)
        if start_at is None:
            start_at, free_at = free_at, free_at + length_ms(laps.content) + _APART_MS
        yield _race(laps, races, start_at)


def _start(laps: Stored, races: Races) -> int | None:
    flags, weekend = races.beside(laps, Document.FLAGS), races.beside(laps, Document.WEEKEND)
    start_at = start_by_flags(flags.content) if flags else None
    if start_at is None and weekend is not None:
        start_at = weekend_at(weekend.content)
    return start_at


def _race(laps: Stored, races: Races, start_at: int) -> Iterator[Frame]:
    weekend = races.beside(laps, Document.WEEKEND)
    if weekend is not None:
        yield Frame(start_at, weekend.channel, weekend.text)
    stops, flags = races.beside(laps, Document.STOPS), races.beside(laps, Document.FLAGS)
    yield from replay(laps, stops, flags, start_at)


def _play(looks: Sequence[_Look], races: Races, hints: CaptureHints) -> Iterator[Frame]:
    """What is beside the looks of a race comes just before the first of them."""
    waiting = races.without_laps()
    at = looks[0].at if looks else local_at(hints, 0)
    for look in looks:
        at = look.at
        here = [each for each in waiting if each.address is None or each.address.race == look.race]
        waiting = [each for each in waiting if each not in here]
        for each in here:
            yield Frame(at, each.channel, each.text)
        stored = read_stored(look.path)
        yield Frame(at, stored.channel, stored.text)
    for each in waiting:
        yield Frame(at, each.channel, each.text)
