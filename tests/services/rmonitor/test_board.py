"""The board: order, gaps, laps, best laps, names of cars, flags and states."""

import pytest

from livetiming.events import Laps, Picture, State, diff
from livetiming.events.values import MAX_CARS
from livetiming.racing import CarState, Flag, Mark
from livetiming.services import BadFrame
from tests.services.rmonitor.feed import Feed, heartbeat


def race(*lines):
    return Feed('$B,1,"Race"', *lines)


def test_the_order_of_a_race_is_that_of_g():
    feed = race('$G,2,"7",5,"00:09:02.000"', '$G,1,"12",5,"00:09:00.000"', '$H,1,"7",3,"00:01:40"')
    assert feed.order == ["12", "7"]


def test_the_order_of_a_qualifying_is_that_of_h():
    feed = Feed('$B,1,"Qualifying"', '$G,1,"7",5,"00:09:02.000"', '$G,2,"12",5,"00:09:04.000"')
    feed.say('$H,2,"7",3,"00:01:41.000"', '$H,1,"12",3,"00:01:40.000"')
    assert feed.order == ["12", "7"]


def test_a_first_run_that_is_a_practice_orders_the_open_board_by_best_lap():
    feed = Feed('$G,1,"7",5,"00:09:02.000"', '$H,2,"7",3,"00:01:41"', '$H,1,"12",3,"00:01:40"')
    assert feed.order == ["7", "12"]
    assert feed.say('$B,1,"Practice"').order == ["12", "7"]


@pytest.mark.parametrize(("run", "places"), [("Practice", "$G"), ("Race", "$H")])
def test_where_one_sort_of_place_is_missing_the_other_orders(run, places):
    lines = [f'{places},2,"7",3,"00:01:41.000"', f'{places},1,"12",3,"00:01:40.000"']
    assert Feed(f'$B,1,"{run}"', *lines).order == ["12", "7"]


def test_two_cars_on_one_position_stand_as_they_came_there():
    feed = race('$G,1,"7",5,"00:09:00.000"', '$G,2,"12",5,"00:09:01.000"')
    feed.say('$G,2,"7",5,"00:09:00.000"')
    assert feed.order == ["12", "7"]
    feed.say('$G,1,"12",6,"00:10:45.000"')
    assert feed.order == ["12", "7"]


def test_a_gap_in_the_positions_is_normal():
    assert race('$G,9,"7",5,"00:09:00"', '$G,4,"12",5,"00:09:01"').order == ["12", "7"]


def test_a_refresh_of_a_position_does_not_move_a_car():
    feed = race('$G,1,"7",5,"00:09:00.000"', '$G,1,"12",5,"00:09:01.000"')
    assert feed.say('$G,1,"7",5,"00:09:00.000"').order == ["7", "12"]


def test_cars_without_a_position_stand_behind_in_the_order_they_came():
    feed = race('$A,"3","3",1,"","","",1', '$A,"2","2",1,"","","",1', '$G,8,"1",1,"00:01:40"')
    assert feed.order == ["1", "3", "2"]


def test_the_leader_has_no_gap_and_cars_on_his_lap_have_one_in_time():
    feed = race('$G,1,"7",5,"00:09:00.000"', '$G,2,"12",5,"00:09:01.250"')
    feed.say('$G,3,"8",5,"00:09:02.000"')
    assert "gap" not in feed.car("7")
    assert (feed.car("12")["gap"], feed.car("12")["int"]) == (1_250_000, 1_250_000)
    assert (feed.car("8")["gap"], feed.car("8")["int"]) == (2_000_000, 750_000)


def test_cars_on_another_lap_have_a_gap_in_laps():
    feed = race('$G,1,"7",5,"00:08:00.000"', '$G,2,"12",3,"00:08:01.250"')
    assert feed.car("12")["gap"] == Laps(2)


def test_a_gap_stays_as_it_was_at_the_line_while_the_leader_is_a_crossing_ahead():
    feed = race('$G,1,"7",4,"00:07:00.000"', '$G,2,"12",4,"00:07:03.000"')
    feed.say('$G,1,"7",5,"00:08:45.000"')
    assert feed.car("12")["gap"] == 3_000_000
    feed.say('$G,2,"12",5,"00:08:49.500"')
    assert feed.car("12")["gap"] == 4_500_000


def test_a_car_that_is_two_crossings_behind_is_a_lap_down_wherever_it_stands():
    feed = race('$G,1,"7",4,"00:07:00.000"', '$G,2,"12",4,"00:07:03.000"')
    feed.say('$G,1,"7",5,"00:08:45.000"', '$G,1,"7",6,"00:10:30.000"')
    assert feed.car("12")["gap"] == Laps(1)


def test_a_lapped_car_is_a_lap_down_when_it_crosses_after_the_leader():
    feed = race('$G,1,"7",5,"00:08:45.000"', '$G,2,"12",4,"00:08:46.000"')
    feed.say('$G,1,"7",6,"00:10:30.000"')
    assert feed.car("12")["gap"] == Laps(1)


def test_before_the_first_lap_the_gap_is_that_at_the_line():
    feed = race('$G,1,"7",,"00:00:02.000"', '$G,2,"12",,"00:00:02.500"', '$G,3,"8",,"00:00:00.000"')
    assert feed.car("12")["gap"] == 500_000
    assert "gap" not in feed.car("8")


def test_a_gap_the_wrong_way_is_none_while_the_feed_catches_up():
    feed = race('$G,1,"7",5,"00:09:00.000"', '$G,2,"12",6,"00:10:00.000"')
    assert "gap" not in feed.car("12")
    feed.say('$G,2,"12",5,"00:08:59.000"')
    assert "gap" not in feed.car("12")


def test_a_new_leader_changes_all_gaps():
    feed = race('$G,1,"7",5,"00:09:00.000"', '$G,2,"12",5,"00:09:01.000"')
    assert feed.order == ["7", "12"]
    feed.say('$G,1,"12",6,"00:10:45.000"', '$G,2,"7",5,"00:09:00.000"')
    assert "gap" not in feed.car("12")
    assert "gap" not in feed.car("7"), "it crossed before the new leader did, and not since"


def test_gaps_of_a_practice_are_those_of_the_best_laps():
    feed = Feed('$B,1,"Practice"', '$H,1,"12",3,"00:01:40.000"', '$H,2,"7",3,"00:01:41.500"')
    feed.say('$H,3,"8",0,"00:00:00.000"')
    assert feed.car("7")["gap"] == 1_500_000
    assert "gap" not in feed.car("8")


def test_laps_before_the_first_crossing_are_not_known():
    feed = race('$G,1,"7",,"00:59:59.999"')
    assert feed.car("7") == {"num": "7"}


def test_laps_go_down_where_they_are_corrected():
    feed = race('$G,1,"7",16,"00:53:39.380"', '$G,1,"7",15,"00:51:28.997"')
    assert (feed.car("7")["laps"], feed.car("7")["total"]) == (15, 3088997000)


def test_a_correction_takes_laps_and_total_as_it_says():
    feed = race('$G,1,"7",16,"00:53:39.380"', '$COR,"7","7",15,"00:51:28.997","-00:02:10.383"')
    assert (feed.car("7")["laps"], feed.car("7")["total"]) == (15, 3088997000)


def test_a_correction_without_laps_leaves_them():
    feed = race('$G,1,"7",16,"00:53:39.380"', '$COR,"7","7",,"00:53:39.400","+00:00:00.020"')
    assert (feed.car("7")["laps"], feed.car("7")["total"]) == (16, 3219400000)


def test_a_car_with_negative_laps_has_not_started():
    feed = race('$G,9,"7",-2,"00:00:00.000"')
    assert feed.car("7")["state"] == CarState.NOT_STARTED
    assert "laps" not in feed.car("7")
    assert "state" not in feed.say('$G,9,"7",,"00:00:00.000"').car("7")


def test_the_laps_of_the_session_are_the_leaders():
    feed = race('$G,2,"7",5,"00:09:00.000"', '$G,1,"12",6,"00:10:00.000"')
    assert feed.session["laps"] == 6


def test_a_practice_has_no_leaders_laps():
    feed = Feed('$B,1,"Practice"', '$G,1,"7",5,"00:09:00.000"', '$H,1,"7",3,"00:01:40.000"')
    assert "laps" not in feed.session


def test_the_fastest_best_lap_is_the_session_best():
    feed = race('$H,1,"7",3,"00:01:41.000"', '$H,2,"12",4,"00:01:42.000"')
    assert feed.car("7")["best"] == (101_000_000, Mark.SB)
    assert feed.car("12")["best"] == 102_000_000
    feed.say('$H,1,"12",9,"00:01:40.000"')
    assert feed.car("12")["best"] == (100_000_000, Mark.SB)
    assert feed.car("7")["best"] == 101_000_000


def test_an_equal_lap_does_not_take_the_session_best():
    feed = race('$H,1,"7",3,"00:01:41.000"', '$H,2,"12",4,"00:01:41.000"')
    assert feed.car("12")["best"] == 101_000_000


def test_a_best_lap_that_is_taken_away_gives_the_session_best_to_the_next():
    feed = race('$H,1,"7",3,"00:01:41.000"', '$H,2,"12",4,"00:01:42.000"')
    feed.say('$H,2,"7",5,"00:01:43.000"')
    assert feed.car("7")["best"] == 103_000_000
    assert feed.car("12")["best"] == (102_000_000, Mark.SB)
    feed.say('$H,3,"12",0,"00:00:00.000"')
    assert "best" not in feed.car("12")
    assert feed.car("7")["best"] == (103_000_000, Mark.SB)


def test_a_last_lap_that_is_the_best_of_its_car_is_marked():
    feed = race('$H,1,"12",4,"00:01:40.000"', '$J,"7","00:01:41.000","00:09:00.000"')
    assert feed.car("7")["last"] == 101_000_000
    feed.say('$H,2,"7",5,"00:01:41.000"')
    assert feed.car("7")["last"] == (101_000_000, Mark.PB)
    feed.say('$J,"7","00:01:45.000","00:10:45.000"')
    assert feed.car("7")["last"] == 105_000_000


def test_a_last_lap_that_is_the_best_of_all_is_marked():
    feed = race('$J,"7","00:01:41.000","00:09:00.000"', '$H,1,"7",5,"00:01:41.000"')
    assert feed.car("7")["last"] == (101_000_000, Mark.SB)
    feed.say('$H,1,"12",4,"00:01:40.000"')
    assert feed.car("7")["last"] == (101_000_000, Mark.PB)


def test_the_first_crossing_gives_no_lap_time():
    feed = race('$J,"7","00:00:00.000","00:00:02.000"', '$G,1,"7",,"00:00:02.000"')
    assert "last" not in feed.car("7")


def test_speeds_are_columns_once_the_feed_has_sent_one():
    feed = race('$G,1,"7",5,"00:09:00.000"')
    assert "speed" not in {column.id for column in feed.sessions[-1].columns}
    feed.say('$SR,1,"7",5,"00:00:23.619",30483', '$SP,1,"7",3,"00:00:23.000",31304')
    assert {"speed", "best_speed"} < {column.id for column in feed.sessions[-1].columns}
    assert (feed.car("7")["speed"], feed.car("7")["best_speed"]) == (30.483, 31.304)
    assert feed.car("7")["last"] == 23_619_000
    assert len(feed.sessions) == 2


def test_a_speed_of_zero_is_none():
    feed = race('$SR,31,"7",,"00:00:00",0', '$SP,31,"7",0,"00:00:00",0')
    assert feed.car("7") == {"num": "7"}


def test_every_column_of_a_cell_is_described():
    feed = race('$A,"7","07",1,"Anna","Lind","",1', '$C,1,"GT"', '$G,1,"7",5,"00:09:00.000"')
    feed.say('$J,"7","00:01:41","00:09:00.000"', '$H,1,"7",5,"00:01:41.000"')
    assert feed.car("7").keys() <= {column.id for column in feed.sessions[-1].columns}


def test_car_ids_are_reg_nos_and_numbers_keep_their_zeros():
    feed = race('$A,"1234BE","007",1,"Anna","Lind","",1', '$A,"99","007",2,"Bo","Ek","",1')
    assert {id_: feed.car(id_)["num"] for id_ in feed.order} == {"1234BE": "007", "99": "007"}


def test_a_car_without_an_entry_shows_its_reg_no():
    assert race('$G,1,"0042",5,"00:09:00.000"').car("0042")["num"] == "0042"


def test_two_keys_that_read_alike_are_two_cars():
    feed = race('$G,1,"7",5,"00:09:00"', '$G,2,"7\x07",5,"00:09:01"', '$G,3,"7\x08",5,"00:09:02"')
    assert feed.order == ["7", "7~2", "7~3"]
    feed.say('$G,2,"7\x07",6,"00:10:01"')
    assert feed.car("7~2")["laps"] == 6


@pytest.mark.parametrize("key", ["x" * 33, "__proto__", "\x01"])
def test_a_key_that_cannot_be_a_car_id_is_a_bad_frame(key):
    with pytest.raises(BadFrame) as caught:
        race(f'$G,1,"{key}",5,"00:09:00.000"')
    assert caught.value.kind == "reg no"


def test_more_cars_than_a_session_may_have_are_bad_frames():
    feed = race(*(f'$G,{n},"{n}",5,"00:09:00.000"' for n in range(1, MAX_CARS + 1)))
    with pytest.raises(BadFrame) as caught:
        feed.say('$G,201,"201",5,"00:09:00.000"')
    assert caught.value.kind == "too many cars"
    assert diff(State(), feed.picture) is not None


def test_the_picture_is_made_of_the_same_objects_each_time():
    feed = race('$G,1,"7",5,"00:09:00.000"')
    picture = feed.picture
    feed.say('$G,1,"7",6,"00:10:00.000"')
    assert feed.picture is picture
    assert isinstance(picture, Picture)


@pytest.mark.parametrize(
    ("word", "flag"),
    [
        ("Green ", Flag.GREEN),
        ("Yellow", Flag.YELLOW),
        ("Red   ", Flag.RED),
        ("Finish", Flag.CHEQUERED),
        ("      ", Flag.NONE),
    ],
)
def test_the_flag_is_that_of_the_heartbeat(word, flag):
    assert race(heartbeat(flag=word)).session["flag"] is flag


def test_a_flag_that_nobody_described_is_told_and_the_one_before_stays():
    feed = race(heartbeat("00:01:00"))
    with pytest.raises(BadFrame) as caught:
        feed.wait(1).say(heartbeat("00:01:01", "Purple"))
    assert caught.value.kind == "flag"
    assert feed.session["flag"] is Flag.GREEN
    assert feed.session["elapsed"].value_us == 61_000_000


def test_a_car_that_crosses_the_line_runs_and_after_the_finish_has_finished():
    feed = race(heartbeat(), '$J,"7","00:01:41.000","00:09:00.000"')
    assert feed.car("7")["state"] == CarState.RUN
    feed.say(heartbeat(flag="Finish"))
    assert feed.car("7")["state"] == CarState.RUN
    feed.say('$J,"7","00:01:41.000","00:10:41.000"')
    assert feed.car("7")["state"] == CarState.FINISHED


def test_a_finish_that_is_taken_back_lets_cars_run_again():
    feed = race(heartbeat(flag="Finish"), '$J,"7","00:01:41.000","00:10:41.000"')
    feed.say(heartbeat(flag="Red   "))
    assert feed.car("7")["state"] == CarState.RUN


def test_cars_stay_finished_when_the_flag_goes_in():
    feed = race(heartbeat(flag="Finish"), '$J,"7","00:01:41.000","00:10:41.000"')
    assert feed.say(heartbeat(flag="      ")).car("7")["state"] == CarState.FINISHED


@pytest.mark.parametrize(
    ("name", "state"),
    [("PIP", "pit"), ("SFP", "pit"), ("POP", "out"), ("SFT", "run"), ("S1T", None), ("POT", None)],
)
def test_pit_lines_tell_where_a_car_is(name, state):
    feed = race('$A,"7","7",1,"","","",1', f'$L,"7","X1","{name}","06/14/2025","14:10:00.5"')
    assert feed.car("7").get("state") == state


def test_a_car_that_has_finished_stays_so_in_the_pits():
    feed = race('$A,"7","7",1,"","","",1', heartbeat(flag="Finish"))
    feed.say('$L,"7","T1","SFT","06/14/2025","14:10:00.5"')
    feed.say('$L,"7","P3","PIP","06/14/2025","14:12:00.5"')
    assert feed.car("7")["state"] == CarState.FINISHED
