"""The tables of a session: pit lane, flags, drivers, and that they are the same however folded."""

import msgspec
import pytest

from livetiming.events import Clock, State, apply
from livetiming.projections.analysis import TABLES, Analysis, Source, columns_of, document
from livetiming.projections.happenings import DriverChanged, PlaceChanged, Refuelled
from livetiming.racing import Flag
from tests.projections.told import DESCRIBED, START, Told, all_tables, only, race, rebuilt, two_cars

A = 90_000_000
EXPORTED = {
    "laps": "car,num,class,team,lap,time_us,at,driver,position,class_position,s1_us,s2_us,s3_us,"
    "flag,in_lap,out_lap,tyre,mark,valid",
    "stints": "car,num,stint,driver,from_lap,to_lap,from_at,to_at,laps,best_us,mean_us,"
    "yellow_laps,tyre,open",
    "stops": "car,num,stop,lap,in_at,out_at,lane_us,driver_in,driver_out,fuelled",
    "drivers": "car,num,driver,laps,stints,time_us,share,best_us",
    "flags": "flag,from_at,to_at,from_lap,to_lap",
    "positions": "lap,car,num,position,class_position,at,gap_us,gap_laps",
    "messages": "at,category,text,style,car,origin",
}


@pytest.fixture
def told():
    return two_cars()


def test_a_stop_is_a_visit_with_both_of_its_ends(told):
    race(told)
    assert told.rows("stops", "car", "num", "stop", "lap", "in_at", "out_at", "lane_us") == [
        ("7", "07", 1, 2, START + 170_000, START + 215_000, 45_000_000),
        ("8", "08", 1, 3, START + 218_000, START + 250_000, 32_000_000),
    ]
    assert told.rows("stops", "driver_in", "driver_out", "fuelled") == [
        ("Ann", "Bob", True), ("Ann", "Ann", None)
    ]  # fmt: skip
    assert len(only(told.happened, Refuelled)) == 1
    assert [each.now for each in only(told.happened, DriverChanged)] == ["Bob"]


def test_a_stop_is_open_until_the_car_goes_out(told):
    race(told)
    (stop,) = told.analysis.typed("stops", START + 180_000)
    assert (stop.in_at, stop.out_at, stop.fuelled) == (START + 170_000, None, None)
    (stop,) = told.analysis.typed("stops", START + 214_999)
    assert (stop.out_at, stop.fuelled) == (None, True)


def test_a_lap_into_the_pits_and_one_out_of_them_are_told_from_others(told):
    race(told)
    laps = told.rows("laps", "car", "lap", "in_lap", "out_lap")
    assert sorted(laps) == [
        ("7", 1, False, False),
        ("7", 2, True, False),
        ("7", 3, False, True),
        ("7", 4, False, False),
        ("8", 1, False, False),
        ("8", 2, False, False),
    ]


def test_a_line_crossed_in_the_lane_says_who_is_in_but_not_since_when(told):
    told.passed(90, "7", 1, A, {"laps": 1, "state": "pit"}, line="finish_pit")
    told.passed(200, "7", 2, A, {"laps": 2}, line="finish_pit")
    told.passed(300, "7", 3, A, {"laps": 3, "state": "run"})
    stops = told.rows("stops", "stop", "lap", "in_at", "out_at", "lane_us")
    assert stops == [
        (1, 1, START + 90_000, START + 200_000, None),
        (2, 2, START + 200_000, START + 300_000, None),
    ]
    assert told.rows("laps", "in_lap", "out_lap") == [(True, False), (True, True), (False, True)]


def test_a_feed_that_knows_no_lanes_is_believed_in_what_its_states_say(told):
    told.cars(80, {"7": {"state": "pit"}})
    told.passed(90, "7", 1, A)
    told.cars(110, {"7": {"state": "run"}})
    assert told.rows("stops", "lap", "lane_us") == [(1, 30_000_000)]
    assert told.rows("laps", "in_lap", "out_lap") == [(True, False)]


def test_a_car_that_was_in_the_pits_when_it_was_first_seen_has_made_no_stop():
    told = Told()
    told.cars(0, {"7": {"num": "7", "state": "pit"}}, ("7",))
    told.cars(10, {"7": {"state": "out"}})
    told.passed(90, "7", 1, A)
    assert told.rows("stops", "car") == []
    assert told.rows("laps", "out_lap") == [(True,)]


def test_a_driver_who_is_told_after_the_stop_is_the_one_who_went_out(told):
    told.cars(80, {"7": {"state": "pit"}})
    told.cars(110, {"7": {"state": "run"}})
    told.cars(115, {"7": {"driver": "Bob"}})
    assert told.rows("stops", "driver_in", "driver_out") == [("Ann", "Bob")]
    told.passed(190, "7", 1, A)
    told.passed(290, "7", 2, A)
    told.cars(295, {"7": {"driver": "Cid"}})
    assert told.rows("stops", "driver_out") == [("Bob",)]


def test_flags_leave_no_hole_and_the_last_one_ends_with_the_session(told):
    race(told)
    assert told.rows("flags", "flag", "from_at", "to_at", "from_lap", "to_lap") == [
        ("green", START, START + 100_000, 0, 1),
        ("sc", START + 100_000, START + 218_000, 1, 2),
        ("green", START + 218_000, START + 400_000, 2, 4),
    ]
    assert [row.to_at for row in told.analysis.typed("flags", START + 315_000)][-1] is not None
    assert [row.to_at for row in told.analysis.typed("flags", START + 325_000)][-1] is None
    assert told.rows("flag_shares", "flag", "laps", "time_us", "share") == [
        ("green", 3, 282_000_000, 0.705), ("sc", 1, 118_000_000, 0.295)
    ]  # fmt: skip


def test_stints_and_drivers_are_made_of_the_laps_that_hold(told):
    race(told)
    assert told.rows("stints", "car", "stint", "driver", "from_lap", "to_lap", "yellow_laps") == [
        ("7", 1, "Ann", 1, 2, 1), ("7", 2, "Bob", 3, 4, 0), ("8", 1, "Ann", 1, 2, 1)
    ]  # fmt: skip
    assert told.rows("stints", "mean_us", "open") == [
        (A, False), (A + 1, False), (A + 1_500_000, False)
    ]  # fmt: skip
    assert told.rows("drivers", "car", "driver", "laps", "stints", "share")[:2] == [
        ("7", "Ann", 2, 1, 0.4724), ("7", "Bob", 2, 1, 0.5276)
    ]  # fmt: skip


def test_gaps_are_sampled_when_laps_are_completed(told):
    race(told)
    gaps = told.rows("gaps", "car", "lap", "leader_us", "leader_laps", "class_us", "class_laps")
    assert gaps[:4] == [
        ("7", 1, 0, None, 0, None),
        ("8", 1, 1_000_000, None, 1_000_000, None),
        ("7", 2, 0, None, 0, None),
        ("8", 2, 0, None, 0, None),
    ]
    assert [each.now for each in only(told.happened, PlaceChanged) if each.car == "8"] == [
        2, 1, None
    ]  # fmt: skip


def test_the_end_is_predicted_by_the_clock_and_by_the_distance(told):
    told.passed(90, "7", 1, A)
    assert told.rows("predictions", "by") == []
    remaining = Clock(500_000_000, START + 100_000, runs=True)
    told.say(95, DESCRIBED)
    told.cars(100, {}, session={"remaining": remaining})
    assert told.rows("predictions", "by", "laps_total", "ends_at", "pace_us") == [
        ("time", 7, START + 630_000, A)
    ]
    told.cars(101, {}, session={"laps_total": 3})
    assert told.rows("predictions", "by", "laps_total", "ends_at") == [("laps", 3, START + 270_000)]
    told.close(110)
    assert told.rows("predictions", "by") == []


@pytest.mark.parametrize("name", EXPORTED)
def test_tables_have_the_columns_of_the_schema(name):
    held = ("known_at", "withdrawn_at")
    assert ",".join(c for c in columns_of(name) if c not in held) == EXPORTED[name]


def test_folding_live_equals_folding_again_at_every_event(told):
    live, state = Analysis(), State()
    for number, event in enumerate(race(told).events, 1):
        apply(state, event)
        live.step(event, state)
        assert all_tables(live) == all_tables(rebuilt(told.events[:number]))


def test_the_tables_as_of_an_instant_are_those_that_were_there_then(told):
    events = race(told).events
    for number, event in enumerate(events, 1):
        is_last = number == len(events) or events[number].at > event.at
        if is_last:
            before = all_tables(rebuilt(events[:number]))
            assert all_tables(told.analysis, event.at) == before


def test_two_sessions_folded_in_turns_do_not_influence_each_other(told):
    events = race(told).events
    folds = [(Analysis(), State()) for _ in range(2)]
    for event in events:
        for analysis, state in folds:
            apply(state, event)
            analysis.step(event, state)
    one, other = (
        document(Source("0" * 32, 1, "", START), analysis.tables()) for analysis, _ in folds
    )
    assert one == other == document(Source("0" * 32, 1, "", START), told.analysis.tables())


def test_a_step_tells_exactly_which_rows_are_new_or_withdrawn(told):
    known, state = {name: {} for name in told.analysis.base}, State()
    live = Analysis()
    for event in race(told).events:
        apply(state, event)
        for name, numbers in live.step(event, state).items():
            known[name].update({number: live.base[name].row(number) for number in numbers})
        for name, table in live.base.items():
            assert known[name] == {number: table.row(number) for number in range(len(table))}


def test_a_log_that_begins_at_a_snapshot_is_analysed_from_there_on(told):
    told.passed(90, "7", 1, A)
    clip = Analysis(told.state, told.events[-1].at)
    assert [row.from_lap for row in clip.typed("entries")] == [1, 0]
    assert [row.flag for row in clip.typed("flags")] == ["green"]
    assert clip.typed("laps") == []
    told.passed(180, "7", 2, A)
    for event in told.events[-2:]:
        clip.step(event, told.state)
    assert [(lap.lap, lap.flag) for lap in clip.typed("laps")] == [(2, Flag.GREEN)]


def test_all_tables_are_in_the_document_and_nothing_of_the_log_but_in_its_source(told):
    race(told)
    text = document(Source("5" * 32, 99, "ab" * 8, START), told.analysis.tables())
    read = msgspec.json.decode(text)
    assert list(read) == ["analysis", "source", "tables"]
    assert read["source"] == {"session": "5" * 32, "seq": 99, "chain": "ab" * 8, "at": START}
    assert list(read["tables"]) == list(TABLES)
    assert "5" * 32 not in str(read["tables"])
