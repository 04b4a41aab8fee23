"""The synthetic day of the benchmarks."""

from itertools import takewhile
from time import perf_counter

import pytest

from livetiming.events import Event, Passed, State, apply, diff
from livetiming.services.demo.simulation import START_AT, synthetic_day

HOUR_MS = 3_600_000


def _counted(day):
    """Changes, cell changes, order windows, and the state they add up to."""
    known = State()
    changes = cells = windows = 0
    for at, picture, _ in day:
        change = diff(known, picture)
        if change is None:
            continue
        changes += 1
        cells += sum(len(row) for row in change.cars.values())
        windows += change.order is not None
        apply(known, Event(changes, at, change))
        assert known.cars == picture.cars
        assert known.order == picture.order
    return changes, cells, windows, known


def test_the_first_hour_has_its_share_of_a_days_changes():
    """A fifth more cells than later, as nobody is lapped yet and every interval is a time."""
    hour = takewhile(lambda moment: moment[0] < START_AT + HOUR_MS, synthetic_day())
    changes, cells, windows, known = _counted(hour)
    assert 85_000 / 24 <= changes <= 95_000 / 24
    assert 540_000 / 24 <= cells <= 1.2 * 620_000 / 24
    assert windows > 100
    assert len(known.cars) == 60


def test_a_day_of_one_hour_is_a_whole_race_that_every_car_finishes():
    *_, (at, picture, _) = synthetic_day(hours=1)
    assert {cells["state"] for cells in picture.cars.values()} == {"fin"}
    assert HOUR_MS < at - START_AT < 1.3 * HOUR_MS


def test_facts_come_between_the_pictures_they_belong_to():
    before = START_AT - 1
    laps = 0
    for at, _, facts in synthetic_day(hours=1, cars=6):
        assert all(before <= fact.source_at <= at for fact in facts)
        laps += sum(isinstance(fact.payload, Passed) for fact in facts)
        before = at
    assert laps > 60


@pytest.mark.reliability
def test_a_day_has_as_many_changes_as_a_real_one_and_is_made_in_seconds():
    began = perf_counter()
    length = sum(1 for _ in synthetic_day())
    assert perf_counter() - began < 30
    changes, cells, windows, known = _counted(synthetic_day())
    assert 85_000 <= changes <= 95_000 <= 1.1 * length
    assert 540_000 <= cells <= 620_000
    assert windows > 3_000
    assert {row["state"] for row in known.cars.values()} == {"fin"}
    assert {row["class"] for row in known.cars.values()} == {"PRIME", "PROTO", "GT"}
