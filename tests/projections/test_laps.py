"""One idea of what a lap is, whatever the feed tells of it."""

import pytest

from livetiming.events import Passed
from livetiming.projections.happenings import (
    Best,
    BestOf,
    LapCompleted,
    LapCorrected,
    LapTakenBack,
)
from livetiming.racing import Mark
from tests.projections.told import Told, only

A, B, C = 90_000_000, 91_000_000, 92_000_000


@pytest.fixture
def told():
    """Two cars on the grid."""
    told = Told()
    cars = {car: {"num": car, "class": "GT", "state": "run", "laps": 0} for car in ("7", "8")}
    told.cars(0, cars, order=("7", "8"), session={"flag": "green"})
    return told


def test_a_crossing_is_a_lap_with_the_place_and_the_gap_of_the_change_after_it(told):
    told.passed(90, "7", 1, A)
    crossing = Passed("8", "finish", 1, A - 1, driver="Ann")
    assert told.say(90.5, crossing) == []
    (completed,) = only(
        told.cars(90.5, {"8": {"laps": 1, "last": A - 1, "gap": 5}}, ("8", "7")),
        LapCompleted,
    )
    lap = completed.lap
    assert (lap.lap, lap.time_us, lap.driver) == (1, A - 1, "Ann")
    assert (lap.position, lap.class_position, completed.gap_us) == (1, 1, 0)


def test_a_crossing_whose_instant_has_no_change_is_a_lap_with_the_next_event(told):
    told.say(90, Passed("7", "finish", 1, A))
    assert told.laps("7") == []
    told.cars(91, {"8": {"s1": 3}})
    assert told.laps("7") == [(1, A)]
    assert told.rows("laps", "at") == [(told.events[0].at + 90_000,)]


def test_a_crossing_told_again_and_the_cells_after_it_are_the_same_lap(told):
    told.passed(90, "7", 1, A)
    told.say(91, Passed("7", "finish", 1, A))
    told.cars(92, {"7": {"last": (A, Mark.PB)}})
    told.cars(99, {"8": {"s1": 3}})
    assert len(only(told.happened, LapCompleted)) == 1
    assert not only(told.happened, LapCorrected)


def test_count_and_time_in_one_change_are_a_lap(told):
    told.cars(90, {"7": {"laps": 1, "last": A}})
    assert told.laps("7") == [(1, A)]


@pytest.mark.parametrize("halves", [("laps", "last"), ("last", "laps")])
def test_count_and_time_in_two_changes_are_a_lap(told, halves):
    cells = {"laps": 1, "last": A}
    for seconds, column in zip((90, 92.4), halves, strict=True):
        assert told.laps("7") == []
        told.cars(seconds, {"7": {column: cells[column]}})
    assert told.laps("7") == [(1, A)]
    told.cars(99, {"8": {"s1": 3}})
    assert len(only(told.happened, LapCompleted)) == 1


def test_a_time_equal_to_the_one_before_changes_no_cell_and_is_a_lap(told):
    told.cars(90, {"7": {"laps": 1, "last": A}})
    told.cars(180, {"7": {"laps": 2}})
    assert told.laps("7") == [(1, A)]
    told.cars(185, {"8": {"s1": 3}})
    assert told.laps("7") == [(1, A), (2, A)]
    assert told.rows("laps", "at")[1] == (told.events[0].at + 180_000,)


def test_a_lap_without_a_crossing_has_no_time_where_the_feed_tells_crossings(told):
    told.passed(90, "7", 1, A)
    told.cars(180, {"7": {"laps": 2}})
    told.cars(185, {"8": {"s1": 3}})
    assert told.laps("7") == [(1, A)]
    assert told.rows("positions", "car", "lap") == [("7", 1), ("7", 2)]


def test_laps_that_nobody_saw_are_not_made_up():
    told = Told()
    told.cars(0, {"7": {"num": "7", "laps": 37, "last": A}}, ("7",))
    told.cars(60, {"7": {"laps": 38, "last": B}})
    told.cars(300, {"7": {"laps": 41, "last": C}})
    assert told.laps("7") == [(38, B), (41, C)]
    assert told.rows("entries", "from_lap") == [(37,)]


def test_the_start_is_no_lap(told):
    told.passed(1, "7", 0, None)
    told.passed(90, "7", 1, A)
    assert told.laps("7") == [(1, A)]


def test_a_time_that_changes_without_a_count_corrects_the_lap(told):
    told.cars(90, {"7": {"laps": 1, "last": A}})
    told.cars(120, {"7": {"last": B}})
    told.cars(126, {"8": {"s1": 3}})
    assert told.laps("7") == [(1, B)]
    laps = told.analysis.base["laps"]
    assert laps.withdrawn == {0: told.events[-1].at}
    assert [row.time_us for row in laps.holding(told.events[-2].at)] == [A]


def test_a_crossing_that_is_told_with_another_time_corrects_the_lap(told):
    told.passed(90, "7", 1, A)
    told.passed(95, "7", 1, B)
    assert told.laps("7") == [(1, B)]
    (corrected,) = only(told.happened, LapCorrected)
    assert (corrected.before.time_us, corrected.lap.time_us) == (A, B)


def test_a_lap_that_is_struck_out_later_does_not_count_any_more(told):
    told.passed(90, "7", 1, A)
    told.passed(180, "7", 2, A)
    told.cars(200, {"7": {"last": (A, Mark.INVALID)}})
    assert told.rows("laps", "lap", "valid") == [(1, True), (2, False)]
    assert [row.time_us for row in told.analysis.typed("bests")] == []


def test_a_lap_taken_back_is_taken_back_everywhere(told):
    for lap in (1, 2, 3):
        told.passed(90 * lap, "7", lap, A - lap)
    (taken,) = only(told.cars(280, {"7": {"laps": 2}}), LapTakenBack)
    assert taken.lap.lap == 3
    assert told.laps("7") == [(1, A - 1), (2, A - 2)]
    assert told.rows("positions", "lap") == [(1,), (2,)]
    assert told.rows("stints", "to_lap", "laps") == [(2, 2)]
    assert told.rows("classification", "car", "laps", "best_us")[0] == ("7", 2, A - 2)
    assert {row.time_us for row in told.analysis.typed("bests")} == {A - 2}
    before = told.events[-2].at
    assert [row.lap for row in told.analysis.typed("laps", before)] == [1, 2, 3]


def test_a_lap_taken_back_and_driven_again_is_another_one(told):
    told.passed(90, "7", 1, A)
    told.cars(95, {"7": {"laps": 0}})
    told.passed(97, "7", 1, B)
    assert told.laps("7") == [(1, B)]
    assert len(told.analysis.base["laps"]) == 2


def test_laps_that_come_back_without_being_driven_are_those_that_were_taken(told):
    for lap in (1, 2, 3):
        told.passed(90 * lap, "7", lap, A + lap)
    told.cars(280, {"7": {"laps": 0}})
    assert told.laps("7") == []
    told.cars(285, {"7": {"laps": 3}})
    told.cars(291, {"8": {"s1": 3}})
    assert told.laps("7") == [(1, A + 1), (2, A + 2), (3, A + 3)]


def test_a_car_that_leaves_and_comes_back_keeps_its_laps(told):
    told.passed(90, "7", 1, A)
    told.cars(100, {}, removed=("7",))
    assert told.rows("entries", "car", "present") == [("8", True), ("7", False)]
    back = {"num": "7", "class": "GT", "state": "run", "laps": 1, "last": A}
    told.cars(110, {"7": back}, order=("7", "8"))
    told.passed(190, "7", 2, B)
    assert told.laps("7") == [(1, A), (2, B)]
    assert len(only(told.happened, LapCompleted)) == 2


def test_laps_between_two_looks_have_no_place(told):
    told.say(
        200, Passed("7", "finish", 1), Passed("7", "finish", 2, B), Passed("7", "finish", 3, C)
    )
    told.cars(200, {"7": {"laps": 3, "last": C}})
    assert told.rows("positions", "lap", "position") == [(1, None), (2, None), (3, 1)]
    assert told.laps("7") == [(2, B), (3, C)]


def test_the_driver_of_a_lap_is_who_drove_when_it_was_completed(told):
    told.cars(10, {"7": {"driver": "Ann"}})
    told.passed(90, "7", 1, A)
    told.passed(180, "7", 2, A, driver="Bob")
    told.cars(190, {"7": {"driver": "Cid"}})
    told.passed(270, "7", 3, A)
    assert told.rows("laps", "driver") == [("Ann",), ("Bob",), ("Cid",)]


def test_the_flag_of_a_lap_is_the_one_at_its_end(told):
    told.cars(10, {}, session={"flag": "yellow"})
    told.cars(80, {}, session={"flag": "green"})
    told.passed(90, "7", 1, A)
    assert told.rows("laps", "flag") == [("green",)]


def test_sectors_of_an_earlier_lap_are_not_those_of_this(told):
    cells = {"laps": 1, "last": A, "s1": (30, Mark.PB), "s2": (29, Mark.OLD)}
    told.passed(90, "7", 1, A, cells)
    assert told.rows("laps", "s1_us", "s2_us", "s3_us") == [(30, None, None)]


def test_each_new_best_is_told_once_and_the_first_lap_is_none(told):
    told.passed(90, "7", 1, A)
    told.passed(180, "7", 2, B)
    told.passed(181, "8", 2, B - 1)
    told.passed(270, "7", 3, B - 2)
    assert [(best.lap.car, best.of) for best in only(told.happened, Best)] == [
        *(("7", of) for of in BestOf), *(("8", of) for of in BestOf), *(("7", of) for of in BestOf)
    ]  # fmt: skip


def test_half_a_lap_that_waits_at_the_end_is_told_with_the_end(told):
    told.cars(90, {"7": {"laps": 1, "last": A}})
    told.cars(180, {"7": {"laps": 2}})
    told.close(181)
    assert told.laps("7") == [(1, A), (2, A)]


def test_a_lap_count_that_falls_from_beyond_all_reason_takes_no_time(told):
    told.passed(90, "7", 1, A)
    told.cars(91, {"7": {"laps": 2**53 - 1}})
    assert len(only(told.cars(92, {"7": {"laps": 0}}), LapTakenBack)) == 1
