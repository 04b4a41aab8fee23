"""Documents that others stored of real races, which are no part of the project: known answers."""

import json
import os
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from livetiming.events import Laps, Passed, Posted
from livetiming.services import CaptureHints
from livetiming.services.nascar import PLUGIN
from livetiming.services.nascar.captures import read_captures
from livetiming.services.nascar.protocol import NascarParser
from livetiming.services.nascar.stored import read_stored
from livetiming.testing import Followed

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data")) / "nascar" / "2023"
LAPS = DATA / "lap-time-example.json"
HINTS = CaptureHints(None, ZoneInfo("UTC"))

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA to the folder of them"
)


def followed(*names):
    frames = read_captures([DATA / name for name in names], HINTS)
    return Followed(PLUGIN, "nascar", NascarParser()).read(frames)


@pytest.fixture(scope="module")
def race():
    (log,) = followed("lap-time-example.json").logs
    return log


@pytest.fixture(scope="module")
def whole_race():
    found = followed("lap-time-example.json", "live-pit-data.json", "example-flag-data.json")
    assert not found.skipped
    (log,) = found.logs
    return log


@pytest.fixture(scope="module")
def cup():
    (log,) = followed("live-feed.json").logs
    return log.state


def crossings(log, *lines):
    return [e for e in log.events if isinstance(e.payload, Passed) and e.payload.line in lines]


def test_atlanta_is_known_by_its_address(race):
    described = race.state.described
    assert (described.key, described.name, described.kind) == (
        "5314",
        "NASCAR Xfinity Series",
        "race",
    )


def test_atlanta_has_38_cars_and_21_wins_after_163_laps(race):
    assert len(race.state.cars) == 38
    assert race.state.order[:4] == ["21", "11", "19", "48"]
    assert race.state.cars["21"]["laps"] == race.state.session["laps"] == 163
    assert race.state.session["flag"] == "chequered"


def test_atlanta_has_4839_lap_entries_with_lap_0(race):
    laps = Counter((e.payload.car, e.payload.lap) for e in crossings(race, "finish", "finish_pit"))
    assert max(laps.values()) == 1
    grid = [cells for cells in race.state.cars.values() if "grid" in cells]
    assert len(laps) + len(grid) == 4_839


def test_atlanta_has_67_laps_under_caution(race):
    flag, under = None, 0
    for event in race.events:
        session = getattr(event.payload, "session", None)
        flag = session.get("flag", flag) if isinstance(session, dict) else flag
        cars = getattr(event.payload, "cars", None) or {}
        under += flag == "caution" and "laps" in cars.get("21", {})
    assert under == 67


def test_atlanta_goes_in_the_order_of_time(race):
    told = [event.at for event in crossings(race, "finish")]
    assert told == sorted(told)
    assert told[-1] - told[0] == pytest.approx(9_862_000, abs=5_000)


def test_every_lap_of_atlanta_has_its_time(race):
    stored = json.loads(read_stored(LAPS).text)["laps"]
    times = {
        (entry["Number"], lap["Lap"]): round(lap["LapTime"] * 1_000_000)
        for entry in stored
        for lap in entry["Laps"]
        if lap["LapTime"]
    }
    told = {
        (e.payload.car, e.payload.lap): e.payload.lap_us
        for e in crossings(race, "finish", "finish_pit")
    }
    assert told == times


def test_atlanta_ends_with_26_cars_at_the_finish_and_names_without_marks(race):
    states = Counter(str(cells["state"]) for cells in race.state.cars.values())
    assert states == {"fin": 26, "ret": 12}
    assert race.state.cars["18"]["driver"] == "Sammy Smith"
    assert race.state.cars["10"]["driver"] == "Justin Haley"
    assert {"00", "02", "07", "08"} <= race.state.cars.keys()


def test_143_stops_are_told_at_their_instants(whole_race):
    came, went = crossings(whole_race, "pit_in"), crossings(whole_race, "pit_out")
    assert (len(came), len(went)) == (143, 138)
    assert sum(cells["pits"] for cells in whole_race.state.cars.values()) == 143
    assert all(abs(event.source_at - event.at) <= 50 for event in came + went)
    first = next(event for event in came if event.payload.car == "18")
    assert first.payload.total_us == 2_488_298_000
    assert first.source_at == 1_679_177_804_329


def test_race_control_speaks_of_11_cautions_and_5_free_passes(whole_race):
    said = [e.payload for e in whole_race.events if isinstance(e.payload, Posted)]
    texts = [posted.text for posted in said if posted.category == "Race control"]
    assert "Nos. 53, 66 Incident Frontstretch" in texts
    passes = [posted.car for posted in said if posted.text.startswith("Free pass")]
    assert passes == ["35", "91", "91", "2", "2"]
    assert len(texts) - len(passes) == 11


def test_a_look_at_the_cup_race_shows_what_is_known(cup):
    session = cup.session
    assert (session["laps"], session["laps_total"], session["laps_remaining"]) == (233, 260, 27)
    assert (session["part"], session["stage_laps"], session["flag"]) == ("Stage 3", 27, "green")
    assert (session["cautions"], session["caution_laps"]) == (5, 34)
    assert (session["lead_changes"], session["leaders"]) == (19, 13)
    assert session["elapsed"].value_us == 9_580_000_000
    assert cup.described.key == "5272-3"


def test_the_cars_of_the_cup_race_are_as_far_apart_as_the_feed_says(cup):
    assert len(cup.cars) == 36
    assert cup.order[:3] == ["6", "45", "20"]
    leader, second = cup.cars["6"], cup.cars["45"]
    assert (leader["led"], leader["pits"], leader["grid"]) == (21, 5, 4)
    assert (second["gap"], second["int"]) == (95_000, 95_000)
    assert cup.cars["41"]["gap"] == Laps(14)
    assert cup.cars["1"]["best"] == (29_376_000, "sb")
    states = Counter(str(cells["state"]) for cells in cup.cars.values())
    assert states == {"run": 28, "ret": 8}


def test_a_practice_has_no_limit_and_no_stage():
    (log,) = followed("cota-mid-practice.json").logs
    state = log.state
    assert (state.described.kind, state.described.key) == ("practice", "5273-0")
    assert state.described.venue == "Circuit of the Americas"
    assert not {"laps_total", "laps_remaining", "part", "caution_laps"} & state.session.keys()
    assert len(state.cars) == 37
    assert state.cars["91"]["driver"] == "Kimi Raikkonen"
    assert [car for car in state.order if state.cars[car]["state"] == "pit"] == ["6", "9"]


def test_a_folder_gives_each_session_in_it():
    found = followed("")
    assert [log.state.described.key for log in found.logs] == ["5314", "5272-3", "5273-0"]
    assert set(found.skipped) == {"unknown document"}
