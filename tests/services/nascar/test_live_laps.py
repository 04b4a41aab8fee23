"""Laps and the end of a session, look by look."""

import pytest

from tests.services.nascar.feed import START, look, stop, told, vehicle


def test_a_completed_lap_is_told_with_time_and_instant():
    found = told(
        look(vehicle("1", 1, laps_completed=4, vehicle_elapsed_time=100.0), elapsed=101),
        look(
            vehicle("1", 1, laps_completed=5, vehicle_elapsed_time=130.5, last_lap_time=30.5),
            elapsed=131,
        ),
    )
    (fact,) = found.facts
    assert (fact.payload.lap, fact.payload.lap_us) == (5, 30_500_000)
    assert fact.payload.total_us == 130_500_000
    assert fact.source_at == START + 130_500


def test_the_laps_of_the_first_look_are_no_news():
    assert told(look(vehicle("1", 1, laps_completed=4))).facts == []


def after(laps, total_s, last_s):
    """Crossings between a look with lap 4 at 100 s, and this one."""
    first = vehicle("1", 1, laps_completed=4, vehicle_elapsed_time=100.0)
    later = vehicle("1", 1, laps_completed=laps, vehicle_elapsed_time=total_s, last_lap_time=last_s)
    return told(look(first, elapsed=101), look(later, elapsed=200)).crossings


def test_of_a_lap_between_two_looks_what_is_known_is_told():
    assert after(6, 161.5, 31.0) == [
        ("1", "finish", 5, 30_500_000),
        ("1", "finish", 6, 31_000_000),
    ]
    assert after(7, 191.0, 30.0) == [
        ("1", "finish", 5, None),
        ("1", "finish", 6, None),
        ("1", "finish", 7, 30_000_000),
    ]
    assert after(6, 110.0, 31.0)[0] == ("1", "finish", 5, None), "its times contradict each other"


def test_a_lap_that_is_taken_back_is_told_again_when_it_is_completed_again():
    found = told(
        *(
            look(vehicle("1", 1, laps_completed=laps), elapsed=elapsed)
            for laps, elapsed in ((4, 1), (5, 4), (4, 7), (5, 10))
        )
    )
    assert [lap for _, _, lap, _ in found.crossings] == [5, 5]
    assert found.cells("laps") == [5]


def test_a_lap_completed_in_the_pit_lane_is_told_as_that():
    found = told(
        look(vehicle("1", 1, laps_completed=4), elapsed=100),
        look(
            vehicle(
                "1",
                1,
                laps_completed=5,
                vehicle_elapsed_time=130.5,
                pit_stops=[grid, stop(120.0, 140.0, 4)],
            ),
            elapsed=141,
        ),
    )
    assert [line for _, line, _, _ in found.crossings] == ["pit_in", "finish_pit", "pit_out"]


grid = stop(0.0, lap=0)


def test_who_crosses_under_the_chequered_flag_has_finished():
    found = told(
        look(vehicle("1", 1, laps_completed=9), vehicle("2", 2, laps_completed=8), lap=9),
        look(
            vehicle("1", 1, laps_completed=10),
            vehicle("2", 2, laps_completed=8),
            lap=10,
            elapsed=30,
            flag=4,
        ),
    )
    assert found.cells("state") == ["fin", "run"]
    found.take(
        look(
            vehicle("1", 1, laps_completed=10),
            vehicle("2", 2, laps_completed=9),
            lap=10,
            elapsed=33,
            flag=4,
        )
    )
    assert found.cells("state") == ["fin", "fin"]


def test_a_yellow_flag_after_the_finish_takes_nobodys_finish_back_but_a_green_one_does():
    done = vehicle("1", 1, laps_completed=10)
    found = told(look(done, lap=10, flag=4), look(done, lap=10, flag=2, elapsed=3))
    assert found.cells("state") == ["fin"]
    found.take(look(done, lap=10, flag=1, elapsed=6, laps_in_race=12))
    assert found.cells("state") == ["run"]


def test_a_cold_track_is_the_end_once_all_laps_are_done():
    done = vehicle("1", 1, laps_completed=10)
    found = told(look(done, lap=10, flag=9), look(done, lap=10, flag=9, elapsed=3))
    assert found.finished == 1
    assert found.cells("state") == ["fin"]


@pytest.mark.parametrize("lap", [0, 5])
def test_a_cold_track_before_or_in_a_race_is_no_end(lap):
    assert told(look(vehicle("1", 1, laps_completed=lap), lap=lap, flag=9)).finished == 0


def test_a_cold_track_is_the_end_of_a_practice_that_was_driven():
    practice = {"run_type": 1, "laps_in_race": 999, "flag": 9}
    assert told(look(vehicle("1", 1), **practice)).finished == 0
    assert told(look(vehicle("1", 1, laps_completed=3), **practice)).finished == 1


def test_a_run_that_goes_on_after_its_end_is_another_session():
    done = vehicle("1", 1, laps_completed=10)
    found = told(
        look(done, lap=10, flag=9, elapsed=100),
        look(done, lap=10, flag=2, elapsed=100),
        look(done, lap=10, flag=1, elapsed=103, laps_in_race=12),
        look(vehicle("1", 1, laps_completed=12), lap=12, flag=9, elapsed=160, laps_in_race=12),
    )
    assert [seen.key for seen in found.seen] == ["5001-3", "5001-3~2"]
    assert found.finished == 2
