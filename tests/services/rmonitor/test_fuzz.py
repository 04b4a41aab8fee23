"""Damaged feeds, beside what the conformance kit does: too many cars, captures cut and flipped."""

import random
from pathlib import Path
from zoneinfo import ZoneInfo

from livetiming.errors import BadCapture
from livetiming.events import MAX_CARS
from livetiming.services import BadFrame, CaptureHints, Frame
from livetiming.services.rmonitor.captures import read_captures
from livetiming.services.rmonitor.protocol import RMonitorParser

SEED = 20_090_127
HINTS = CaptureHints(None, ZoneInfo("UTC"))
FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.txt"))


def test_hundreds_of_made_up_cars_are_refused_beyond_the_limit():
    parser, refused = RMonitorParser(), 0
    for number in range(2_000):
        line = b'$G,%d,"%d",5,"00:09:00.000"' % (number % 300, number)
        try:
            assert list(parser.receive(Frame(number, "", line))) is not None
        except BadFrame:
            refused += 1
    picture = parser.picture()
    assert len(picture.cars) == MAX_CARS
    assert sorted(picture.order) == sorted(picture.cars)
    assert refused == 2_000 - MAX_CARS


def test_a_damaged_capture_is_read_or_is_none(tmp_path):
    chance = random.Random(SEED)
    path = tmp_path / "capture.txt"
    for fixture in FIXTURES * 20:
        content = bytearray(fixture.read_bytes())
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content[: chance.randrange(len(content) + 1)])
        try:
            times = [frame.at for frame in read_captures([path], HINTS)]
        except BadCapture:
            continue
        assert times == sorted(times)
