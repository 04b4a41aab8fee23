"""Gaps are those of a car's last crossing."""

from hypothesis import given
from hypothesis import strategies as st

from livetiming.events import Laps
from livetiming.services.alkamel.gaps import Progress, best_gap, race_gap


def progress(*totals):
    made = Progress()
    for lap, total in enumerate(totals, start=1):
        made.complete(lap, total)
    return made


def test_on_the_same_lap_it_is_the_difference_of_times():
    assert race_gap(2, 205, progress(100, 200)) == 5


def test_it_does_not_become_a_lap_when_the_car_ahead_crosses_first():
    assert race_gap(2, 205, progress(100, 200, 300)) == 5


def test_two_crossings_behind_is_a_lap_down_wherever_the_car_stands():
    assert race_gap(2, 205, progress(100, 200, 300, 400)) == Laps(1)
    assert race_gap(2, 205, progress(*range(100, 10_000, 100))) == Laps(96)


def test_who_was_overtaken_before_its_own_crossing_is_laps_down():
    assert race_gap(2, 350, progress(100, 200, 300)) == Laps(1)
    assert race_gap(1, 350, progress(100, 200, 300)) == Laps(2)


def test_it_is_not_known_where_the_car_ahead_was_behind_at_that_lap():
    assert race_gap(2, 190, progress(100, 200, 300)) is None


def test_it_is_not_known_without_the_time_of_the_lap():
    assert race_gap(2, None, progress(100, 200)) is None
    missing = Progress()
    missing.complete(1, 100)
    missing.complete(3, 300)
    assert race_gap(2, 250, missing) is None


def test_a_lap_that_is_timed_anew_takes_the_place_of_what_was():
    ahead = progress(100, 200)
    ahead.complete(2, 195)
    assert race_gap(2, 205, ahead) == 10


def test_laps_that_are_taken_back_are_forgotten():
    ahead = progress(100, 200, 300)
    ahead.take_back(2)
    assert (ahead.laps, ahead.total_at(3), ahead.laps_at(10_000)) == (2, None, 2)
    assert race_gap(2, 205, ahead) == 5


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 5_000)), st.integers(0, 30))
def test_laps_may_come_in_any_order_and_be_taken_back(totals, laps):
    made = Progress()
    for lap, total in totals.items():
        made.complete(lap, total + 1)
        made.complete(lap, total)
    made.take_back(laps)
    kept = {lap: total for lap, total in totals.items() if lap <= laps}
    assert all(made.total_at(lap) == total for lap, total in kept.items())
    assert made.laps_at(-1) == 0
    assert (made.laps > 0) == bool(kept)


def test_by_best_lap_it_is_the_difference_of_these():
    assert best_gap(205, 200) == 5
    assert best_gap(None, 200) is None
    assert best_gap(200, 205) is None
