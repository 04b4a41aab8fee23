"""What events meant: one interpreter, so that there is one idea of what a lap is.

**A lap** is completed once for each car and number. Where the feed tells crossings (`passed` with
`lap`), the crossing is the lap: it is read together with the `changed` of its own instant, so that
place, gap, tyre and flag are those after both. Where it does not, the lap is completed when the
`laps` cell has grown and the `last` cell has changed; the two may come up to `WAIT_MS` apart in
either order, and a time equal to the one before changes no cell. Laps that nobody saw are not made
up: the first `laps` cell of a car is where it begins.

**Its driver** is who drove when it was completed, by the crossing or else by the cell; **its flag**
is the one shown when it was completed, worse ones before that notwithstanding (which is how timing
companies publish it); **an in lap** is one in which the car came into the pit lane, **an out lap**
one that began there or in which the car left it.

**A lap is taken back** when the `laps` cell falls; one that comes back without being driven again
is the one that was taken.
"""

from livetiming.projections.happenings.interpreter import Interpreter
from livetiming.projections.happenings.kinds import (
    Best,
    BestOf,
    DriverChanged,
    Entry,
    EntryChanged,
    FlagChanged,
    Happening,
    Lap,
    LapCompleted,
    LapCorrected,
    LapTakenBack,
    Length,
    LengthChanged,
    Message,
    PitIn,
    PitOut,
    PlaceChanged,
    Refuelled,
    SessionClosed,
    SessionReopened,
    StateChanged,
    Waits,
)

__all__ = [
    "Best",
    "BestOf",
    "DriverChanged",
    "Entry",
    "EntryChanged",
    "FlagChanged",
    "Happening",
    "Interpreter",
    "Lap",
    "LapCompleted",
    "LapCorrected",
    "LapTakenBack",
    "Length",
    "LengthChanged",
    "Message",
    "PitIn",
    "PitOut",
    "PlaceChanged",
    "Refuelled",
    "SessionClosed",
    "SessionReopened",
    "StateChanged",
    "Waits",
]
