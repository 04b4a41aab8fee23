"""The weather at the track, for the track data."""

from __future__ import annotations

from livetiming.events import SessionValue
from livetiming.racing import track
from livetiming.services.f1.cells import put
from livetiming.services.f1.members import members
from livetiming.services.f1.values import number, text

TRACK = track("air", "track_temp", "humidity", "pressure", "wind", "wind_direction", "weather")
_NUMBERS = {
    "AirTemp": "air",
    "TrackTemp": "track_temp",
    "Humidity": "humidity",
    "Pressure": "pressure",
    "WindDirection": "wind_direction",
}
_KMH = 3.6
"""Kilometres an hour in one metre a second."""


def take_weather(said: object, session: dict[str, SessionValue]) -> None:
    """Show what `WeatherData` says."""
    for key, value in members(said):
        if (field := _NUMBERS.get(key)) is not None:
            put(session, field, number(value))
        elif key == "WindSpeed":
            wind = number(value)
            put(session, "wind", None if wind is None else round(wind * _KMH, 1))
        elif key == "Rainfall":
            rain = text(value)
            put(session, "weather", None if rain == "" else "Dry" if rain == "0" else "Rain")
