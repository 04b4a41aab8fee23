"""What laps are worth, and cells that are set or cleared."""

import pytest

from livetiming.racing import Mark
from livetiming.services import FastestLap, lap_marks, marked, put


class Timed:
    def __init__(self, last_us, best_us):
        self.cells = {}
        self.last_us = last_us
        self.best_us = best_us


@pytest.mark.parametrize(
    ("last_us", "best_us", "is_fastest", "expected"),
    [
        (90, 90, True, (Mark.SB, Mark.SB)),
        (90, 90, False, (Mark.PB, None)),
        (91, 90, True, (None, Mark.SB)),
        (91, 90, False, (None, None)),
        (None, 90, True, (None, Mark.SB)),
        (90, None, False, (None, None)),
        (None, None, False, (None, None)),
    ],
)
def test_a_last_lap_is_worth_what_the_best_is_if_it_is_the_best(
    last_us, best_us, is_fastest, expected
):
    assert lap_marks(last_us, best_us, is_fastest=is_fastest) == expected


def test_the_fastest_of_all_is_marked_and_who_equals_it_is_not():
    cars = [Timed(90, 90), Timed(95, 92), Timed(92, 92), Timed(99, 90), Timed(None, None)]
    FastestLap().show(cars)
    assert [car.cells for car in cars] == [
        {"best": (90, Mark.SB), "last": (90, Mark.SB)},
        {"best": 92, "last": 95},
        {"best": 92, "last": (92, Mark.PB)},
        {"best": 90, "last": 99},
        {},
    ]


def test_who_had_the_fastest_lap_first_keeps_it_whatever_the_order_is():
    first, other = Timed(90, 90), Timed(90, None)
    fastest = FastestLap()
    fastest.show([other, first])
    other.best_us = 90
    fastest.show([other, first])
    assert first.cells["best"] == (90, Mark.SB)
    assert other.cells == {"best": 90, "last": (90, Mark.PB)}


def test_a_lap_that_is_taken_away_takes_its_cells_and_its_marks():
    cars = [Timed(90, 90), Timed(92, 92)]
    fastest = FastestLap()
    fastest.show(cars)
    cars[0].last_us = cars[0].best_us = None
    fastest.show(cars)
    assert [car.cells for car in cars] == [{}, {"best": (92, Mark.SB), "last": (92, Mark.SB)}]


def test_what_is_not_known_has_no_cell_and_nothing_is_known_and_shown():
    cells = {"laps": 3}
    put(cells, "laps", 0)
    put(cells, "team", "")
    assert cells == {"laps": 0, "team": ""}
    put(cells, "laps", None)
    put(cells, "last", None)
    assert cells == {"team": ""}


def test_a_time_is_marked_where_there_are_both():
    assert marked(90, Mark.PB) == (90, Mark.PB)
    assert marked(90, None) == 90
    assert marked(0, Mark.OLD) == (0, Mark.OLD)
    assert marked(None, Mark.OLD) is None
