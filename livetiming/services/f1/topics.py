"""The topics of the feed: those that are read, and those that are passed over without a look."""

from __future__ import annotations

COMPRESSED = ".z"
"""Ends the name of a topic whose content is compressed."""

READ = (
    "SessionInfo",
    "SessionData",
    "SessionStatus",
    "TrackStatus",
    "DriverList",
    "TimingData",
    "TimingAppData",
    "TimingStats",
    "RaceControlMessages",
    "WeatherData",
    "ExtrapolatedClock",
    "LapCount",
    "Heartbeat",
)
"""In the order in which a state that has several is read: whose session it is comes first."""

PASSED_OVER = frozenset(
    {
        "ArchiveStatus",
        "AudioStreams",
        "CarData",
        "ChampionshipPrediction",
        "ContentStreams",
        "CurrentTyres",
        "DriverRaceInfo",
        "DriverTracker",
        "LapSeries",
        "OvertakeSeries",
        "PitLaneTimeCollection",
        "PitStop",
        "PitStopSeries",
        "Position",
        "RcmSeries",
        "SPFeed",
        "TeamRadio",
        "TimingDataF1",
        "TlaRcm",
        "TopThree",
        "TyreStintSeries",
        "WeatherDataSeries",
    }
)
"""Known, and of no use to the table; `TimingDataF1` repeats `TimingData`."""

_BY_STEM = {name.lower(): name for name in (*READ, *PASSED_OVER)}


def base(topic: str) -> str:
    """The name of a topic without the ending of its compressed form."""
    return topic.removesuffix(COMPRESSED)


def is_known(topic: str) -> bool:
    """Whether a name is that of a topic."""
    return base(topic).lower() in _BY_STEM


def of_stem(stem: str) -> str | None:
    """The topic that a file of an archive holds, as its name says.

    Args:
        stem: of the file: `TimingData`, `timing_data` or `CarData.z`.
    Returns: `None` where it is no topic.
    """
    found = _BY_STEM.get(base(stem).replace("_", "").lower())
    return found and found + (COMPRESSED if stem.endswith(COMPRESSED) else "")
