"""Stored documents that are damaged inside their base64, which the kit's damage seldom reaches."""

import base64
from random import Random

from livetiming.services import Frame
from livetiming.services.hhtiming import PLUGIN
from livetiming.services.hhtiming.protocol import HHTimingParser
from livetiming.testing.damage import damaged_feed
from livetiming.testing.following import Followed
from livetiming.testing.watched import Watched
from tests.services.hhtiming.test_conformance import TestHHTiming as Conformance

STORED = [
    frame._replace(data=base64.b64decode(frame.data))
    for frame in Conformance.frames("stored_race_with_a_stop.hhreplay")
    if frame.data != b"garbage"
]


def wrapped(frame):
    data = frame.data.encode() if isinstance(frame.data, str) else frame.data
    return Frame(frame.at, frame.channel, base64.b64encode(data))


def test_damaged_xml_breaks_nothing():
    kinds = set()
    for seed in range(60):
        watched = Watched(HHTimingParser())
        frames = [wrapped(frame) for frame, _ in damaged_feed(Random(seed), STORED)]
        followed = Followed(PLUGIN, "hhtiming", watched).read(frames)
        assert not watched.faults, f"seed {seed}: {watched.faults[0]}"
        assert not followed.skipped["picture"], f"seed {seed}: {followed.told}"
        kinds |= followed.skipped.keys()
    assert {"xml", "long document", "value in PASS"} <= kinds
