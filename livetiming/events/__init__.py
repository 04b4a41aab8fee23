"""What happened in a session: immutable events, the state they fold to, and their log."""

from livetiming.events.apply import apply
from livetiming.events.codec import decode, encode
from livetiming.events.diff import Board, Picture, diff
from livetiming.events.model import (
    Attribution,
    Cell,
    Cells,
    Changed,
    Clock,
    Closed,
    CloseReason,
    Described,
    Event,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Passed,
    Payload,
    Posted,
    SessionValue,
    Style,
    Unknown,
    Versions,
)
from livetiming.events.names import SessionId, car_id
from livetiming.events.state import State, state_hash
from livetiming.events.values import MAX_CARS

__all__ = [
    "MAX_CARS",
    "Attribution",
    "Board",
    "Cell",
    "Cells",
    "Changed",
    "Clock",
    "CloseReason",
    "Closed",
    "Described",
    "Event",
    "Feed",
    "FeedStatus",
    "Laps",
    "Origin",
    "Passed",
    "Payload",
    "Picture",
    "Posted",
    "SessionId",
    "SessionValue",
    "State",
    "Style",
    "Unknown",
    "Versions",
    "apply",
    "car_id",
    "decode",
    "diff",
    "encode",
    "state_hash",
]
