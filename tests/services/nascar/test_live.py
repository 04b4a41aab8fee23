"""The live feed, look by look."""

import pytest

from livetiming.events import Laps
from tests.services.nascar.feed import START, Told, look, stop, told, vehicle


def test_the_order_is_that_of_the_positions_and_not_that_of_the_list():
    found = told(look(vehicle("21", 2), vehicle("07", 3), vehicle("5", 1)))
    assert found.picture.order == ["5", "21", "07"]
    assert found.cells("num") == ["5", "21", "07"]


def test_a_session_is_known_by_race_and_run():
    found = told(look(), look(run_id=4, run_name="Again"), look(run_id=4, run_name="Again"))
    assert [seen.key for seen in found.seen] == ["5001-3", "5001-4"]
    assert [seen.description for seen in found.seen] == ["Example 400", "Again"]
    assert found.seen[0].name == "NASCAR Cup Series"
    assert found.seen[0].venue == "Example Speedway"


@pytest.mark.parametrize(
    ("type_", "kind"), [(1, "practice"), (2, "qualifying"), (3, "race"), (7, "other")]
)
def test_a_run_type_is_a_kind_of_session(type_, kind):
    assert told(look(run_type=type_)).seen[0].kind == kind


@pytest.mark.parametrize(
    ("code", "flag"),
    [
        (1, "green"),
        (2, "caution"),
        (3, "red"),
        (4, "chequered"),
        (5, "white"),
        (8, "none"),
        (9, "chequered"),
    ],
)
def test_a_flag_state_is_a_flag(code, flag):
    assert told(look(flag=code)).session["flag"] == flag


def test_a_flag_that_nobody_knows_is_told_once_and_the_one_before_stays():
    found = told(look(flag=2), look(flag=6, elapsed=3), look(flag=6, elapsed=6))
    assert found.session["flag"] == "caution"
    assert found.bad == ["unknown flag: '6'"]


def test_a_race_has_laps_a_stage_and_the_laps_to_its_end():
    stage = {"stage_num": 2, "finish_at_lap": 160, "laps_in_stage": 100}
    session = told(look(lap=133, laps_in_race=260, stage=stage)).session
    assert (session["laps"], session["laps_total"], session["laps_remaining"]) == (133, 260, 127)
    assert (session["part"], session["stage_laps"]) == ("Stage 2", 27)


def test_a_race_without_stages_has_none():
    document = look()
    del document["stage"]
    assert not {"part", "stage_laps"} & told(document).session.keys()


def test_999_laps_are_no_limit_and_a_practice_has_no_stage():
    session = told(look(run_type=1, laps_in_race=999, number_of_caution_laps=-1)).session
    assert session.keys() == {"flag", "elapsed"}


def test_a_negative_delta_is_laps_down_and_a_positive_one_is_seconds():
    found = told(
        look(
            vehicle("1", 1, laps_completed=9),
            vehicle("2", 2, laps_completed=9, delta=0.095),
            vehicle("3", 3, laps_completed=9, delta=1.5),
            vehicle("4", 4, laps_completed=7, delta=-2.0, vehicle_elapsed_time=300.1),
            vehicle("5", 5, laps_completed=7, delta=-2.0, vehicle_elapsed_time=300.488),
            vehicle("6", 6, laps_completed=4, delta=-5.0, vehicle_elapsed_time=299.0),
        )
    )
    assert found.cells("gap") == [None, 95_000, 1_500_000, Laps(2), Laps(2), Laps(5)]
    assert found.cells("int") == [None, 95_000, 1_405_000, Laps(2), 388_000, Laps(3)]


def test_nobody_has_a_gap_before_the_first_lap():
    found = told(look(vehicle("1", 1), vehicle("2", 2)))
    assert found.cells("gap") == [None, None]


def test_gaps_of_a_practice_are_those_of_the_best_laps():
    found = told(
        look(
            vehicle("1", 1, best_lap_time=30.0),
            vehicle("2", 2, best_lap_time=30.25),
            vehicle("3", 3, best_lap_time=31.0),
            vehicle("4", 4),
            run_type=1,
        )
    )
    assert found.cells("gap") == [None, 250_000, 1_000_000, None]
    assert found.cells("int") == [None, 250_000, 750_000, None]
    assert found.cells("grid") == [None] * 4, "a starting position in practice is noise"


def test_best_and_last_laps_have_marks():
    found = told(
        look(
            vehicle("1", 1, last_lap_time=29.9, best_lap_time=29.5),
            vehicle("2", 2, last_lap_time=29.376, best_lap_time=29.376),
            vehicle("3", 3, last_lap_time=30.0, best_lap_time=30.0),
            vehicle("4", 4),
        )
    )
    assert found.cells("best") == [29_500_000, (29_376_000, "sb"), 30_000_000, None]
    assert found.cells("last") == [29_900_000, (29_376_000, "sb"), (30_000_000, "pb"), None]


def test_speeds_are_kilometres_an_hour():
    found = told(look(vehicle("1", 1, last_lap_speed=182.97, best_lap_speed="186.503")))
    assert (found.cells("speed"), found.cells("best_speed")) == ([294.46], [300.15])


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "run"),
        ({"status": 3, "laps_completed": 5}, "ret"),
        ({"status": 6}, "ns"),
        ({"status": 6, "laps_completed": 5}, "ret"),
        ({"is_on_track": False}, "pit"),
        ({"pit_stops": [stop(30.1)]}, "pit"),
        ({"pit_stops": [stop(30.1)], "laps_completed": 2}, "pit"),
        ({"pit_stops": [stop(30.1)], "laps_completed": 3}, "run"),
        ({"pit_stops": [stop(30.1, 60.2)]}, "run"),
        ({"status": 2}, None),
    ],
)
def test_what_a_car_does_is_told_by_status_track_and_stops(fields, state):
    assert told(look(vehicle("1", 1, **fields), elapsed=99)).cells("state") == [state]


def test_a_status_that_nobody_knows_is_told_once():
    found = told(look(vehicle("1", 1, status=2)), look(vehicle("1", 1, status=2), elapsed=9))
    assert found.bad == ["unknown status: '2'"]
    assert found.cells("num") == ["1"]


def test_no_car_runs_before_the_start():
    assert told(look(vehicle("1", 1), flag=8)).cells("state") == [None]


def test_stops_are_counted_without_the_places_on_the_grid():
    grid = {"pit_in_elapsed_time": 0.0, "pit_in_lap_count": 208, "pit_in_rank": 30}
    stops = [stop(0.0, lap=0), stop(0.0, lap=0), stop(30.1, 60.2), stop(90.0), grid]
    assert told(look(vehicle("1", 1, pit_stops=stops))).cells("pits") == [2]


def test_laps_led_are_counted_without_the_grid():
    led = [{"start_lap": 0, "end_lap": 3}, {"start_lap": 7, "end_lap": 7}]
    assert told(look(vehicle("1", 1, laps_led=led))).cells("led") == [4]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Ty Gibbs #", "Ty Gibbs"),
        ("Josh Berry(i)", "Josh Berry"),
        ("* Kimi Raikkonen", "Kimi Raikkonen"),
        ("Ann B. Cee Jr. # (i) *", "Ann B. Cee Jr."),
        ("Ricky Stenhouse Jr.", "Ricky Stenhouse Jr."),
    ],
)
def test_names_are_told_without_the_marks_of_rookies_and_guests(name, clean):
    assert told(look(vehicle("1", 1, driver=name))).cells("driver") == [clean]


def test_a_make_is_told_in_full_and_an_unknown_one_as_it_is():
    found = told(
        look(
            vehicle("1", 1, vehicle_manufacturer="Frd"), vehicle("2", 2, vehicle_manufacturer="Ddg")
        )
    )
    assert found.cells("car") == ["Ford", "Ddg"]


def test_two_cars_with_one_number_are_two_cars_in_whatever_order_they_come():
    one = vehicle("5", 1, driver="Ann", driver_id=1, laps_completed=3)
    two = vehicle("5", 2, driver="Bob", driver_id=2, laps_completed=4)
    found = told(look(one, two), look(two, one, elapsed=3), look(two, elapsed=6))
    assert found.picture.order == ["5~2"]
    found.take(look(two | {"running_position": 1}, one | {"running_position": 2}, elapsed=9))
    assert found.picture.order == ["5~2", "5"]
    assert found.cells("driver") == ["Bob", "Ann"]


def test_a_car_stays_the_same_car_when_another_drives_it():
    found = told(
        look(vehicle("5", 1, driver="Ann", driver_id=1, laps_completed=3)),
        look(vehicle("5", 1, driver="Bob", driver_id=2, laps_completed=4), elapsed=3),
    )
    assert found.picture.order == ["5"]
    assert found.crossings == [("5", "finish", 4, None)]


def test_a_car_that_is_not_shown_any_more_has_left():
    found = told(look(vehicle("1", 1), vehicle("2", 2)), look(vehicle("2", 1), elapsed=3))
    assert found.picture.order == ["2"]


def test_a_look_that_comes_late_is_passed_over():
    new, old = look(vehicle("1", 1, laps_completed=5), elapsed=60), look(vehicle("1", 1), elapsed=9)
    found = told(new, old, new | {"race_id": 1, "time_of_day_os": old["time_of_day_os"]})
    assert found.cells("laps") == [5]
    assert len(found.seen) == 1


def test_a_look_that_is_much_older_is_believed():
    """A server may be set right; else nothing would ever be read again."""
    found = told(look(vehicle("1", 1), elapsed=3600), look(vehicle("2", 1), elapsed=9))
    assert found.picture.order == ["2"]


def test_the_clock_runs_while_it_goes_on_and_stands_when_it_stays():
    found = Told()
    runs = []
    for at, elapsed in ((0, 100), (3, 103), (6, 103), (9, 103), (12, 104)):
        found.take(look(elapsed=elapsed, time_of_day_os=None), START + at * 1000)
        runs.append(found.session["elapsed"].runs)
    assert runs == [True, True, False, False, True]
    assert found.session["elapsed"].value_us == 104_000_000


def test_the_clock_stands_before_the_start():
    assert told(look(flag=8)).session["elapsed"].runs is False


@pytest.mark.parametrize(
    "document", [None, [], {}, {"race_id": 1}, {"race_id": "x", "vehicles": []}]
)
def test_what_is_no_live_feed_is_refused(document):
    found = Told().take(document, START)
    assert len(found.bad) == 1
    assert found.seen == []


def test_an_entry_that_cannot_be_read_costs_nothing_else():
    found = told(
        look(
            vehicle("1", 1),
            None,
            {},
            vehicle("2", 2) | {"vehicle_number": "x" * 40},
            vehicle("3", 3),
        )
    )
    assert found.picture.order == ["1", "3"]
    assert len(found.bad) == 1


@pytest.mark.parametrize("value", [None, "x", [], {}, True, 1e300, -1e300, float(2**53), -7.25])
def test_any_value_may_stand_in_any_place(value):
    for name in [*vehicle("1", 1), *look()]:
        bad_one = vehicle("1", 1) | {name: value}
        document = look(bad_one, vehicle("2", 2, laps_completed=3))
        found = Told().take(document | ({name: value} if name in document else {}), START)
        assert all(bad.startswith(("unknown", "live feed")) for bad in found.bad), found.bad


def test_a_document_that_nobody_knows_is_told_once():
    found = Told().take({}, START, "live/feeds/other").take({}, START, "live/feeds/other")
    assert found.bad == ["unknown document: 'live/feeds/other'"]


def test_a_time_without_a_zone_is_no_instant():
    found = told(look(vehicle("1", 1), time_of_day_os="2024-03-09T16:00:00.5"))
    assert found.picture.source_at is None
    assert told(look(vehicle("1", 1))).picture.source_at == START


def test_of_two_equal_best_laps_the_one_that_was_there_first_is_marked():
    first = vehicle("1", 1, last_lap_time=29.5, best_lap_time=29.5)
    found = told(look(first, vehicle("2", 2, last_lap_time=30.0, best_lap_time=30.0)))
    equal = vehicle("2", 1, last_lap_time=29.5, best_lap_time=29.5)
    found.take(look(equal, first | {"running_position": 2}, elapsed=30))
    assert found.picture.order == ["2", "1"]
    assert found.cells("best") == [29_500_000, (29_500_000, "sb")]
    assert found.cells("last") == [(29_500_000, "pb"), (29_500_000, "sb")]
