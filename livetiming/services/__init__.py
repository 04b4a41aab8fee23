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
from livetiming.services.documents import read_json
from livetiming.services.strange import Strange

__all__ = [
    "BadFrame",
    "CaptureHints",
    "CarIds",
    "Deliver",
    "Fact",
    "FeedError",
    "Finished",
    "Frame",
    "Generator",
    "NoOptions",
    "Parser",
    "Plugin",
    "SessionSeen",
    "Strange",
    "Transport",
    "Update",
    "Verified",
    "from_environment",
    "read_json",
]
