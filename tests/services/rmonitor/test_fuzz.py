"""Damaged feeds: a frame is read or is a `BadFrame`, and the picture stays one that can be told."""

import random
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from livetiming.errors import BadCapture
from livetiming.events import Event, State, apply, car_id, diff
from livetiming.events.values import clean
from livetiming.services import BadFrame, CaptureHints, Fact, Frame
from livetiming.services.rmonitor.captures import read_captures
from livetiming.services.rmonitor.protocol import RMonitorParser

SEED = 20_090_127
HINTS = CaptureHints(None, ZoneInfo("UTC"))
LINES = [
    line
    for path in sorted((Path(__file__).parent / "fixtures").glob("*.txt"))
    for line in path.read_bytes().splitlines()
    if b"$" in line
]
ODD = [
    b"", b"-1", b"0", b"99999999999999999999", b"1e9", b"NaN", b"null", b'"', b'""', b",", b",,",
    b"\x00", b"\r", b"\n", b"\xff\xfe", "\u2028".encode(), "\u202e7".encode(), "٣".encode(),
    "é".encode(), b"e\xcc\x81", "\U0001f3ce".encode(), b"__proto__", b"constructor", b"x" * 300,
    b'"00:59:59.999"', b'"99:99:99"', b'"-00:00:01"', b"{}", b"[]", b"true",
]  # fmt: skip


def flip(chance, line):
    damaged = bytearray(line or b"$")
    damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def truncate(chance, line):
    return line[: chance.randrange(len(line) + 1)]


def splice(chance, line):
    other = chance.choice(LINES)
    return line[: chance.randrange(len(line) + 1)] + other[chance.randrange(len(other)) :]


def swap(chance, line):
    fields = line.split(b",")
    fields[chance.randrange(len(fields))] = chance.choice(ODD)
    return b",".join(fields)


def exchange(chance, line):
    fields = line.split(b",")
    one, other = chance.randrange(len(fields)), chance.randrange(len(fields))
    fields[one], fields[other] = fields[other], fields[one]
    return b",".join(fields)


def insert(chance, line):
    place = chance.randrange(len(line) + 1)
    return line[:place] + chance.choice(ODD) + line[place:]


def blow_up(chance, line):
    return line + chance.choice([b"9", b'"', b",", b"\xf0"]) * chance.choice([1, 2_000, 70_000])


def rename(chance, line):
    return line.replace(b'"7"', b'"%d"' % chance.randrange(10_000))


DAMAGES = [flip, truncate, splice, swap, exchange, insert, blow_up, rename]


def damaged_feed(chance):
    """A feed of whole and damaged lines, in or out of order, with time that goes on."""
    start = chance.randrange(len(LINES))
    lines = LINES[start : start + 40] + LINES[:10]
    if chance.random() < 0.3:
        chance.shuffle(lines)
    for line in lines:
        while chance.random() < 0.5:
            line = chance.choice(DAMAGES)(chance, line)
        yield line


def follow(seed):
    chance = random.Random(seed)
    parser, state, at = RMonitorParser(), State(), 1_750_000_000_000
    kinds = set()
    for line in damaged_feed(chance):
        at += chance.choice([0, 0, 40, 1000, 5000])
        try:
            for update in parser.receive(Frame(at, "", line)):
                if isinstance(update, Fact):
                    clean(update.payload)
        except BadFrame as error:
            kinds.add(error.kind)
        state = told(state, parser.picture())
    assert all(len(kind) < 40 for kind in kinds)


def told(state, picture):
    assert sorted(picture.order) == sorted(picture.cars)
    assert all(car_id(car) == car for car in picture.cars)
    change = diff(state, picture)
    if change is not None:
        clean(change)
        apply(state, Event(0, 0, change))
    assert state.order == picture.order
    return state


@pytest.mark.parametrize("batch", range(5))
def test_a_damaged_feed_never_breaks_the_parser(batch):
    for seed in range(100):
        follow(f"{SEED} {batch} {seed}")


@pytest.mark.reliability
@pytest.mark.parametrize("batch", range(20))
def test_ten_thousand_damaged_feeds_never_break_the_parser(batch):
    for seed in range(500):
        follow(f"{SEED} long {batch} {seed}")


def test_hundreds_of_made_up_cars_are_refused_beyond_the_limit():
    chance = random.Random(SEED)
    parser, state, refused = RMonitorParser(), State(), 0
    for number in range(2_000):
        line = rename(chance, b'$G,%d,"7",5,"00:09:00.000"' % (number % 300))
        try:
            assert list(parser.receive(Frame(number, "", line))) is not None
        except BadFrame:
            refused += 1
    told(state, parser.picture())
    assert refused > 1_000


def test_a_damaged_capture_is_read_or_is_none(tmp_path):
    chance = random.Random(SEED)
    path = tmp_path / "capture.txt"
    for fixture in sorted((Path(__file__).parent / "fixtures").glob("*.txt")):
        for _ in range(20):
            content = fixture.read_bytes()
            for _ in range(chance.randrange(1, 30)):
                content = flip(chance, content)
            path.write_bytes(truncate(chance, content))
            try:
                times = [frame.at for frame in read_captures([path], HINTS)]
            except BadCapture:
                continue
            assert times == sorted(times)
