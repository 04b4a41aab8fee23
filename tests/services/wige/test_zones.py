"""Zones that race control opens and closes in words."""

import pytest

from livetiming.racing import Flag
from livetiming.services.wige.zones import MAX_ZONES, Zones

HEARD = {
    ("Slow Zone Post 83 - 87",): (Flag.SLOW_ZONE, "Slow Zone Post 83 - 87"),
    ("SLOW-ZONE 5", "code60 post 7"): (Flag.CODE_60_ZONE, "SLOW-ZONE 5; code60 post 7"),
    ("Slow Zone 83", "Slow Zone 90", "Slow Zone 83 cleared"): (Flag.SLOW_ZONE, "Slow Zone 90"),
    ("Slow Zone 83", "Code 60 5", "Slow zone beendet"): (Flag.CODE_60_ZONE, "Code 60 5"),
    ("Slow Zone 83", "Slow Zone 90", "SLOW ZONES", "Slow Zone: over"): (None, None),
    ("Slow Zone 1", "Slow Zone 2", "Slow Zone 1!"): (Flag.SLOW_ZONE, "Slow Zone 1!; Slow Zone 2"),
    ("Code 60 ended",): (None, None),
    ("Code 600 is a number", "No slow zone today", "Slow"): (None, None),
    ("Slow zone: #7 too fast", "Code 60 #3"): (None, None),
}


@pytest.mark.parametrize("messages", HEARD)
def test_zones_are_what_race_control_says(messages):
    zones = Zones()
    for message in messages:
        zones.hear(message)
    assert (zones.flag, zones.words) == HEARD[messages]


def test_there_is_an_end_to_zones():
    zones = Zones()
    for post in range(1000):
        zones.hear(f"Slow zone {post}")
    assert len(zones.words.split("; ")) == MAX_ZONES
