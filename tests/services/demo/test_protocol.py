"""The parser of the demo's feed."""

import json
from random import Random

import pytest

from livetiming.events import State, diff
from livetiming.events.values import clean
from livetiming.racing import Flag
from livetiming.services import BadFrame, Fact, Frame
from livetiming.services.demo.protocol import DemoParser
from tests.services.demo import races

JUNK = [
    "",
    "{}",
    "[]",
    "null",
    "{" * 5000,
    "[" * 100_000,
    '{"kind":"other","at":1}',
    '{"kind":"beat","at":-1,"clock":[0,0,true]}',
    '{"kind":"beat","at":1}',
    b"\xff\xfe",
    "\ud800",
]


def started():
    parser = DemoParser()
    list(parser.receive(races.frames()[0]))
    return parser


def beat(**changes):
    return json.dumps(
        {"kind": "beat", "at": races.START_AT + 500, "clock": [0, 0, True], **changes}
    )


def refusal(parser, data):
    before = races.copied(parser.picture())
    with pytest.raises(BadFrame) as caught:
        list(parser.receive(Frame(0, "", data)))
    assert parser.picture() == before
    return caught.value.kind


@pytest.mark.parametrize("data", JUNK)
def test_junk_is_refused_and_leaves_the_picture_as_it_was(data):
    assert refusal(started(), data) == "not a frame"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("cars", {"cars": {"nobody": {"laps": 1}}}),
        ("columns", {"cars": {"7": {"colour": "red"}}}),
        ("state", {"cars": {"7": {"state": "asleep"}}}),
        ("order", {"order": ["7"]}),
        ("order", {"order": []}),
        ("fields", {"fields": {"elapsed": 3}}),
        ("fields", {"fields": {"laps": 1.5}}),
        ("fields", {"fields": {"air": "warm"}}),
        ("flag", {"fields": {"flag": "purple"}}),
        ("crossing", {"passed": [[1, "nobody", "finish", 1, 1, 1, "A"]]}),
        ("crossing", {"passed": [[1, "7", "moon", 1, 1, 1, "A"]]}),
        ("text", {"notes": [[1, "Race Control", "  ", "sc", None]]}),
        ("message", {"notes": [[1, "Race Control", "Hello", "sc", "nobody"]]}),
        ("not a frame", {"passed": [[1, "7", "finish"]]}),
    ],
)
def test_a_frame_that_does_not_fit_is_refused_as_a_whole(kind, changes):
    assert refusal(started(), beat(**{"cars": {"7": {"laps": 99}}, **changes})) == kind


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("order", {"order": ["7", "7"]}),
        ("cars", {"order": [" 7 "], "cars": {" 7 ": {}}}),
        ("cars", {"order": ["constructor"], "cars": {"constructor": {}}}),
        ("cars", {"order": [str(n) for n in range(201)], "cars": {str(n): {} for n in range(201)}}),
        ("text", {"name": ""}),
    ],
)
def test_a_start_that_does_not_fit_is_refused(kind, changes):
    start = {**json.loads(races.frames()[0].data), "notes": [], **changes}
    assert refusal(DemoParser(), json.dumps(start)) == kind


@pytest.mark.parametrize("index", [1, -1])
def test_nothing_is_read_before_the_start(index):
    assert refusal(DemoParser(), races.frames()[index].data) == "too early"


def test_frames_may_be_bytes_too():
    parser = DemoParser()
    for frame in races.frames()[:100]:
        list(parser.receive(frame._replace(data=frame.data.encode())))
    assert parser.picture() == races.pictures()[99]


def test_null_clears_a_cell():
    parser = started()
    list(parser.receive(Frame(0, "", beat(cars={"7": {"team": None, "gap": None}}))))
    assert "team" not in parser.picture().cars["7"]


def test_a_new_race_replaces_the_one_before_once_it_was_announced():
    parser = started()
    other = races.frames(races.PLAN._replace(seed=4, duration_s=60))[0]
    reading = parser.receive(other)
    assert next(reading).key.startswith("4-")
    assert parser.picture() == races.pictures()[0]
    list(reading)
    assert parser.picture().cars.keys() != races.pictures()[0].cars.keys()
    assert parser.picture().session["flag"] == Flag.NONE


def _mutated(dice, text):
    kind = dice.randrange(4)
    place = dice.randrange(len(text))
    if kind == 0:
        return text[:place]
    if kind == 1:
        return text[:place] + dice.choice('0123456789"{}[],:-x\u2028é\x00') + text[place + 1 :]
    if kind == 2:
        other = dice.randrange(len(text))
        return text[:place] + text[min(place, other) : max(place, other)] + text[place:]
    return text[:place] + text[place + dice.randrange(1, 9) :]


def _fuzz(count):
    dice = Random(71)
    told = [frame.data for frame in races.frames()[:200]]
    parser = started()
    refused = 0
    for _ in range(count):
        try:
            text = _mutated(dice, dice.choice(told))
            updates = list(parser.receive(Frame(0, "", text)))
        except BadFrame:
            refused += 1
            continue
        for update in updates:
            if isinstance(update, Fact):
                clean(update.payload)
        diff(State(), parser.picture(), lambda _: None)
    assert count // 2 < refused < count


def test_a_mutated_frame_is_read_or_refused_and_nothing_else():
    _fuzz(500)


@pytest.mark.reliability
def test_ten_thousand_mutated_frames_are_read_or_refused_and_nothing_else():
    _fuzz(10_000)
