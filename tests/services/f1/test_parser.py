"""What the golden files do not show: limits, crossings that are corrected, topics on their own."""

import random
import tracemalloc

import msgspec
import pytest

from bench.f1_feed import race
from livetiming.events import MAX_CARS, Passed
from livetiming.services import BadFrame, Fact, Frame, SessionSeen
from livetiming.services.f1.protocol import F1Parser
from tests.services.f1 import told


class Said:
    """A parser and what it has said."""

    def __init__(self):
        self.parser = F1Parser()
        self.updates = []

    def hear(self, at_s, topic, content, form=told.line):
        frame = Frame(round(at_s * 1000), "", form(topic, content))
        self.updates += self.parser.receive(frame)
        return self

    @property
    def passed(self):
        facts = [update.payload for update in self.updates if isinstance(update, Fact)]
        return [(p.line, p.lap, p.lap_us) for p in facts if isinstance(p, Passed)]

    @property
    def cars(self):
        return self.parser.picture().cars


@pytest.fixture
def said():
    return Said()


def test_a_lap_is_told_once_its_count_and_its_time_have_come(said):
    said.hear(0, "TimingData", told.lines(n7={"NumberOfLaps": 3}))
    assert said.passed == []
    said.hear(1, "TimingData", told.lines(n7={"LastLapTime": {"Value": "1:30.000"}}))
    assert said.passed == [("finish", 3, 90_000_000)]


def test_a_time_may_come_before_its_count(said):
    said.hear(0, "TimingData", told.lines(n7={"LastLapTime": {"Value": "1:30.000"}}))
    said.hear(1, "TimingData", told.lines(n7={"NumberOfLaps": 3}))
    assert said.passed == [("finish", 3, 90_000_000)]


def test_a_better_time_of_the_same_lap_is_no_second_crossing(said):
    lap = {"NumberOfLaps": 3, "LastLapTime": {"Value": "1:30.000"}}
    said.hear(0, "TimingData", told.lines(n7=lap))
    said.hear(1, "TimingData", told.lines(n7={"LastLapTime": {"Value": "1:29.998"}}))
    said.hear(20, "TimingData", told.lines(n7={"Line": 1}))
    said.hear(90, "TimingData", told.lines(n7={"NumberOfLaps": 4}))
    said.hear(91, "TimingData", told.lines(n7={"LastLapTime": {"Value": "1:31.000"}}))
    assert said.passed == [("finish", 3, 90_000_000), ("finish", 4, 91_000_000)]
    assert said.cars["7"]["last"] == 91_000_000


def test_a_lap_that_is_taken_back_is_told_again_when_it_is_driven_again(said):
    for laps, time in ((3, "1:30.000"), (2, "1:31.000"), (3, "1:32.000")):
        lap = {"NumberOfLaps": laps, "LastLapTime": {"Value": time}}
        said.hear(laps * 90, "TimingData", told.lines(n7=lap))
    assert [lap for _, lap, _ in said.passed] == [3, 3]


def test_the_pit_lane_is_not_entered_by_who_is_first_seen_in_it(said):
    said.hear(0, "TimingData", told.lines(n7={"InPit": True}))
    assert said.passed == []
    said.hear(9, "TimingData", told.lines(n7={"InPit": False, "PitOut": True}))
    said.hear(90, "TimingData", told.lines(n7={"InPit": True, "PitOut": False}))
    assert said.passed == [("pit_out", None, None), ("pit_in", None, None)]


@pytest.mark.parametrize(
    ("did", "state"),
    [
        ({}, None),
        ({"InPit": False}, "run"),
        ({"InPit": True}, "pit"),
        ({"InPit": False, "PitOut": True}, "out"),
        ({"InPit": False, "Stopped": True}, "stop"),
        ({"InPit": True, "Retired": True, "Stopped": True, "Status": 28}, "ret"),
        ({"InPit": False, "Status": 1088}, "fin"),
        ({"InPit": True, "KnockedOut": True}, "fin"),
    ],
)
def test_a_car_does_what_the_feed_says(said, did, state):
    said.hear(0, "TimingData", told.lines(n7={"Line": 1, **did}))
    assert said.cars["7"].get("state") == state


def test_cars_without_a_line_are_behind_all_others_in_the_order_they_came(said):
    said.hear(0, "TimingAppData", told.lines(n30={}, n12={}))
    said.hear(1, "TimingData", told.lines(n7={"Position": "2"}, n44={"Line": 1}))
    assert said.parser.picture().order == ["44", "7", "30", "12"]


def test_the_line_of_the_drivers_counts_until_timing_knows_better(said):
    said.hear(0, "DriverList", {"7": {"Line": 2}, "12": {"Line": 1}})
    assert said.parser.picture().order == ["12", "7"]
    said.hear(1, "TimingData", told.lines(n7={"Line": 1}, n12={"Line": 2}))
    assert said.parser.picture().order == ["7", "12"]


def test_a_car_is_there_as_long_as_one_topic_shows_it(said):
    said.hear(0, "DriverList", {"7": {"FirstName": "Anna"}})
    said.hear(1, "TimingData", told.lines(n7={"Line": 1}))
    said.hear(2, "TimingData", {"Lines": {"_deleted": ["7"]}})
    assert said.cars
    said.hear(3, "DriverList", {"_deleted": ["7"]})
    assert not said.cars
    assert said.parser.picture().order == []


def test_sprint_qualifying_has_parts_of_its_own_name(said):
    info = {"Key": 1, "Type": "Qualifying", "Name": "Sprint Qualifying"}
    said.hear(0, "TimingData", {"SessionPart": 2, "Lines": {}})
    assert "part" not in said.parser.picture().session
    said.hear(1, "SessionInfo", info)
    assert said.parser.picture().session["part"] == "SQ2"


def test_session_data_tells_the_part_where_timing_does_not(said):
    said.hear(0, "SessionInfo", {"Key": 1, "Type": "Qualifying", "Name": "Qualifying"})
    said.hear(1, "SessionData", {"Series": [{"QualifyingPart": 1}, {"QualifyingPart": 3}]})
    assert said.parser.picture().session["part"] == "Q3"
    said.hear(2, "TimingData", {"SessionPart": 2})
    said.hear(3, "SessionData", {"Series": {"2": {"QualifyingPart": 3}}})
    assert said.parser.picture().session["part"] == "Q2"


def test_the_path_is_the_key_where_there_is_no_other(said):
    said.hear(0, "SessionInfo", {"Path": "2026/Lakemoor/Race/", "Name": "Race"})
    said.hear(1, "SessionInfo", {"ArchiveStatus": {"Status": "Complete"}})
    said.hear(2, "SessionInfo", {"Path": "2026/Elsewhere/Race/"})
    seen = [update for update in said.updates if isinstance(update, SessionSeen)]
    assert [each.key for each in seen] == ["2026/Lakemoor/Race/", "2026/Elsewhere/Race/"]
    assert seen[-1].description == "", "nothing is left of the session before"


def test_a_new_session_is_told_before_its_board_is_empty(said):
    said.hear(0, "SessionInfo", {"Key": 1})
    said.hear(1, "TimingData", told.lines(n7={"Line": 1}))
    frame = Frame(2000, "", told.line("SessionInfo", {"Key": 2}))
    updates = said.parser.receive(frame)
    assert next(updates).key == "2"
    assert said.cars
    assert list(updates) == []
    assert not said.cars


def test_a_clock_is_true_at_its_own_time(said):
    clock = {"Utc": "2026-06-14T12:00:00.5Z", "Remaining": "00:39:15", "Extrapolating": True}
    said.hear(0, "ExtrapolatedClock", clock)
    said.hear(1, "ExtrapolatedClock", {"Extrapolating": False})
    remaining = said.parser.picture().session["remaining"]
    assert (remaining.value_us, remaining.at) == (2_355_000_000, 1_781_438_400_500)
    assert not remaining.runs


def test_one_bad_topic_of_a_state_does_not_cost_the_others():
    parser = F1Parser()
    state = told.core_state(LapCount={"TotalLaps": "x"}, TrackStatus={"Status": "5"})
    with pytest.raises(BadFrame):
        list(parser.receive(Frame(0, "", state)))
    assert parser.picture().session == {"flag": "red"}


def test_hundreds_of_made_up_cars_are_refused_beyond_the_limit(said):
    refused = 0
    for number in range(300):
        try:
            said.hear(number, "TimingData", {"Lines": {str(number): {"Line": 1}}})
        except BadFrame:
            refused += 1
    picture = said.parser.picture()
    assert len(picture.cars) == MAX_CARS == 300 - refused
    assert sorted(picture.order) == sorted(picture.cars)


def test_damage_within_compressed_topics_breaks_nothing():
    """The conformance kit damages frames; this damages what they carry, before and after it is
    compressed."""
    chance = random.Random(20_090_127)
    inside = msgspec.json.encode(
        told.lines(n7={"Line": 1, "NumberOfLaps": 3, "LastLapTime": {"Value": "1:30.000"}})
    )
    parser = F1Parser()
    for at in range(1000):
        content = bytearray(inside)
        for _ in range(chance.randrange(4)):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        packed = list(told.deflated(bytes(content)))
        for _ in range(chance.randrange(2)):
            packed[chance.randrange(len(packed))] = chance.choice("A/+=é7")
        try:
            list(parser.receive(Frame(at, "", told.line("TimingData.z", "".join(packed)))))
        except BadFrame:
            continue
        assert parser.picture().cars.keys() >= {"7"} or parser.picture().cars


def test_a_long_race_takes_no_more_memory_than_a_short_one():
    parser = F1Parser()
    sizes = []
    tracemalloc.start()
    for count, line in enumerate(race()):
        list(parser.receive(Frame(count, "", line)))
        if count % 3_000 == 2_999:
            parser.picture()
            sizes.append(tracemalloc.get_traced_memory()[0])
        if count == 12_000:
            break
    tracemalloc.stop()
    assert max(sizes) - sizes[0] < 512 * 1024, sizes


@pytest.mark.parametrize(
    "content",
    [
        {"Key": None},
        {"Key": ""},
        {"Key": 5},
        {"Path": "2026/Lakemoor/Corrected/", "Key": 5},
        {"_deleted": ["Key"]},
        {},
    ],
)
@pytest.mark.parametrize("form", [told.line, lambda topic, said: told.core_state(**{topic: said})])
def test_the_session_is_the_same_until_another_is_named(said, content, form):
    said.hear(0, "SessionInfo", {"Key": 5, "Path": "2026/Lakemoor/Race/", "Name": "Race"})
    said.hear(1, "TimingData", told.lines(n7={"Line": 1}))
    said.hear(2, "SessionInfo", content, form)
    assert said.cars
    assert {update.key for update in said.updates if isinstance(update, SessionSeen)} == {"5"}


def test_a_session_known_by_its_path_keeps_that_as_its_key(said):
    said.hear(0, "SessionInfo", {"Path": "2026/Lakemoor/Race/"})
    said.hear(1, "SessionInfo", {"Path": "2026/Lakemoor/Race/", "Key": 5, "Name": "Race"})
    said.hear(2, "SessionInfo", {"Key": 6, "Name": "Race"})
    keys = [update.key for update in said.updates if isinstance(update, SessionSeen)]
    assert keys == ["2026/Lakemoor/Race/", "2026/Lakemoor/Race/", "6"]
