"""Messages that nobody sent: each generator says what a change means, once."""

import pytest

from livetiming.events import Changed, State
from livetiming.racing import Mark
from livetiming.services.messages import GENERATORS

BEFORE = {
    "7": {"num": "007", "state": "run", "driver": "Ickx", "best": 90_000_000},
    "8": {"state": "pit"},
}


def said(change, before=BEFORE):
    state = State(cars={car: dict(cells) for car, cells in before.items()}, order=list(before))
    return [
        (message.category, message.text, message.style, message.car)
        for generator in GENERATORS
        for message in generator(state, change)
    ]


def changed(car="7", **cells):
    return Changed({car: cells})


@pytest.mark.parametrize(
    ("flag", "text"),
    [("green", "Green flag"), ("code_60", "Code 60"), ("chequered", "Chequered flag")],
)
def test_a_new_flag_is_said(flag, text):
    assert said(Changed(session={"flag": flag})) == [("Flags", text, flag, None)]


@pytest.mark.parametrize("flag", ["none", None])
def test_no_flag_is_nothing_to_say(flag):
    assert said(Changed(session={"flag": flag})) == []


def test_entering_and_leaving_the_pits_is_said_with_the_number():
    assert said(changed(state="pit")) == [("Pits", "#007 has entered the pits", "pit", "7")]
    assert said(changed(state="fuel")) == [("Pits", "#007 has entered the pits", "pit", "7")]
    assert said(changed("8", state="out")) == [("Pits", "#8 has left the pits", "out", "8")]
    assert said(changed("8", state="run")) == [("Pits", "#8 has left the pits", "out", "8")]


@pytest.mark.parametrize("state", ["out", "ret", "stop", "fin", None])
def test_other_states_are_no_pit_stop(state):
    assert said(changed(state=state)) == []


def test_from_the_lane_to_the_fuel_is_one_stop():
    assert said(changed("8", state="fuel")) == []


def test_a_driver_change_is_said_where_both_are_known():
    text = "#007 driver change: Ickx to Bell"
    assert said(changed(driver="Bell")) == [("Drivers", text, None, "7")]
    assert said(changed("8", driver="Bell")) == []
    assert said(changed(driver=None)) == []


def test_a_fastest_lap_of_the_session_is_said_with_its_time():
    mine = changed(best=(89_123_000, Mark.SB))
    assert said(mine) == [("Fastest lap", "#007 fastest lap: 1:29.123", "sb", "7")]


def test_the_same_lap_that_gets_its_mark_later_is_no_new_one():
    assert said(changed(best=(90_000_000, Mark.SB))) == []


@pytest.mark.parametrize("best", [89_000_000, (89_000_000, Mark.PB), None])
def test_a_best_lap_of_a_car_is_no_fastest_lap(best):
    assert said(changed(best=best)) == []


def test_a_car_that_is_new_says_nothing():
    assert said(Changed({"9": {"state": "pit", "best": (80_000_000, Mark.SB)}})) == []


def test_a_number_that_changes_is_the_one_that_is_said():
    assert said(changed(num=("12", Mark.OLD), state="pit"))[0][1] == "#12 has entered the pits"
