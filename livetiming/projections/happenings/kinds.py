"""The happenings: small immutable facts, in the words of motorsport.

`at` is when a thing happened, epoch ms; when it became known is the instant of the event whose
step told it, which may be later.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from livetiming.racing import CarState, Flag, Mark


class Lap(msgspec.Struct, frozen=True, gc=False):
    """A completed lap.

    Args:
        car: its id.
        num: its number as shown.
        class_: its class.
        team: entrant.
        lap: the number of the lap, from 1.
        time_us: how long it took.
        at: when it was completed.
        driver: who drove then.
        position: place then.
        class_position: place in the class then.
        s1_us: time in the first sector, and so on.
        flag: shown when it was completed.
        in_lap: whether the car came into the pit lane.
        out_lap: whether it began there, or the car left it.
        tyre: when it was completed.
        mark: what the provider thought of the time then: `pb`, `sb`, `invalid`.
        valid: whether the time counts.
    """

    car: str
    num: str
    class_: str | None
    team: str | None
    lap: int
    time_us: int | None
    at: int
    driver: str | None
    position: int | None
    class_position: int | None
    s1_us: int | None
    s2_us: int | None
    s3_us: int | None
    flag: str | None
    in_lap: bool
    out_lap: bool
    tyre: str | None
    mark: Mark | None
    valid: bool


class LapCompleted(msgspec.Struct, frozen=True, gc=False):
    """A car completed a lap; or one that was taken back holds again.

    Args:
        lap: the lap.
        gap_us: behind the leader then.
        gap_laps: the same where it is laps.
    """

    lap: Lap
    gap_us: int | None = None
    gap_laps: int | None = None


class LapCorrected(msgspec.Struct, frozen=True, gc=False):
    """A lap was otherwise than was thought.

    Args:
        lap: as it is known now.
        before: as it was thought to be.
    """

    lap: Lap
    before: Lap


class LapTakenBack(msgspec.Struct, frozen=True, gc=False):
    """A lap was not completed after all."""

    lap: Lap


class PitIn(msgspec.Struct, frozen=True, gc=False):
    """A car came into the pit lane.

    Args:
        lap: on which lap.
        is_timed: whether it was at that very instant; not where only the line or a later look
            told it.
        driver: who drove.
    """

    car: str
    num: str
    at: int
    lap: int | None
    is_timed: bool
    driver: str | None


class PitOut(msgspec.Struct, frozen=True, gc=False):
    """A car left the pit lane; see `PitIn`."""

    car: str
    at: int
    is_timed: bool
    driver: str | None


class Refuelled(msgspec.Struct, frozen=True, gc=False):
    """A car in the pits takes fuel."""

    car: str
    at: int


class DriverChanged(msgspec.Struct, frozen=True, gc=False):
    """Somebody else drives.

    Args:
        is_out_lap: whether this became known on the lap on which the car left the pits.
    """

    car: str
    at: int
    before: str
    now: str
    is_out_lap: bool


class StateChanged(msgspec.Struct, frozen=True, gc=False):
    """A car does something else: stopped, resumed, retired, finished; `None` where it left."""

    car: str
    at: int
    before: CarState | None
    now: CarState | None


class FlagChanged(msgspec.Struct, frozen=True, gc=False):
    """Another flag is shown.

    Args:
        before: `None` at the first look.
        now: `none` where none is shown.
        lap: laps that the leader had completed before.
    """

    at: int
    before: Flag | None
    now: Flag
    lap: int | None


class PlaceChanged(msgspec.Struct, frozen=True, gc=False):
    """A car gained or lost places.

    Args:
        before: from 1; `None` where it had none.
        now: `None` where it left.
    """

    car: str
    at: int
    before: int | None
    now: int | None


class BestOf(StrEnum):
    """Among which laps a lap is the best: the car's, the class's, all."""

    CAR = "car"
    CLASS = "class"
    ALL = "all"


class Best(msgspec.Struct, frozen=True, gc=False):
    """A lap is the best so far."""

    lap: Lap
    of: BestOf


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A car as it is entered.

    Args:
        from_lap: laps it had completed when it was first seen.
        best_us: its best lap as the provider says.
        present: whether it is in the table.
    """

    car: str
    num: str
    class_: str | None
    team: str | None
    model: str | None
    from_lap: int | None
    best_us: int | None
    present: bool


class EntryChanged(msgspec.Struct, frozen=True, gc=False):
    """A car came, left, or is entered otherwise."""

    entry: Entry


class Length(msgspec.Struct, frozen=True, gc=False):
    """How long the session is to be.

    Args:
        at: when that was said.
        kind: of session.
        laps_total: of the leader.
        ends_at: when the clock is at 0, while it runs.
        remaining_us: what the clock shows while it stands.
    """

    at: int
    kind: str | None
    laps_total: int | None
    ends_at: int | None
    remaining_us: int | None


class LengthChanged(msgspec.Struct, frozen=True, gc=False):
    """The session is to be longer or shorter, or its clock stands or runs."""

    length: Length


class Message(msgspec.Struct, frozen=True, gc=False):
    """Somebody said something; see `Posted`."""

    at: int
    category: str
    text: str
    style: str | None
    car: str | None
    origin: str


class SessionClosed(msgspec.Struct, frozen=True, gc=False):
    """The session is over.

    Args:
        lap: laps that the leader had completed.
    """

    at: int
    lap: int | None


class SessionReopened(msgspec.Struct, frozen=True, gc=False):
    """The session is not over after all."""

    at: int


class Waits(msgspec.Struct, frozen=True, gc=False):
    """Half of a lap has come, its count or its time; told so that tools keep the instant."""

    car: str
    at: int


Happening = (
    LapCompleted
    | LapCorrected
    | LapTakenBack
    | PitIn
    | PitOut
    | Refuelled
    | DriverChanged
    | StateChanged
    | FlagChanged
    | PlaceChanged
    | Best
    | EntryChanged
    | LengthChanged
    | Message
    | SessionClosed
    | SessionReopened
    | Waits
)
