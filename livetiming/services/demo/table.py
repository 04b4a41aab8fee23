"""What the table of the simulated race has."""

from __future__ import annotations

from livetiming.racing import columns, track

COLUMNS = columns(
    *("num", "state", "class", "pic", "team", "driver", "car", "tyre", "tyre_age", "laps"),
    *("gap", "int", "last", "best", "s1", "s2", "s3", "speed", "pits"),
)
TRACK = track("air", "track_temp", "humidity", "wind", "rain")
