"""What the documents of the TCP feed say, as typed messages.

Source: the attributes that the state dump of Sebring 2019 has, and public readers of the feed
(README.md). In every number -1 means that it did not change, and huge ones that it is not known.
"""

from __future__ import annotations

import msgspec

from livetiming.services import BadFrame, read_json

UNCHANGED = -1
MAX_SECONDS = 10_000_000

Id = str | int | None
Number = float | None


class Message(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """A document; what it does not have is not known."""


class Heartbeat(Message, frozen=True, kw_only=True):
    """Clocks and track status; also the session parts of other messages."""

    session_time: Number = None
    time_to_go: Number = None
    time_of_day: Number = None
    track_status: Number = None


class Event(Heartbeat, frozen=True, kw_only=True):
    """The name of the event."""

    event_name: str | None = None


class SessionInfo(Heartbeat, frozen=True, kw_only=True):
    """Which session it is: one with a new id has none of the cars before."""

    session_id: Id = msgspec.field(name="SessionID", default=None)
    session_type: Number = None
    session_description: str | None = None
    event_name: str | None = None


class Competitor(Message, frozen=True, kw_only=True):
    """An entry: other messages name the car by its id, sector crossings by its number."""

    competitor_id: Id = msgspec.field(name="CompetitorID", default=None)
    competitor_number: Id = None
    category_id: str | None = msgspec.field(name="CategoryID", default=None)
    team_name: str | None = None
    car_make: str | None = None


class CarMessage(Message, frozen=True, kw_only=True):
    """What speaks of one car."""

    car_id: Id = msgspec.field(name="CarID", default=None)


class Driver(CarMessage, frozen=True, kw_only=True):
    """A driver of a car, who may be in it; of a `DriverUpdate` he is."""

    is_in_car: bool = False
    first_name: str | None = None
    last_name: str | None = None


class Laptimes(CarMessage, frozen=True, kw_only=True):
    """Laps and lap times: of a crossing of the line, or as they are from now on."""

    lap_time: Number = None
    best_laptime: Number = None
    number_of_laps: Number = None
    session_time: Number = None
    last_elapsed_time: Number = None
    is_crossing_in_pits: bool | None = None


class PitMessage(CarMessage, frozen=True, kw_only=True):
    """A car enters or leaves the pit lane."""

    session_time: Number = None


class SectorCrossing(Message, frozen=True, kw_only=True):
    """A car crossed a timing line."""

    competitor_number: Id = None
    timeline_number: Id = None
    sector_time: Number = None
    timeline_crossing_time_of_day: Number = None
    is_start_finish: bool = False


class SectorBest(CarMessage, frozen=True, kw_only=True):
    """The best time of a car in a sector."""

    sector_name: str | None = None
    best_sector_time: Number = None


class SectorInfo(Message, frozen=True, kw_only=True):
    """A sector of the track, from one timing line to another."""

    sector_name: str = ""
    start_time_line: Id = None
    end_time_line: Id = None


class SectorList(msgspec.Struct, frozen=True, kw_only=True):
    """A list, as this feed writes lists."""

    values: list[SectorInfo] = msgspec.field(name="$values", default=[])


class TrackInformation(Message, frozen=True, kw_only=True):
    """The track and its sectors."""

    track_name: str | None = None
    ordered_list_of_on_track_sectors: SectorList | None = None


class RaceControl(Message, frozen=True, kw_only=True):
    """A message of race control, with the session time of it."""

    message_string: str | None = None
    message_received_time: Number = None


class SectorStatus(Message, frozen=True, kw_only=True):
    """The status of a zone of the track."""

    zone_name: str | None = None
    zone_status: Number = None


class Speed(CarMessage, frozen=True, kw_only=True):
    """The speed in a trap, or the best one there."""

    speed: Number = None
    top_speed: Number = None


class Weather(Message, frozen=True, kw_only=True):
    """The weather; wind in m/s."""

    air_temperature: Number = None
    track_temperature: Number = None
    humidity: Number = None
    pressure: Number = None
    wind_speed: Number = None
    wind_direction: Number = None


class Ignored(Message, frozen=True, kw_only=True):
    """What a table has no use for."""


SHAPES: dict[str, type[Message]] = {
    "Heartbeat": Heartbeat,
    "Event": Event,
    "SessionInfo": SessionInfo,
    "Competitor": Competitor,
    "Driver": Driver,
    "DriverUpdate": Driver,
    "AdvTrackInformation": TrackInformation,
    "BasicTimeCrossing": Laptimes,
    "LaptimeResultsUpdate": Laptimes,
    "AdvSectorTimeLineCrossing": SectorCrossing,
    "SectorTimeResultsUpdate": SectorBest,
    "PitIn": PitMessage,
    "PitOut": PitMessage,
    "GeneralRaceControl": RaceControl,
    "TrackSectorStatus": SectorStatus,
    "SpeedTrapCrossing": Speed,
    "TopSpeedResultsUpdate": Speed,
    "WeatherTS": Weather,
    "ClassInformation": Ignored,
    "CarGpsPoint": Ignored,
    "InternalHHHeartbeat": Ignored,
}
"""What each class of documents has, by its name without namespace and the word Message."""


def read(data: str | bytes) -> tuple[str, Message | None]:
    """Read a document.

    Returns: the short name of its class, and the message; `None` where that is unknown.
    Raises: `BadFrame` where it is no JSON object that names its class, or a value is of another
        type than it should be.
    """
    document = read_json(data)
    name = document.get("$type") if isinstance(document, dict) else None
    if not isinstance(name, str):
        raise BadFrame("document", f"expected an object with $type, got {data[:80]!r}")
    kind = name.split(",")[0].rsplit(".", 1)[-1].strip().removesuffix("Message")
    shape = SHAPES.get(kind)
    try:
        return kind, None if shape is None else msgspec.convert(document, shape)
    except msgspec.ValidationError as error:
        raise BadFrame(f"value in {kind}", str(error)) from error


def us(value: float | None) -> int | None:
    """Seconds as microseconds; `None` where they did not change or are not known."""
    if value is None or not 0 <= value < MAX_SECONDS:
        return None
    return round(value * 1_000_000)


def given(value: float | None) -> int | None:
    """A count; `None` where it did not change."""
    return int(value) if value is not None and 0 <= value <= MAX_SECONDS else None


def key(value: str | int | None) -> str:
    """An id or a number; empty where there is none."""
    return "" if value is None or value == UNCHANGED else str(value).strip()
