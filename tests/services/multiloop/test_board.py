"""What the table shows of a Multiloop feed."""

from livetiming.events import Clock, Laps
from livetiming.racing import CarState, Flag, Mark
from tests.services.multiloop.feed import (
    START,
    Feed,
    beat,
    crossing,
    entry,
    line,
    result,
    run,
    section,
)

SIX = [f"S{n}" for n in range(1, 13)]


def track(*names):
    parts = []
    for n, name in enumerate(names):
        start, end = (f"IM{n}" if n else "SF"), (f"IM{n + 1}" if n + 1 < len(names) else "SF")
        parts += [name, "0", start, end]
    return line("T", "Ring", "R", "3.4", len(names), *parts)


def test_an_entry_is_shown_with_class_car_and_grid():
    car = Feed(entry("007", 1, "Ann Bee", "GT3", "Honda Fit", grid=12)).car("007")
    assert car == {
        "num": "007", "grid": 12, "driver": "Ann Bee", "class": "GT3", "car": "Honda Fit",
    }  # fmt: skip


def test_a_second_field_of_digits_is_no_car():
    assert "car" not in Feed(entry("7", 1, "Ann", "Indy", "752")).car("7")


def test_results_are_shown_as_they_come():
    feed = Feed(result("7", 1), result("8", 2, rank=2, gap=2.5, ahead=2.5, pits=3, last=101.0))
    assert feed.order == ["7", "8"]
    assert feed.car("7")["best"] == (100_000_000, Mark.SB)
    assert feed.car("8") == {
        "num": "8", "state": CarState.RUN, "laps": 1, "gap": 2_500_000, "int": 2_500_000,
        "last": (101_000_000, Mark.PB), "best": 101_000_000, "pits": 3,
    }  # fmt: skip
    assert feed.session["laps"] == 1


def test_a_car_laps_behind_has_a_gap_in_laps():
    feed = Feed(result("8", rank=2, down=2, gap=5.0, ahead_down=1))
    assert (feed.car("8")["gap"], feed.car("8")["int"]) == (Laps(2), Laps(1))


def test_order_follows_the_overall_rank():
    feed = Feed(result("7", 1, rank=1), result("8", 2, rank=2), result("9", 3, rank=3))
    feed.say(result("9", 3, rank=1, sort="U"), result("7", 1, rank=2, sort="U"))
    feed.say(result("8", 2, rank=3, sort="U"))
    assert feed.order == ["9", "7", "8"]


def test_an_updated_result_corrects_laps_downwards():
    feed = Feed(result("7", laps=5, total=500.0), result("7", laps=4, total=400.0, sort="U"))
    assert feed.car("7")["laps"] == 4


def test_a_repeated_record_changes_nothing():
    feed = Feed(run(), entry("7", 1, "Ann"), result("7"))
    before, told = dict(feed.car("7")), list(feed.updates)
    feed.say(run(sort="R"), entry("7", 1, "Ann", sort="R"), result("7", sort="R"))
    assert (feed.car("7"), feed.updates) == (before, told)


def test_an_invalidated_lap_is_taken_back_once():
    feed = Feed(result("7", laps=5, total=500.0))
    invalid = line("I", "7", "F005A", 500_000, sort="U")
    feed.say(invalid, invalid)
    assert feed.car("7")["laps"] == 4
    assert "last" not in feed.car("7")


def test_the_result_after_an_invalidated_lap_says_what_holds():
    feed = Feed(result("7", laps=5, total=500.0), line("I", "7", "F005A", 500_000, sort="U"))
    feed.say(result("7", laps=4, total=400.0, last=98.0, sort="U"))
    assert (feed.car("7")["laps"], feed.car("7")["last"]) == (4, (98_000_000, Mark.SB))
    assert len(feed.told) == 1


def test_an_invalidated_lap_of_nobody_makes_no_car():
    assert Feed(line("I", "??", "F005A", "0", "")).order == []


def test_two_cars_with_one_number_are_two_cars():
    feed = Feed(entry("7", 1, "Ann"), entry("7", 2, "Bob"))
    feed.say(result("7", 2, rank=1), result("7", 1, rank=2))
    assert feed.order == ["7~2", "7"]
    assert (feed.car("7")["driver"], feed.car("7~2")["driver"]) == ("Ann", "Bob")


def test_a_car_that_ran_before_its_entry_came_is_that_car():
    feed = Feed(result("7", 9), entry("7", 9, "Ann"))
    assert feed.order == ["7"]
    assert feed.car("7")["driver"] == "Ann"


def test_a_passing_in_the_place_of_the_entry_makes_no_second_car():
    feed = Feed(entry("7", 1, "Ann"), section("7", "S1", 30.0, uid="EF317"))
    assert feed.order == ["7"]
    assert feed.car("7")["s1"] == (30_000_000, Mark.SB)


def test_a_car_that_changes_its_number_stays_the_car():
    feed = Feed(entry("7", 1, "Ann"), entry("77", 1, "Ann", sort="U"), result("77", 1))
    assert feed.order == ["7"]
    assert (feed.car("7")["num"], feed.car("7")["laps"]) == ("77", 1)


def test_entries_without_identifiers_are_told_by_their_numbers():
    feed = Feed(entry("7", "", "Ann"), entry("8", "", "Bob"), entry("7", "", "Ann"))
    assert feed.order == ["7", "8"]


def test_a_change_of_drivers_outlives_the_repeated_entry():
    feed = Feed(entry("7", 0x11, "Ann"), line("USAC:DRIVERID", "11", "FF", "2", "Bob"))
    feed.say(entry("7", 0x11, "Ann", sort="R"))
    assert feed.car("7")["driver"] == "Bob"


def test_sections_are_sectors_and_those_of_the_lap_before_are_old():
    feed = Feed(section("7", "S1", 30.0), section("7", "S2", 40.0), section("7", "S3", 30.0))
    feed.say(section("7", "S1", 31.0, done=130.0), section("7", "Spd", 1.0))
    assert [feed.car("7")[f"s{n}"] for n in (1, 2, 3)] == [
        31_000_000, (40_000_000, Mark.OLD), (30_000_000, Mark.OLD),
    ]  # fmt: skip


def test_a_section_that_is_said_again_may_correct_its_time():
    feed = Feed(section("7", "S1", 30.0), section("7", "S2", 40.0))
    feed.say(section("7", "S1", 30.5, sort="U"), section("7", "S2", 50.0, done=5.0, sort="R"))
    assert (feed.car("7")["s1"], feed.car("7")["s2"]) == (30_500_000, (40_000_000, Mark.SB))


def test_a_new_result_that_comes_late_is_history():
    feed = Feed(result("7", laps=5, total=500.0), result("7", laps=4, total=400.0))
    assert feed.car("7")["laps"] == 5


def test_the_track_says_which_sections_make_a_lap():
    feed = Feed(track(*SIX), section("7", "S11", 9.0), section("7", "S12", 8.0))
    assert [column.id for column in feed.sessions[-1].columns if column.id[1:].isdigit()] == [
        f"s{n}" for n in range(1, 13)
    ]
    assert (feed.car("7")["s11"], feed.sessions[-1].venue) == ((9_000_000, Mark.SB), "Ring")


def test_sectors_that_a_track_does_not_have_are_not_shown():
    feed = Feed(section("7", "S3", 30.0))
    assert feed.car("7")["s3"] == (30_000_000, Mark.SB)
    feed.say(track("S1", "S2"))
    assert "s3" not in feed.car("7")


def test_a_trap_beside_the_sectors_is_none_of_them():
    parts = ["S1", "0", "SF", "IM1", "S2", "0", "IM1", "SF", "Spd", "0", "SF", "IM1"]
    feed = Feed(line("T", "Ring", "R", "3.4", 3, *parts), section("7", "Spd", 1.0))
    assert not [column for column in feed.car("7") if column.startswith("s")]
    assert "s3" not in {column.id for column in feed.sessions[-1].columns}


def test_cars_come_in_and_out_of_the_pits():
    feed = Feed()
    states = []
    for where, total, lane in [("SF", 10.0, "T"), ("PIN", 20.0, "P"), ("SFPIT", 30.0, "P"),
                               ("POUT", 40.0, "P"), ("IM1", 50.0, "T")]:  # fmt: skip
        feed.say(crossing("7", where, total, lane=lane))
        states.append(str(feed.car("7")["state"]))
    assert states == ["run", "pit", "pit", "out", "run"]


def test_a_word_can_say_that_a_car_is_out_of_the_race():
    feed = Feed(result("7", status="Contact"), crossing("7", "PIN", 200.0, lane="P"))
    assert feed.car("7")["state"] is CarState.RETIRED
    feed.say(result("7", status="Active", sort="U"))
    assert "state" not in feed.car("7")


def test_cars_finish_under_the_chequered_flag_until_it_goes_in_again():
    feed = Feed(beat(flag="K"), crossing("7", total=50.0), result("7", total=50.0))
    assert feed.car("7")["state"] is CarState.FINISHED
    feed.say(beat(flag="G"))
    assert feed.car("7")["state"] is CarState.RUN


def test_flags_come_with_heartbeats_and_in_between():
    feed = Feed(beat(flag="G"), line("F", "Y", 1, 1, 1, 1, 1, 0, 1, "7", 1, "81.6"))
    assert feed.session["flag"] is Flag.YELLOW
    assert Feed(beat(flag="C")).session["flag"] is Flag.NONE


def test_clocks_run_while_their_values_go_on():
    feed = Feed(beat(60, to_go_s=600)).wait(1).say(beat(61, to_go_s=599))
    assert feed.session["elapsed"] == Clock(61_000_000, START + 1000, runs=True)
    assert feed.session["remaining"] == Clock(599_000_000, START + 1000, runs=True)
    feed.wait(3).say(beat(61, to_go_s=599))
    assert feed.session["elapsed"].runs is False


def test_zero_laps_to_go_is_no_limit_until_there_was_one():
    feed = Feed(beat(laps=0))
    assert "laps_remaining" not in feed.session
    feed.say(beat(laps=1), beat(laps=0))
    assert feed.session["laps_remaining"] == 0
