"""The pit and flag feeds, beside the live feed."""

import pytest

from tests.services.nascar.feed import (
    FLAGS,
    START,
    STOPS,
    Told,
    flag,
    iso,
    look,
    pit,
    stop,
    vehicle,
)

CARS = (vehicle("1", 1, laps_completed=5), vehicle("2", 2, laps_completed=5))


def racing(elapsed=100, **fields):
    return Told().take(look(*CARS, elapsed=elapsed, **fields))


def lines(found):
    return [
        (f.payload.car, f.payload.line, f.payload.total_us, f.source_at)
        for f in found.facts
        if hasattr(f.payload, "line")
    ]


def test_a_stop_is_told_as_two_crossings_with_their_instants():
    found = racing().take([pit("1", 50.125, 60.25)], START + 101_000, STOPS)
    assert lines(found) == [
        ("1", "pit_in", 50_125_000, START + 50_125),
        ("1", "pit_out", 60_250_000, START + 60_250),
    ]
    assert found.cells("pits")[0] == 0, "the live feed counts"


def test_a_stop_that_lasts_is_told_in_two_parts_and_shown_as_pit():
    found = racing().take([pit("1", 95.0, 0, lap=5)], START + 101_000, STOPS)
    assert found.cells("state") == ["pit", "run"]
    found.take([pit("1", 95.0, 0, lap=5)], START + 111_000, STOPS)
    found.take([pit("1", 95.0, 115.0, lap=5)], START + 121_000, STOPS)
    assert [line for _, line, _, _ in lines(found)] == ["pit_in", "pit_out"]
    assert found.cells("state") == ["run", "run"]


def test_a_stop_that_both_feeds_tell_is_one_stop():
    found = racing().take([pit("1", 50.1249, 60.25)], START + 101_000, STOPS)
    stops = [stop(50.125, 60.25, 3)]
    found.take(look(vehicle("1", 1, laps_completed=5, pit_stops=stops), CARS[1], elapsed=103))
    assert len(lines(found)) == 2
    assert found.cells("pits")[0] == 1


@pytest.mark.parametrize("unknown", [0, -1, None])
def test_a_stop_whose_end_nobody_saw_has_one_crossing(unknown):
    found = racing().take([pit("1", 50.0, unknown)], START + 101_000, STOPS)
    assert [line for _, line, _, _ in lines(found)] == ["pit_in"]
    assert found.cells("state")[0] == "run", "five laps later"


def test_what_comes_before_the_live_feed_waits_for_it():
    found = Told().take([pit("1", 50.0, 60.0)], START, STOPS)
    found.take([flag(2, 40.0, 2, "Spin Turn 1")], START, FLAGS)
    assert found.facts == []
    found.take(look(*CARS, elapsed=100))
    assert [line for _, line, _, _ in lines(found)] == ["pit_in", "pit_out"]
    assert found.messages == ["Spin Turn 1"]


def test_what_is_of_another_race_is_not_told():
    other = STOPS.replace("5001", "5002")
    found = racing().take([pit("1", 50.0, 60.0)], START, other)
    assert found.facts == []
    found.take(look(*CARS, elapsed=130, race_id=5002))
    assert len(lines(found)) == 2, "now it is"


def test_what_an_earlier_run_told_is_not_told_again():
    qualifying = look(*CARS, elapsed=100, run_id=2, run_type=2)
    found = Told().take(qualifying).take([pit("1", 50.0, 60.0)], START, STOPS)
    found.take([flag(2, 40.0, 2, "Spin")], START, FLAGS)
    found.take(look(*CARS, elapsed=200, run_id=3))
    found.take([pit("1", 50.0, 60.0), pit("1", 150.0, 0)], START, STOPS)
    found.take([flag(2, 40.0, 2, "Spin"), flag(2, 190.0, 2, "Debris")], START, FLAGS)
    assert [us for _, _, us, _ in lines(found)] == [50_000_000, 60_000_000, 150_000_000]
    assert found.messages == ["Spin", "Debris"]


def test_a_stop_of_a_car_that_nobody_knows_is_passed_over():
    found = racing().take([pit("99", 50.0, 60.0), None, {}, pit("2", 51.0, 0)], START, STOPS)
    assert [car for car, _, _, _ in lines(found)] == ["2"]


def test_stops_of_two_cars_with_one_number_are_told_apart_by_driver():
    one = vehicle("5", 1, driver="Ann #", driver_id=1)
    two = vehicle("5", 2, driver="Bob", driver_id=2)
    found = Told().take(look(one, two, elapsed=100))
    found.take([pit("5", 50.0, 0, driver="Bob"), pit("5", 51.0, 0, driver="Ann #")], START, STOPS)
    found.take([pit("5", 52.0, 0, driver="Cee")], START, STOPS)
    assert [car for car, _, _, _ in lines(found)] == ["5~2", "5"]


def test_a_caution_is_told_in_the_words_of_race_control_with_who_gets_a_lap_back():
    found = racing().take(
        [
            flag(8, 0.0, 0),
            flag(1, 0.0, 0),
            flag(2, 41.675, 1, " Nos. 53, 66 Incident Frontstretch ", "2    "),
            flag(2, 90.0, 4, "", ""),
        ],
        START + 101_000,
        FLAGS,
    )
    told = [(f.payload.text, f.payload.style, f.payload.car, f.source_at) for f in found.facts]
    assert told == [
        ("Nos. 53, 66 Incident Frontstretch", "caution", None, START + 41_675),
        ("Free pass: #2", "caution", "2", START + 41_675),
    ]


def test_flags_may_be_a_list_in_an_object():
    found = racing().take({"FlagStates": [flag(2, 41.0, 1, "Spin")]}, START, FLAGS)
    assert found.messages == ["Spin"]


def test_the_instants_of_stops_are_exact_by_the_flags():
    found = racing(elapsed=100, time_of_day_os=iso(START + 100_900))
    found.take([flag(2, 40.0, 2, at=START + 40_120)], START, FLAGS)
    found.take([pit("1", 50.0, 0)], START, STOPS)
    assert lines(found)[0][3] == START + 50_120


def test_a_green_flag_at_zero_dates_nothing():
    """In 2023 it was shown 3.6 s before the clock started."""
    found = racing().take([flag(1, 0.0, 0, at=START - 3_600)], START, FLAGS)
    found.take([pit("1", 50.0, 0)], START, STOPS)
    assert lines(found)[0][3] == START + 50_000


@pytest.mark.parametrize("channel", [STOPS, FLAGS])
@pytest.mark.parametrize("document", [None, 5, "x", {"a": 1}])
def test_what_is_no_list_is_refused(channel, document):
    found = racing().take(document, START, channel)
    assert len(found.bad) == 1
    assert found.facts == []


def test_a_stop_that_is_yet_to_come_is_of_another_run():
    """At the start of a race the pit feed may still show the practice before."""
    found = racing(elapsed=10).take([pit("1", 900.0, 950.0), pit("2", 60.0, 0)], START, STOPS)
    assert [car for car, _, _, _ in lines(found)] == ["2"]


def test_a_stop_is_told_when_its_car_comes():
    found = racing().take([pit("3", 50.0, 60.0)], START + 101_000, STOPS)
    assert found.facts == []
    found.take(look(*CARS, vehicle("3", 3), elapsed=103))
    assert [car for car, _, _, _ in lines(found)] == ["3", "3"]


def test_a_bad_pit_feed_costs_the_next_look_nothing():
    found = Told().take({"a": 1}, START, STOPS).take({"a": 1}, START, FLAGS)
    found.take(look(vehicle("1", 1, laps_completed=10), lap=10, flag=9))
    assert len(found.bad) == 2
    assert found.finished == 1
