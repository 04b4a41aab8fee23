"""Timing services: one process follows one provider's feed into its own log.

This is the documented API for plugins. Beside it they may use `livetiming.services.transports`
(the stock transports), `livetiming.events`, `livetiming.racing`, `livetiming.units` and
`livetiming.errors`; nothing else of the package is meant for them.
"""

from livetiming.errors import FeedError
from livetiming.services.api import (
    BadFrame,
    CaptureHints,
    Deliver,
    Fact,
    Finished,
    Frame,
    Generator,
    NoOptions,
    Parser,
    Plugin,
    SessionSeen,
    Transport,
    Update,
    Verified,
    from_environment,
)
from livetiming.services.car_ids import CarIds
from livetiming.services.cells import marked, put
from livetiming.services.documents import read_json
from livetiming.services.lap_marks import FastestLap, LapTimes, lap_marks
from livetiming.services.sector_times import FastestSectors, SectorTimes
from livetiming.services.strange import Strange
from livetiming.services.value_clock import ValueClock

__all__ = [
    "BadFrame",
    "CaptureHints",
    "CarIds",
    "Deliver",
    "Fact",
    "FastestLap",
    "FastestSectors",
    "FeedError",
    "Finished",
    "Frame",
    "Generator",
    "LapTimes",
    "NoOptions",
    "Parser",
    "Plugin",
    "SectorTimes",
    "SessionSeen",
    "Strange",
    "Transport",
    "Update",
    "ValueClock",
    "Verified",
    "from_environment",
    "lap_marks",
    "marked",
    "put",
    "read_json",
]
