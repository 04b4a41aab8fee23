"""Row 27, the part of the services: junk from a provider never crashes one or enters a log."""

import random
import time

import pytest

from livetiming.events import decode, encode, state_hash
from livetiming.events.log import Folded
from livetiming.services import Frame
from livetiming.services.demo.protocol import DemoParser
from livetiming.services.messages import GENERATORS
from livetiming.services.recorder import Recorder
from livetiming.services.rmonitor.protocol import RMonitorParser
from livetiming.services.terms import Terms
from tests.services.demo import races
from tests.services.rmonitor_server import FIXTURES, frames_of
from tests.services.stage import START_AT, MemorySessions

LONGEST_S = 1.0


def rmonitor_frames():
    return [frame.data for path in sorted(FIXTURES.glob("*.txt")) for frame in frames_of(path)]


def demo_frames():
    return [frame.data.encode() for frame in races.frames()[:400]]


FEEDS = {"rmonitor": (RMonitorParser, rmonitor_frames), "demo": (DemoParser, demo_frames)}


def mutated(dice, data, others):
    """One of the ways in which a feed breaks."""
    place = dice.randrange(len(data) + 1)
    other = dice.choice(others)
    match dice.randrange(8):
        case 0:
            return data[:place]
        case 1:
            return data[:place] + other[dice.randrange(len(other) + 1) :]
        case 2:
            flipped = bytearray(data or b"x")
            flipped[place % len(flipped)] ^= 1 << dice.randrange(8)
            return bytes(flipped)
        case 3:
            return data[:place] + dice.randbytes(dice.randrange(20)) + data[place:]
        case 4:
            return data.replace(dice.choice([b"1", b"0", b'"', b","]), b"9" * 30, 3)
        case 5:
            return data[:place] + "\u2028ü\ud7ff\U0001f3ce".encode() + data[place:]
        case 6:
            return data * dice.randrange(2, 50)
        case _:
            return data


def check(name, count, seed):
    make, frames = FEEDS[name]
    dice, recorded = random.Random(seed), frames()
    sessions, slowest = MemorySessions(), 0.0
    recorder = Recorder(make(), Terms(class_=name), sessions, GENERATORS, lambda *_: None)
    for n in range(count):
        at = START_AT + n * 37
        data = recorded[n % len(recorded)]
        data = mutated(dice, data, recorded) if n and dice.random() < 0.5 else data
        began = time.process_time()
        recorder.receive(Frame(at, "", data))
        if n % 3 == 0:
            recorder.flush(at)
        slowest = max(slowest, time.process_time() - began)
    recorder.flush(START_AT + count * 37)
    events = sum(_proven(log) for log in sessions.logs)
    assert slowest < LONGEST_S
    assert events > count / 100
    skipped = recorder.skipped.total()
    print(f"{name}: seed {seed}, {count} frames, {skipped} bad, {events} events")  # noqa: T201


def _proven(log):
    """Every line reads as it was written, and all of them fold to the state that was live."""
    folded = Folded(log.session)
    for line in log.lines:
        event = folded.step(line)
        assert encode(event) == line
        assert decode(line) == event
    assert state_hash(folded.state) == state_hash(log.state)
    return len(log.lines)


@pytest.mark.parametrize("name", FEEDS)
def test_junk_never_crashes_a_service_quick(name):
    check(name, 1000, random.SystemRandom().randrange(10**6))


@pytest.mark.reliability
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", FEEDS)
def test_junk_never_crashes_a_service(name):
    check(name, 20_000, random.SystemRandom().randrange(10**6))
