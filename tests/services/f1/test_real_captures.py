"""Captures that others made of real sessions, which are no part of the project: known answers."""

import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from livetiming.events import Passed, Posted
from livetiming.services import CaptureHints
from livetiming.services.f1 import PLUGIN, Options
from livetiming.services.f1.captures import read_captures
from livetiming.testing import Followed

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data")) / "f1"
HINTS = CaptureHints(None, ZoneInfo("UTC"))
FOLDERS = [
    "silverstone_2024_fp1",
    "silverstone_2020_fp2_archive",
    "imola_2024_race_snapshots",
    "silverstone_2024_race_snapshot",
]

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA to the folder of them"
)


def follow(*names):
    frames = read_captures([DATA / name for name in names], HINTS)
    return Followed(PLUGIN, "f1", PLUGIN.parser(Options())).read(frames)


def only(followed):
    (log,) = followed.logs
    return log


def payloads(log, kind):
    return [event.payload for event in log.events if isinstance(event.payload, kind)]


def best(log, places=3):
    state = log.state
    cells = [(car, state.cars[car]["best"]) for car in state.order[:places]]
    return [(car, cell[0] if isinstance(cell, tuple) else cell) for car, cell in cells]


@pytest.fixture(scope="module")
def fp1():
    return only(follow("silverstone_2024_fp1"))


@pytest.fixture(scope="module")
def fp2():
    return only(follow("silverstone_2020_fp2_archive"))


@pytest.mark.parametrize("name", FOLDERS)
def test_a_capture_goes_through_whole(name):
    followed = follow(name)
    assert not followed.skipped, followed.told
    assert len(only(followed).state.cars) == 20


def test_practice_one_of_2024_has_the_known_best_laps(fp1):
    assert best(fp1) == [("4", 87_420_000), ("18", 87_554_000), ("81", 87_631_000)]
    assert fp1.state.cars["4"]["best"] == (87_420_000, "sb")


def test_practice_two_of_2020_has_the_known_best_laps(fp2):
    assert best(fp2) == [("44", 85_606_000), ("77", 85_782_000), ("3", 86_421_000)]


@pytest.mark.parametrize("name", ["fp1", "fp2"])
def test_no_lap_is_told_twice_and_none_is_left_out(name, request):
    passed = payloads(request.getfixturevalue(name), Passed)
    for car in {each.car for each in passed}:
        laps = [each.lap for each in passed if each.car == car and each.lap is not None]
        assert laps == list(range(laps[0], laps[0] + len(laps))), f"car {car}"


@pytest.mark.parametrize(
    ("name", "car", "lap_us"), [("fp1", "4", 87_420_000), ("fp2", "44", 85_606_000)]
)
def test_the_best_lap_was_told_as_a_crossing(name, car, lap_us, request):
    laps = [p for p in payloads(request.getfixturevalue(name), Passed) if p.car == car]
    assert min(p.lap_us for p in laps if p.lap_us) == lap_us


def test_laps_in_the_pit_lane_are_told_at_the_line(fp2):
    lines = [p.line for p in payloads(fp2, Passed)]
    assert {line: lines.count(line) for line in set(lines)} == {
        "finish": 446,
        "finish_pit": 77,
        "pit_in": 93,
        "pit_out": 93,
    }


def test_an_archive_is_dated_by_its_plan_within_a_second(fp2):
    """The virtual safety car of 15:23:47, by race control, was deployed 91:35.908 into it."""
    first = fp2.events[0].at
    assert abs(first + 5_495_908 - 1_596_813_827_000) < 1000


def test_practice_two_of_2020_saw_its_flags_in_order(fp2):
    flags = []
    for event in fp2.events:
        flag = getattr(event.payload, "session", {})
        if isinstance(flag, dict) and "flag" in flag:
            flags.append(flag["flag"])
    expected = "none green yellow vsc green yellow red chequered"
    assert flags == expected.split()
    assert fp2.state.closed.reason == "finished"


def test_race_control_is_posted_once_at_its_own_time(fp2):
    posted = [
        (event.source_at, event.payload.text)
        for event in fp2.events
        if isinstance(event.payload, Posted) and event.payload.origin == "provider"
    ]
    assert len(posted) == len(set(posted)) == 21
    assert (1_596_814_074_000, "RED FLAG") in posted


def test_a_state_alone_is_one_picture():
    log = only(follow("silverstone_2024_race_snapshot/subscribe.txt"))
    assert log.state.session["laps_total"] == 52
    assert log.state.order[:3] == ["63", "44", "4"]
    assert log.state.cars["63"]["grid"] == 1
    assert not payloads(log, Passed)


def test_two_states_of_a_race_are_its_beginning_and_its_end():
    log = only(follow("imola_2024_race_snapshots"))
    state = log.state
    assert state.order[:4] == ["1", "4", "16", "81"]
    assert [state.cars[car]["gap"] for car in state.order[1:3]] == [725_000, 7_916_000]
    assert state.cars["22"]["gap"].laps == 1
    assert (state.cars["1"]["state"], state.cars["23"]["state"]) == ("fin", "ret")
    assert state.session["laps"] == 63
    assert state.closed.reason == "finished"


def test_damaged_lines_cost_one_line_each():
    """25 of its 51 lines cannot be read; the others are, though some of them are damaged too."""
    frames = list(read_captures([DATA / "damaged_lines" / "with_errors.txt"], HINTS))
    followed = follow("damaged_lines/with_errors.txt")
    assert len(frames) == 51
    assert sum(followed.skipped.values()) == 25
    assert only(followed).state.session["air"] == 20.5
    assert [p.text for p in payloads(only(followed), Posted) if p.origin == "provider"] == [
        "DRS DISABLED"
    ]


def test_every_form_of_a_session_tells_the_same_of_it(tmp_path):
    """The lines of practice one of 2024, rewritten in the other two forms of lines."""
    source = DATA / "silverstone_2024_fp1"
    lines = [json.loads(line) for line in (source / "live.txt").read_text("utf-8-sig").splitlines()]
    for form, write in (
        ("signalr", lambda a: json.dumps({"H": "Streaming", "M": "feed", "A": a})),
        ("python", repr),
    ):
        (tmp_path / form).mkdir()
        (tmp_path / form / "subscribe.txt").write_bytes((source / "subscribe.txt").read_bytes())
        text = "".join(write([m["Type"], m["Json"], m["DateTime"]]) + "\n" for m in lines)
        (tmp_path / form / "live.txt").write_text(text, encoding="utf-8")
    expected = only(follow("silverstone_2024_fp1")).lines
    assert only(follow(tmp_path / "signalr")).lines == expected
    assert only(follow(tmp_path / "python")).lines == expected
