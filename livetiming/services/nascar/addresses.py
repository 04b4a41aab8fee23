"""Where each document of the feed is; a channel is such an address without host and ending.

So a frame says which race it is about even where the document in it does not: pit stops, flags and
lap times are told apart by nothing else.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Document(StrEnum):
    """What a document tells."""

    LIVE = "live-feed"
    STOPS = "live-pit-data"
    FLAGS = "live-flag-data"
    LAPS = "lap-times"
    WEEKEND = "weekend-feed"


class Address(NamedTuple):
    """Which document, and of which race, as far as that is known.

    Args:
        document: which one.
        series: 1, 2 or 3.
        race: its id.
    """

    document: Document
    series: int | None = None
    race: int | None = None


HOST = "https://cf.nascar.com"
LIVE_S = 3.0
"""From one look at the live feed to the next, in seconds."""
BESIDE_S = 10.0
"""The same for the pit and flag feeds: the live feed tells of stops too, they add what is exact."""
MAX_SERIES = 9
MAX_RACE = 999_999_999
CURRENT = "live/feeds/live-feed"
"""The channel of whatever is on now."""

_NAMES = "|".join(Document)
_CHANNEL = re.compile(
    rf"(?:\S{{1,200}}/)?(?:series_|\d{{4}}/)(\d{{1,9}})/(\d{{1,9}})/({_NAMES}|live_feed)", re.ASCII
)
_BARE = re.compile(rf"(?:\S{{1,200}}/)?({_NAMES}|live_feed)", re.ASCII)


def live(series: int, race: int) -> str:
    """The channel of one race's live feed."""
    return f"live/feeds/series_{series}/{race}/live_feed"


def stops(series: int, race: int) -> str:
    """The channel of one race's pit stops."""
    return f"cacher/live/series_{series}/{race}/live-pit-data"


def flags(series: int, race: int) -> str:
    """The channel of one race's flags."""
    return f"cacher/live/series_{series}/{race}/live-flag-data"


def laps(series: int, race: int) -> str:
    """The channel of one race's lap times, but for the year."""
    return f"series_{series}/{race}/lap-times"


def read(channel: str) -> Address | None:
    """Read a channel.

    Returns: `None` where it is none of the documents that we know.
    """
    if match := _CHANNEL.fullmatch(channel):
        return Address(_document(match[3]), int(match[1]), int(match[2]))
    match = _BARE.fullmatch(channel)
    return None if match is None else Address(_document(match[1]))


def _document(name: str) -> Document:
    return Document.LIVE if name == "live_feed" else Document(name)
