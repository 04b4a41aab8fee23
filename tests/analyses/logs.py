"""Small logs, made by the production writers."""

from contextlib import closing
from itertools import count
from pathlib import Path

from livetiming.events import Changed, Feed, FeedStatus, SessionId
from livetiming.events.log import RealDisk, open_log, open_reader
from tests.cli import race

OTHER = SessionId("fedcba9876543210fedcba9876543210")


def taken_back():
    """A race in which the first car loses a lap at the end."""
    what = list(race.happenings(cars=9, laps=4))
    at, closed = what.pop()
    yield from what
    yield at, Changed({"1": {"laps": 3}}, session={"laps": 3})
    yield at + 1000, closed


def with_feed_events(what):
    """The same happenings under other numbers, with what says nothing of the race between."""
    for number, (at, payload) in zip(count(), what, strict=False):
        yield at, payload
        if number % 7 == 3:
            yield at, Feed(FeedStatus.LIVE)


def grow(folder: Path, what, session=race.SESSION) -> Path:
    """Write a growing log; its tail."""
    folder.mkdir(exist_ok=True)
    with closing(open_log(RealDisk(), folder, session).log) as log:
        race.write(log, what)
    return folder / f"{session}.jsonl"


def reading(path):
    return open_reader(RealDisk(), path)
