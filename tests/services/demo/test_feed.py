"""The frames that tell a race."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from livetiming.events import Event, State, apply, diff
from livetiming.events.clock import read
from livetiming.services import Fact, Frame
from livetiming.services.demo.feed import Feed
from livetiming.services.demo.protocol import DemoParser
from tests.services.demo import races

_ROOT = str(Path(__file__).parents[3])
_DIGEST = """
import hashlib
from tests.services.demo import races
print(hashlib.sha256("".join(f.data for f in races.frames()).encode()).hexdigest())
"""


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_a_seed_gives_the_same_frames_in_every_process(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": _ROOT}
    command = [sys.executable, "-c", _DIGEST]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    here = hashlib.sha256("".join(frame.data for frame in races.frames()).encode())
    assert told.stdout.strip() == here.hexdigest()


def test_another_seed_gives_another_race():
    other = races.PLAN._replace(seed=4, duration_s=60)
    assert races.frames(other)[0].data != races.frames()[0].data


def test_what_is_said_adds_up_to_what_is_seen():
    known = State()
    for seq, picture in enumerate(races.pictures()):
        change = diff(known, picture)
        if change is not None:
            apply(known, Event(seq, 0, change))
        assert known.cars == picture.cars
        assert known.order == picture.order
        assert known.session == picture.session


def test_nothing_is_refused_by_diff():
    refused = []
    for picture in races.pictures()[::100]:
        diff(State(), picture, refused.append)
    assert refused == []


@pytest.mark.parametrize("beats", [0, 1, 40, 777, 2500])
def test_joining_late_shows_the_same_picture_as_having_been_there(beats):
    feed = Feed(races.PLAN, races.START_AT, 1.0)
    now_us = beats * races.BEAT_US
    feed.skip(now_us)
    parser = DemoParser()
    at = races.START_AT + now_us // 1000
    list(parser.receive(Frame(at, "", feed.start(now_us))))
    assert parser.picture() == races.pictures()[beats]
    list(parser.receive(Frame(at + 500, "", feed.beat(now_us + races.BEAT_US))))
    assert parser.picture() == races.pictures()[beats + 1]


def test_joining_late_repeats_the_latest_messages_and_no_crossing():
    feed = Feed(races.PLAN, races.START_AT, 1.0)
    feed.skip(600_000_000)
    late = list(DemoParser().receive(Frame(0, "", feed.start(600_000_000))))
    facts = [update for update in late if isinstance(update, Fact)]
    assert facts
    assert all(fact in races.updates() for fact in facts)
    assert all(hasattr(fact.payload, "category") for fact in facts)


def test_the_session_is_known_by_seed_and_start():
    feed = Feed(races.PLAN, races.START_AT, 1.0)
    seen, *_ = DemoParser().receive(Frame(0, "", feed.start(0)))
    assert seen.key == f"{races.PLAN.seed}-{races.START_AT}"
    assert seen.description == "1 Hour of Lakemoor Ring"


def test_clocks_stand_on_the_grid_run_in_the_race_and_stop_at_its_end():
    first, last = races.pictures()[0], races.pictures()[-1]
    assert not first.session["elapsed"].runs
    assert first.session["remaining"].value_us == races.PLAN.duration_s * 1_000_000
    assert all(p.session["elapsed"].runs for p in races.pictures()[20:-5])
    assert not last.session["elapsed"].runs
    assert last.session["remaining"].value_us == 0


def test_a_clock_said_once_is_right_until_the_time_is_up():
    known = races.pictures()[100].session
    for picture in races.pictures()[101 : 2 * races.PLAN.duration_s : 97]:
        seen = picture.session["remaining"]
        assert read(known["remaining"], seen.at, down=True) == seen.value_us
        elapsed = picture.session["elapsed"]
        assert read(known["elapsed"], elapsed.at, down=False) == elapsed.value_us


def test_instants_follow_the_pace():
    feed = Feed(races.PLAN, races.START_AT, 10.0)
    parser = DemoParser()
    list(parser.receive(Frame(0, "", feed.start(0))))
    facts = list(parser.receive(Frame(0, "", feed.beat(60_000_000))))
    assert parser.picture().source_at == races.START_AT + 6_000
    assert all(races.START_AT <= fact.source_at <= races.START_AT + 6_000 for fact in facts)


def test_frames_are_small():
    sizes = [len(frame.data) for frame in races.frames()[1:]]
    assert sum(sizes) / len(sizes) < 600
