"""Sector times: of which lap each is, and what it is worth."""

from livetiming.racing import Mark
from livetiming.services import FastestSectors, SectorTimes


class Cars:
    """So many cars, whose cells are brought up to date when they are asked for."""

    def __init__(self, count=1, *, with_bests=False):
        self.cells = [{} for _ in range(count)]
        self.times = [SectorTimes(cells, with_bests=with_bests) for cells in self.cells]
        self._fastest = FastestSectors()

    def show(self):
        self._fastest.show(self.times)
        return self.cells


def test_the_first_sector_of_a_lap_makes_those_of_the_lap_before_old():
    cars = Cars()
    cars.times[0].complete(1, 20)
    cars.times[0].complete(2, 30)
    assert cars.show() == [{"s1": (20, Mark.SB), "s2": (30, Mark.SB)}]
    cars.times[0].complete(1, 21)
    assert cars.show() == [{"s1": 21, "s2": (30, Mark.OLD)}]


def test_a_sector_that_was_missed_ends_no_lap():
    cars = Cars()
    for sector in (1, 3):
        cars.times[0].complete(sector, 20)
    assert cars.show() == [{"s1": (20, Mark.SB), "s3": (20, Mark.SB)}]
    cars.times[0].complete(2, 20)
    assert cars.show()[0] == {
        "s1": (20, Mark.OLD),
        "s2": (20, Mark.SB),
        "s3": (20, Mark.OLD),
    }


def test_what_is_said_again_mends_a_time_and_begins_no_lap():
    cars = Cars()
    cars.times[0].complete(1, 20)
    cars.times[0].complete(2, 30)
    cars.times[0].complete(1, 19, is_again=True)
    assert cars.show() == [{"s1": (19, Mark.SB), "s2": (30, Mark.SB)}]


def test_a_sector_without_a_time_has_no_cell():
    cars = Cars(with_bests=True)
    cars.times[0].complete(1, 20)
    cars.show()
    cars.times[0].complete(1, None)
    assert cars.show() == [{"bs1": (20, Mark.SB)}]


def test_a_faster_time_takes_the_mark_of_another_car():
    cars = Cars(2, with_bests=True)
    cars.times[0].complete(1, 20)
    assert cars.show() == [{"bs1": (20, Mark.SB), "s1": (20, Mark.SB)}, {}]
    cars.times[1].complete(1, 19)
    assert cars.show() == [
        {"bs1": 20, "s1": (20, Mark.PB)},
        {"bs1": (19, Mark.SB), "s1": (19, Mark.SB)},
    ]


def test_a_best_that_the_feed_tells_counts_also_where_it_is_slower():
    cars = Cars(2, with_bests=True)
    for times in cars.times:
        times.complete(1, 20)
    cars.times[0].set_best(1, 25)
    cells = cars.show()
    assert cells == [{"bs1": 25, "s1": (20, Mark.SB)}, {"bs1": (20, Mark.SB), "s1": (20, Mark.SB)}]
    cars.times[1].set_best(1, 30)
    assert [each["bs1"] for each in cars.show()] == [(25, Mark.SB), 30]


def test_best_times_are_shown_only_where_that_is_asked_for():
    cars = Cars()
    cars.times[0].complete(1, 20)
    assert "bs1" not in cars.show()[0]


def test_what_stands_in_sectors_that_the_track_has_not_goes():
    cars = Cars(with_bests=True)
    for sector in (1, 2, 3):
        cars.times[0].complete(sector, 20)
    cars.show()
    cars.times[0].keep(2)
    assert set(cars.show()[0]) == {"s1", "bs1", "s2", "bs2"}


def test_cells_of_sectors_in_which_nothing_changed_are_left_alone():
    cars = Cars(2)
    cars.times[0].complete(1, 20)
    cars.show()
    cars.cells[0]["s1"] = "as it was"
    cars.times[1].complete(1, 21)
    cars.times[1].complete(2, 30)
    assert cars.show()[0]["s1"] == "as it was"
