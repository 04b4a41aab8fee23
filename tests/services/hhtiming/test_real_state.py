"""The state that another program built of a real feed, which is no part of the project.

It is no capture: the messages here are made from it, so that they lead to its values.
"""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest

from livetiming.racing import Kind
from tests.services.hhtiming.feed import Feed, document

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data")) / "hhtiming"
DUMP = DATA / "state_dump_2019_sebring.json"
RESULTS = ("LapTime", "NumberOfLaps", "LastElapsedTime", "SessionTime", "IsCrossingInPits")
BESTS = ("BestLaptime", "BestLapIn", "NumberOfLaps", "LapTime")

pytestmark = pytest.mark.skipif(
    not DUMP.exists(), reason=f"no {DUMP}: set LIVETIMING_DATA to the folder of the captures"
)


def lines_of(number, sectors):
    """The crossings of one lap: the finish line ends it."""
    by_time = sorted(sectors.items(), key=lambda item: item[1]["TimelineCrossingTimeOfDay"])
    return [
        (
            fields["TimelineCrossingTimeOfDay"],
            document(
                "AdvSectorTimeLineCrossing",
                CompetitorNumber=number,
                TimelineNumber=line,
                **fields,
            ),
        )
        for line, fields in by_time
    ]


def messages_of(number, car):
    """What a car's attributes say, each message with the time of day at which it comes."""
    of_it = {key: value for key, value in car.items() if not isinstance(value, dict)}
    current = lines_of(number, car["current_sectors"])
    if "CompetitorID" not in car:
        return current
    start = [(0.0, document("Competitor", **of_it))]
    start.append((0.0, document("Driver", CarID=number, IsInCar=True, **car["driver"])))
    before = lines_of(number, car["previous_sectors"])
    at = before[-1][0]
    pits = [
        (0.0, document(kind, CarID=number))
        for _ in range(car.get("Pits", 0))
        for kind in ("PitIn", "PitOut")
    ]
    result = {key: car[key] for key in RESULTS}
    best = {key: car[key] for key in BESTS if key in car}
    ends = [document("BasicTimeCrossing", CarID=number, **result)]
    ends.append(document("LaptimeResultsUpdate", CarID=number, **best))
    return [*start, *pits, *before, *((at, one) for one in ends), *current]


@pytest.fixture(scope="module")
def dump():
    return json.loads(DUMP.read_text())


@pytest.fixture(scope="module")
def feed(dump):
    session = {key: dump["session"][key] for key in dump["session"] if key != "LastUpdate"}
    followed = Feed(document("SessionInfo", **session))
    followed.say(document("AdvTrackInformation", **dump["track"]))
    told = [one for number, car in dump["cars"].items() for one in messages_of(number, car)]
    for _, one in sorted(told, key=lambda item: item[0]):
        followed.say(one)
    return followed


def entered(dump):
    return {number: car for number, car in dump["cars"].items() if "CompetitorID" in car}


def plain(cell):
    return cell[0] if isinstance(cell, tuple) else cell


def us(seconds):
    return None if seconds is None else round(seconds * 1_000_000)


def test_the_session_is_reached(dump, feed):
    seen, fields = feed.sessions[-1], feed.session
    assert (seen.key, seen.name, seen.description, seen.kind, seen.venue) == (
        "976", "IPC - Race", "IPC - Race", Kind.RACE, "Sebring International Raceway",
    )  # fmt: skip
    assert sum(column.id.startswith("s1") for column in seen.columns) == 3  # s1, s10, s11
    assert fields["elapsed"].value_us == 1_519_000_000
    assert fields["remaining"].value_us == 4_781_000_000
    assert fields["flag"] == "none"


def test_the_values_of_every_car_are_reached(dump, feed):
    assert len(feed.picture.cars) == 25
    for number, car in entered(dump).items():
        cells = feed.car(number)
        assert cells["num"] == car["CompetitorNumber"]
        assert (cells["class"], cells["car"]) == (car["CategoryID"], car["CarMake"])
        assert cells["driver"] == car["driver"]["LastName"]
        assert cells["laps"] == car["NumberOfLaps"]
        assert plain(cells["last"]) == us(car["LapTime"])
        assert plain(cells.get("best")) == us(car.get("BestLaptime"))
        assert cells.get("pits") == car.get("Pits")


def test_course_cars_are_not_shown(dump, feed):
    assert sorted(set(dump["cars"]) - set(feed.picture.cars)) == ["E1", "E2"]


def test_each_car_told_of_its_last_crossing(dump, feed):
    lines = {False: "finish", True: "finish_pit"}
    crossed = {told.car: told for told in feed.told if told.lap is not None}
    assert {n: (told.line, told.lap, told.lap_us) for n, told in crossed.items()} == {
        number: (lines[car["IsCrossingInPits"]], car["NumberOfLaps"], us(car["LapTime"]))
        for number, car in entered(dump).items()
    }


def test_the_best_lap_of_all_is_marked(feed):
    fastest = [car for car, cells in feed.picture.cars.items() if cells.get("best", 0) != 0
               and isinstance(cells["best"], tuple)]  # fmt: skip
    assert fastest == ["47"]


def test_sectors_are_the_times_from_line_to_line(dump, feed):
    """Nobody tells their times at Sebring; all of a lap from the second line to the finish."""
    lines = ["2", "3", "4", "5", "6", "7", "8", "9", "A", "B", "1"]
    compared = 0
    for number, car in entered(dump).items():
        before, now = car["previous_sectors"], car["current_sectors"]
        for sector, (start, end) in enumerate(pairwise(lines), start=2):
            crossed = now if end in now else before
            if start in crossed and end in crossed:
                took = crossed[end]["TimelineCrossingTimeOfDay"]
                took -= crossed[start]["TimelineCrossingTimeOfDay"]
                assert plain(feed.car(number)[f"s{sector}"]) == us(round(took, 3)), (number, sector)
                compared += 1
    assert compared == 247


def test_cars_are_in_the_order_of_the_road_with_their_gaps(dump, feed):
    """At line 7 car 43 follows 47 by 2.331 s, though it was missed at two lines before."""
    assert feed.order[:4] == ["47", "43", "23", "4"]
    assert (feed.car("43")["gap"], feed.car("23")["int"]) == (2_331_000, 1_792_000)
    assert feed.order[-2:] == ["11", "9"]
