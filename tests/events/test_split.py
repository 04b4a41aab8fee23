"""A change that is too long for a line, in parts that add up to it."""

import pytest

from livetiming.events import Changed, Event, Laps, Picture, apply, decode, diff, encode
from livetiming.events.codec import MAX_LINE
from livetiming.events.model import MAX_INTEGER
from livetiming.events.split import split
from livetiming.racing import STANDARD_COLUMNS, Mark
from tests.events import sessions
from tests.events.checks import check_same, state_of


def check_parts(known, change, limit=MAX_LINE):
    """Each part fits in a line, says something and fits the state; together they say it all."""
    parts = list(split(change, limit))
    state = state_of(known)
    for part in parts:
        line = encode(Event(MAX_INTEGER, MAX_INTEGER, part, -MAX_INTEGER))
        assert len(line) <= limit
        apply(state, decode(line))
    check_same(state, apply(state_of(known), Event(1, 1, change)))
    return parts


def picture(ids, text):
    cars = {car: dict.fromkeys((c for c in STANDARD_COLUMNS if c != "state"), text) for car in ids}
    return Picture(cars=cars, order=list(cars), session=dict.fromkeys(sessions.TRACK, text))


SMALL = picture([str(n) for n in range(3)], "x")
LONG_IDS = [f"{n:03d}" + "🏁" * 29 for n in range(200)]
QUOTED_IDS = [f"{n:03d}" + '"' * 29 for n in range(200)]
OTHER_IDS = [f"{n:03d}" + "🚗" * 29 for n in range(200)]


def test_a_change_that_fits_stays_as_it_is():
    change = diff(Picture(), SMALL)
    assert check_parts(Picture(), change) == [change]


@pytest.mark.parametrize("text", ["x", "🏁" * 256, '"' * 256, (Laps(MAX_INTEGER), Mark.INVALID)])
@pytest.mark.parametrize("ids", [LONG_IDS, QUOTED_IDS])
def test_two_hundred_new_cars_with_every_column_fit(ids, text):
    seen = Picture(cars=picture(ids, text).cars, order=ids)
    check_parts(Picture(), diff(Picture(), seen))


def test_a_whole_grid_that_is_exchanged_for_another_fits():
    known, seen = picture(LONG_IDS, "x"), picture(OTHER_IDS, "🏁" * 256)
    assert len(check_parts(known, diff(known, seen))) > 2


def test_cells_that_are_cleared_all_at_once_fit():
    known = picture(LONG_IDS, "x")
    seen = Picture(cars={car: {} for car in LONG_IDS}, order=LONG_IDS[::-1])
    check_parts(known, diff(known, seen))


def test_many_long_session_fields_fit():
    session = {f"field_{n}": "🏁" * 256 for n in range(200)}
    check_parts(Picture(), Changed(session=session))


@pytest.mark.parametrize("limit", [600, 1_000, 5_000])
def test_parts_add_up_to_the_change_at_any_limit(limit):
    for known, seen in sessions.pairs(seed=limit, count=300):
        change = diff(known, seen)
        if change is None:
            continue
        parts = list(split(change, limit))
        state = state_of(known)
        for part in parts:
            assert part != Changed()
            apply(state, Event(1, 1, part))
        check_same(state, state_of(seen))


def test_a_car_that_left_and_came_back_in_one_change_begins_anew():
    change = Changed({"1": {"x": "y" * 200}}, ("1",), (0, ("0", "2", "1")))
    parts = list(split(change, 300))
    state = state_of(SMALL)
    for part in parts:
        apply(state, Event(1, 1, part))
    check_same(state, apply(state_of(SMALL), Event(1, 1, change)))
