"""Clocks between the events that set them."""

import pytest

from livetiming.events import Clock
from livetiming.events.clock import TOLERANCE_US, read, steady


@pytest.mark.parametrize(
    ("at", "elapsed", "remaining"),
    [
        (1_000, 5_000_000, 5_000_000),
        (1_001, 5_001_000, 4_999_000),
        (5_999, 9_999_000, 1_000),
        (6_000, 10_000_000, 0),
        (6_001, 10_001_000, 0),
        (900, 4_900_000, 5_100_000),
    ],
)
def test_a_running_clock_goes_a_microsecond_in_a_microsecond(at, elapsed, remaining):
    clock = Clock(5_000_000, 1_000, True)
    assert read(clock, at, down=False) == elapsed
    assert read(clock, at, down=True) == remaining


@pytest.mark.parametrize("down", [True, False])
def test_a_stopped_clock_shows_what_it_showed(down):
    assert read(Clock(5_000_000, 1_000, False), 99_000, down=down) == 5_000_000


@pytest.mark.parametrize("down", [True, False])
@pytest.mark.parametrize("runs", [True, False])
@pytest.mark.parametrize(
    ("off_us", "kept"),
    [
        *((0, True), (TOLERANCE_US, True), (-TOLERANCE_US, True)),
        *((TOLERANCE_US + 1, False), (-TOLERANCE_US - 1, False)),
    ],
)
def test_a_clock_is_kept_while_it_is_right_within_a_second_and_a_half(down, runs, off_us, kept):
    known = Clock(600_000_000, 1_000, runs)
    seen = Clock(read(known, 61_000, down=down) + off_us, 61_000, runs)
    assert steady(known, seen, down=down) is (known if kept else seen)


def test_a_clock_that_stops_or_starts_is_said_at_once():
    known, seen = Clock(5, 1_000, True), Clock(5, 1_000, False)
    assert steady(known, seen, down=True) is seen
    assert steady(seen, known, down=False) is known


def test_a_feed_that_cuts_to_the_second_says_a_running_clock_once():
    said = known = Clock(3_600_000_000, 0, True)
    for at in range(0, 3_600_000, 250):
        shown_us = (3_600_000 - at) // 1000 * 1_000_000
        known = steady(known, Clock(shown_us, at, True), down=True)
    assert known is said


def test_a_countdown_that_stays_at_nothing_is_right():
    known = Clock(1_000_000, 0, True)
    assert steady(known, Clock(0, 3_600_000, True), down=True) is known
