"""The weather, in the units of the track data."""

from __future__ import annotations

from livetiming.services.hhtiming.messages import UNCHANGED, Weather

KMH_IN_MS = 3.6
_MOST = 10_000


def shown(weather: Weather) -> dict[str, float]:
    """What a message tells of the weather, by the ids of the track data."""
    wind = weather.wind_speed
    values = {
        "air": weather.air_temperature,
        "track_temp": weather.track_temperature,
        "humidity": weather.humidity,
        "pressure": weather.pressure,
        "wind": wind if wind is None or wind < 0 else wind * KMH_IN_MS,
        "wind_direction": weather.wind_direction,
    }
    return {
        column: round(value, 1)
        for column, value in values.items()
        if value is not None and value != UNCHANGED and abs(value) < _MOST
    }
