"""A clock of which only values are known."""

import pytest

from livetiming.events import Clock
from livetiming.services import ValueClock

SECOND = 1_000_000


def shown(clock, *values_s, at=0, **options):
    """Whether it runs after each of these values, which come once a second from an instant on."""
    return [
        clock.show(value * SECOND, at + 1000 * n, **options).runs
        for n, value in enumerate(values_s)
    ]


def test_a_clock_is_what_was_shown_and_when():
    assert ValueClock(1).show(5 * SECOND, 7) == Clock(5 * SECOND, 7, runs=False)


def test_a_clock_runs_once_it_goes_on():
    assert shown(ValueClock(1), 10, 11, 12) == [False, True, True]
    assert shown(ValueClock(-1), 12, 11, 10) == [False, True, True]


def test_a_clock_that_goes_the_wrong_way_stands():
    assert shown(ValueClock(1), 10, 11, 9) == [False, True, False]
    assert shown(ValueClock(-1), 10, 9, 11) == [False, True, False]


def test_a_second_shown_twice_stops_no_clock_and_one_shown_for_longer_does():
    assert shown(ValueClock(1), 10, 11, 11, 11, 11, 12) == [False, True, True, True, False, True]


def test_a_clock_that_counts_down_stands_at_zero_and_one_that_counts_up_may_run_from_it():
    assert shown(ValueClock(-1), 1, 0) == [False, False]
    assert shown(ValueClock(1), -1, 0) == [False, True]


def test_what_is_in_doubt_is_the_first_value_and_a_jump_the_wrong_way():
    clock = ValueClock(1)
    assert shown(clock, 10, 10, 5, in_doubt=True) == [True, True, True]
    assert shown(clock, 5, 5, at=4000, in_doubt=True) == [True, False]
    assert shown(clock, 4, at=6000) == [False]


def test_what_is_forgotten_is_in_doubt_again():
    clock = ValueClock(1)
    shown(clock, 10, 11)
    clock.forget()
    assert shown(clock, 12, at=2000) == [False]
    clock.forget()
    assert shown(clock, 12, at=3000, in_doubt=True) == [True]


@pytest.mark.parametrize(("direction", "far", "near"), [(1, 40, 41), (-1, 160, 159)])
def test_a_clock_is_set_back_by_a_minute_and_not_by_a_message_that_comes_late(direction, far, near):
    clock = ValueClock(direction)
    assert not clock.is_set_back(far * SECOND), "nothing is known of it"
    clock.show(100 * SECOND, 0)
    assert clock.is_set_back(far * SECOND)
    assert not clock.is_set_back(near * SECOND)
    clock.forget()
    assert not clock.is_set_back(far * SECOND)
