"""What the standings of a live session make of its cars, look by look."""

from livetiming.services import Strange
from livetiming.services.alkamel.live_cars import LiveCars
from livetiming.services.alkamel.standings import read_standings

AT = 1_750_000_000_000


def item(place, number, laps, lap_at_s, best_ms):
    data = f"{place};{number};CLASSIFIED;1;{laps};0;170;{AT + lap_at_s * 1000};TRACK;{laps + 1};"
    return {"data": data, "lastLapTime": best_ms, "bestLapTime": best_ms}


class Field:
    """Cars, and the crossings that were told of them."""

    def __init__(self):
        self.cars = LiveCars(by_best_lap=False)
        self.crossings = []

    def show(self, *cars):
        """Standings of `(number, laps, began_s, best_ms)`, first place first."""
        items = {str(place): item(place, *car) for place, car in enumerate(cars, start=1)}
        standings = read_standings({"standings": {"standings": items}}, Strange())
        facts = self.cars.take(standings, Strange())
        self.crossings += [(fact.payload.car, fact.payload.lap) for fact in facts]
        self.cars.settle()
        return self

    def column(self, name):
        picture = self.cars.settle()
        return [picture.cars[car].get(name) for car in picture.order]


def test_two_cars_with_one_number_stay_who_they_are_when_one_passes_the_other():
    field = Field().show(("7", 3, 10, 91_000), ("7", 3, 12, 92_000))
    assert field.cars.settle().order == ["7", "7~2"]
    field.show(("7", 4, 90, 90_000), ("7", 3, 10, 91_000))
    assert field.cars.settle().order == ["7~2", "7"]
    assert field.crossings == [("7~2", 4)]
    field.show(("7", 4, 90, 90_000), ("7", 4, 101, 91_000))
    assert field.cars.settle().order == ["7~2", "7"]
    assert field.crossings == [("7~2", 4), ("7", 4)]


def test_a_second_car_with_a_number_is_the_second_also_if_it_stands_first():
    field = Field().show(("7", 3, 10, 91_000))
    field.show(("7", 3, 5, 90_000), ("7", 3, 10, 91_000))
    assert field.cars.settle().order == ["7~2", "7"]
    assert field.crossings == []


def test_of_two_equal_session_bests_the_first_is_marked_and_stays_so():
    field = Field().show(("7", 3, 10, 91_000), ("8", 3, 12, 92_000))
    field.show(("8", 4, 100, 91_000), ("7", 3, 10, 91_000))
    assert field.column("best") == [91_000_000, (91_000_000, "sb")]
    assert field.column("last") == [(91_000_000, "pb"), (91_000_000, "sb")]


def test_a_lap_that_is_taken_back_and_driven_again_is_another_crossing():
    field = Field().show(("7", 9, 10, 91_000)).show(("7", 10, 100, 91_000))
    assert field.crossings == [("7", 10)]
    field.show(("7", 9, 10, 91_000)).show(("7", 10, 100, 91_000))
    assert field.crossings == [("7", 10)], "as it was"
    field.show(("7", 9, 100, 91_000)).show(("7", 10, 190, 91_000))
    assert field.crossings == [("7", 10), ("7", 10)]
