"""Timing services: one process follows one provider's feed into its own log.

This is the documented API for plugins; nothing else of the package is meant for them but
`livetiming.events` and `livetiming.racing`.
"""

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
)

__all__ = [
    "BadFrame",
    "CaptureHints",
    "Deliver",
    "Fact",
    "Finished",
    "Frame",
    "Generator",
    "NoOptions",
    "Parser",
    "Plugin",
    "SessionSeen",
    "Transport",
    "Update",
    "Verified",
]
