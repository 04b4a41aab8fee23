"""Captures that others made of real races, which are no part of the project: known answers."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from livetiming.events import Event, Passed, State, apply, diff
from livetiming.services import BadFrame, CaptureHints, SessionSeen
from livetiming.services.rmonitor.captures import read_captures
from livetiming.services.rmonitor.protocol import RMonitorParser

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data")) / "rmonitor"
SEBRING = DATA / "sebring_2009" / "alms_session_4.txt"
HINTS = CaptureHints(None, ZoneInfo("America/New_York"))
FILES = [
    "sebring_2009/alms_session_4.txt",
    "orbits_mock_session.txt",
    "endurance_8h_start.txt",
    "endurance_midrace_yellow.txt",
    "arena_tests/1h_Record_test.txt",
    "arena_tests/leaderboard-recording.txt",
    "arena_tests/leaderboard-recording_1.txt",
]

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA to the folder of them"
)


class Followed:
    """The sessions of a capture, each folded from its diffs, with what was told beside."""

    def __init__(self, path):
        self.parser = RMonitorParser()
        self.states = {}
        self.passed = {}
        self.emptied = 0
        self.bad = []
        self.key, at = None, 0
        for frame in read_captures([path], HINTS):
            if frame.at - at > 50:
                self.look()
                at = frame.at
            self.receive(frame)
        self.look()

    def receive(self, frame):
        try:
            for update in self.parser.receive(frame):
                if isinstance(update, SessionSeen):
                    self.look()
                    self.open(update.key)
                else:
                    self.passed.setdefault(self.key, []).append(update.payload)
        except BadFrame as error:
            self.bad.append(error.kind)

    def open(self, key):
        if self.key is None and None in self.states:
            self.states[key] = self.states.pop(None)
            self.passed[key] = self.passed.pop(None, [])
        elif key != self.key or key not in self.states:
            self.states[key] = State()
            self.passed[key] = []
        self.key = key

    def look(self):
        if self.key not in self.states:
            return
        state = self.states[self.key]
        change = diff(state, self.parser.picture())
        if change is not None:
            had_cars = bool(state.cars)
            apply(state, Event(0, 0, change))
            self.emptied += had_cars and not state.cars


def plain(cell):
    return cell[0] if isinstance(cell, tuple) else cell


@pytest.fixture(scope="module")
def sebring():
    return Followed(SEBRING)


@pytest.fixture
def run_32(sebring):
    return sebring.states["32 Test Session 4"]


def test_sebring_has_the_sessions_that_its_runs_name(sebring):
    assert list(sebring.states) == ["32 Test Session 4", "95 Test Session 4"]


def test_sebring_ends_in_the_known_order(run_32):
    laps = [(car, run_32.cars[car]["laps"]) for car in run_32.order[:3]]
    assert laps == [("40", 47), ("92", 43), ("15", 41)]
    assert run_32.cars["40"]["total"] == 7_203_686_000
    assert run_32.session["laps"] == 47
    assert run_32.session["flag"] == "chequered"


def test_sebring_has_the_known_best_laps(run_32):
    best = {car: plain(run_32.cars[car]["best"]) for car in ("66", "15", "9")}
    assert best == {"66": 104_811_000, "15": 106_542_000, "9": 107_925_000}
    assert run_32.cars["66"]["best"] == (104_811_000, "sb")


def test_the_best_laps_of_sebring_were_told_as_crossings(sebring):
    laps = {(p.car, p.lap): p.lap_us for p in sebring.passed["32 Test Session 4"] if p.lap_us}
    assert laps["66", 19] == 104_811_000
    assert 107_925_000 in laps.values()


def test_sebring_corrects_the_laps_of_a_car():
    """16 to 15 within one second of the feed, so only its records show it."""
    parser, laps = RMonitorParser(), []
    for frame in read_captures([SEBRING], HINTS):
        list(parser.receive(frame))
        if frame.data.startswith(b"$G") and b',"44",' in frame.data:
            laps.append(parser.picture().cars["44"].get("laps"))
    assert follows(laps, [16, 16, 15, 16])
    assert follows(laps, [28, 29, 29, 28, 28, 27, 28])


def follows(laps, part):
    return any(laps[place : place + len(part)] == part for place in range(len(laps)))


def test_lines_of_sebring_are_told_once_each(sebring):
    passed = sebring.passed["32 Test Session 4"]
    laps = [(p.car, p.lap) for p in passed if p.lap is not None]
    assert [pair for pair in laps if laps.count(pair) > 1] == [("44", 29)] * 2
    assert {p.line for p in passed} == {"finish", "finish_pit", "pit_in", "pit_out"}


def test_cars_and_drivers_of_sebring_are_read_apart(run_32):
    cells = run_32.cars["40"]
    assert (cells["driver"], cells["car"]) == ("David Robertson", "Doran GT MK 7")
    assert "team" not in cells


def test_teams_of_the_endurance_are_no_drivers():
    followed = Followed(DATA / "endurance_8h_start.txt")
    (state,) = followed.states.values()
    assert state.cars["70"]["team"] == "Round 3 Racing"
    assert not any("driver" in cells or "car" in cells for cells in state.cars.values())
    assert len(state.cars) == 52


@pytest.mark.parametrize("file", FILES)
def test_a_capture_goes_through_whole(file):
    followed = Followed(DATA / file)
    assert followed.emptied == 0
    assert followed.bad == (["no record"] if "midrace" in file else []), "its last line is cut"


@pytest.mark.parametrize("file", FILES[1:])
def test_no_crossing_of_a_capture_is_told_twice(file):
    for passed in Followed(DATA / file).passed.values():
        laps = [(p.car, p.lap) for p in passed if isinstance(p, Passed) and p.lap is not None]
        assert len(laps) == len(set(laps))
