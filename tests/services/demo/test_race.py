"""What happens in a simulated race."""

from collections import Counter
from itertools import pairwise

from livetiming.events import Laps, Passed, Posted
from livetiming.racing import CarState, Flag
from livetiming.services import Fact, Finished, SessionSeen
from livetiming.services.demo.entries import CLASSES, enter
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.race import Race
from tests.services.demo import races


def _payloads(kind):
    facts = [update.payload for update in races.updates() if isinstance(update, Fact)]
    return [payload for payload in facts if isinstance(payload, kind)]


def _values(column):
    return Counter(
        str(cells.get(column)) for picture in races.pictures() for cells in picture.cars.values()
    )


def _flags():
    return [picture.session["flag"] for picture in races.pictures()]


def test_three_classes_take_part_each_slower_than_the_one_before():
    picture = races.pictures()[-1]
    best = {}
    for cells in picture.cars.values():
        time = cells["best"]
        time_us = time[0] if isinstance(time, tuple) else time
        best[cells["class"]] = min(time_us, best.get(cells["class"], time_us))
    assert list(dict(sorted(best.items(), key=lambda item: item[1]))) == [
        car_class.name for car_class in CLASSES
    ]


def test_every_car_has_three_or_four_drivers_and_nobody_drives_two_cars():
    entries = enter(Plan(seed=1, cars=60, duration_s=60, lap_s=90))
    drivers = [driver for entry in entries for driver in entry.drivers]
    assert {len(entry.drivers) for entry in entries} == {3, 4}
    assert len(set(drivers)) == len(drivers)


def test_numbers_and_teams_are_unique():
    entries = enter(Plan(seed=1, cars=60, duration_s=60, lap_s=90))
    assert len({entry.number for entry in entries}) == 60
    assert len({entry.team for entry in entries}) == 60
    assert {"7", "007"} <= {entry.number for entry in entries}


def test_the_order_is_always_exactly_the_cars():
    for picture in races.pictures():
        assert sorted(picture.order) == sorted(picture.cars)


def test_laps_never_fall_and_grow_one_at_a_time():
    for before, after in pairwise(races.pictures()):
        for car, cells in after.cars.items():
            assert 0 <= cells["laps"] - before.cars[car]["laps"] <= 1


def test_cars_stand_in_order_of_laps():
    for picture in races.pictures():
        laps = [picture.cars[car]["laps"] for car in picture.order]
        assert laps == sorted(laps, reverse=True)


def test_cars_of_one_lap_that_finish_stand_in_order_of_time():
    finishes = {}
    for passed in _payloads(Passed):
        if passed.line.startswith("finish"):
            finishes[passed.car] = (-passed.lap, passed.total_us)
    last = races.pictures()[-1]
    finished = [car for car in last.order if last.cars[car]["state"] == CarState.FINISHED]
    assert [finishes[car] for car in finished] == sorted(finishes[car] for car in finished)


def test_places_in_class_count_from_one_in_the_order():
    for picture in races.pictures()[::50]:
        count = Counter()
        for car in picture.order:
            cells = picture.cars[car]
            count[cells["class"]] += 1
            assert cells["pic"] == count[cells["class"]]


def test_cars_overtake_each_other():
    changes = sum(before.order != after.order for before, after in pairwise(races.pictures()))
    assert changes > 100


def test_the_leader_laps_cars():
    last = races.pictures()[-1]
    assert any(isinstance(cells.get("gap"), Laps) for cells in last.cars.values())


def test_no_gap_is_negative_and_the_leader_has_none_where_it_crosses_the_line():
    for picture in races.pictures():
        gaps = [cells.get(column) for cells in picture.cars.values() for column in ("gap", "int")]
        assert all(gap >= 0 for gap in gaps if isinstance(gap, int))
    assert "gap" not in last_leader()


def last_leader():
    last = races.pictures()[-1]
    return last.cars[last.order[0]]


def test_cars_stop_refuel_and_go_out_again():
    states = _values("state")
    assert all(states[state] for state in ("run", "pit", "fuel", "out", "stop", "fin", "ns"))
    lines = Counter(passed.line for passed in _payloads(Passed))
    assert lines["pit_in"] >= lines["finish_pit"] >= lines["pit_out"] > 50


def test_drivers_change_at_stops_only():
    changes = 0
    for before, after in pairwise(races.pictures()):
        for car, cells in after.cars.items():
            if cells["driver"] != before.cars[car]["driver"]:
                changes += 1
                assert before.cars[car]["state"] in (CarState.FUEL, CarState.PIT)
    assert changes > 20


def test_tyres_are_changed():
    assert len(_values("tyre")) >= 2


def test_cars_retire():
    assert _values("state")["ret"]


def test_two_thirds_of_the_cars_see_the_flag_however_long_the_race():
    race = Race(Plan(seed=1, cars=3, duration_s=20_000, lap_s=20, incident_laps=2))
    race.advance(21_000_000_000)
    assert race.over_us is not None
    assert sorted(car.state for car in race.cars) == ["fin", "fin", "ret"]


def test_nobody_retires_where_the_plan_says_so():
    plan = races.PLAN._replace(retirements=False)
    assert {cells["state"] for cells in races.pictures(plan)[-1].cars.values()} == {"fin"}


def test_every_flag_is_shown():
    assert set(_flags()) == {
        *(Flag.NONE, Flag.GREEN, Flag.YELLOW, Flag.SLOW_ZONE, Flag.FCY, Flag.CODE_60),
        *(Flag.SC, Flag.RED, Flag.WHITE, Flag.CHEQUERED),
    }


def test_the_race_begins_on_the_grid_and_ends_with_white_and_chequered():
    flags = [str(flag) for flag, after in pairwise(_flags()) if flag != after] + [_flags()[-1]]
    assert flags[:2] == ["none", "green"]
    assert flags[-3:] == ["green", "white", "chequered"]


def _lap_times(flag):
    """Lap times of cars that crossed the line under a flag and on the track."""
    found = []
    for before, after in pairwise(races.pictures()):
        for car, cells in after.cars.items():
            changed = cells["laps"] != before.cars[car]["laps"]
            if changed and before.session["flag"] == flag and cells["state"] == "run":
                last = cells["last"]
                found.append(last[0] if isinstance(last, tuple) else last)
    return sorted(found)


def test_laps_under_neutralisation_are_slower():
    green = _lap_times("green")
    for flag in ("fcy", "code_60", "sc"):
        slow = _lap_times(flag)
        assert slow[len(slow) // 2] > 1.1 * green[len(green) // 2]


def test_nobody_passes_the_finish_line_during_most_of_a_red_flag():
    crossings = Counter()
    seconds = Counter(_flags())
    for before, after in pairwise(races.pictures()):
        crossings[after.session["flag"]] += sum(
            cells["laps"] != before.cars[car]["laps"] for car, cells in after.cars.items()
        )
    rate = {flag: crossings[flag] / seconds[flag] for flag in ("red", "green")}
    assert rate["red"] < rate["green"] / 2


def test_a_zone_is_named_while_it_is_slow():
    for picture in races.pictures():
        local = picture.session["flag"] in ("yellow", "slow_zone")
        assert ("zones" in picture.session) == local


def test_only_one_car_holds_the_best_lap():
    for picture in races.pictures()[::20]:
        marked = [cells["best"] for cells in picture.cars.values() if "best" in cells]
        holders = [best for best in marked if isinstance(best, tuple)]
        assert len(holders) == bool(marked)


def test_the_weather_changes():
    assert len({picture.session["air"] for picture in races.pictures()}) > 5


def test_race_control_speaks():
    messages = _payloads(Posted)
    assert len(messages) > 50
    assert {message.category for message in messages} == {"Race Control"}


def test_crossings_of_the_line_count_laps_without_a_hole():
    laps = {}
    for passed in _payloads(Passed):
        if passed.line.startswith("finish"):
            assert passed.lap == laps.get(passed.car, 0) + 1
            laps[passed.car] = passed.lap
            assert passed.lap_us > 0


def test_lap_times_add_up_to_the_time_since_the_start():
    total = Counter()
    for passed in _payloads(Passed):
        total[passed.car] += passed.lap_us or 0
        if passed.line.startswith("finish"):
            assert total[passed.car] == passed.total_us


def test_the_race_is_one_session_and_finishes_once():
    kinds = Counter(type(update) for update in races.updates())
    assert kinds[SessionSeen] == kinds[Finished] == 1
    assert isinstance(races.updates()[-1], Finished)


def test_something_moves_in_every_second_of_the_default_demo():
    plan = Plan(seed=1, cars=24, duration_s=400, lap_s=90)
    seen = races.pictures(plan)[: 2 * 400]
    still = sum(before.cars == after.cars for before, after in zip(seen, seen[2:], strict=False))
    assert still <= len(seen) // 100
