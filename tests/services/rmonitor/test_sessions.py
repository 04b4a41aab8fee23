"""Which session a feed shows, and what passes from one to the next."""

import pytest

from livetiming.events import State, diff
from livetiming.racing import Kind
from livetiming.services.rmonitor.sessions import kind_of
from tests.services.rmonitor.feed import Feed, heartbeat

CARS = (
    '$A,"7","7",100,"Anna","Lind","",1',
    '$A,"12","12",101,"Bo","Ek","",1',
    '$G,1,"7",5,"00:09:00.000"',
    '$G,2,"12",5,"00:09:02.500"',
)
RESET = '$I, "00:00:00", "0/0/0000"'
GENUINE = '$I,"14:30:00","14 Jun 25"'


def race():
    return Feed('$B,32,"Race 1"', *CARS, heartbeat())


def keys(feed):
    return [session.key for session in feed.sessions]


def test_a_joiner_has_no_session_name_until_the_first_run_is_told():
    feed = Feed(heartbeat(), *CARS)
    assert keys(feed) == [None]
    feed.say('$B,32,"Race 1"')
    assert keys(feed) == [None, "32 Race 1"]
    assert feed.order == ["7", "12"], "the first $B names the session that is already open"


def test_the_key_is_the_run_number_and_the_description():
    feed = Feed('$B,32,"Race 1"', '$B,32,"Race 2"', '$B,33,"Race 2"', '$B,0,""')
    assert keys(feed) == ["32 Race 1", "32 Race 2", "33 Race 2", "0"]


def test_the_same_run_again_says_nothing():
    assert keys(Feed(*['$B,32,"Race 1"'] * 3)) == ["32 Race 1"]


def test_the_track_names_the_session_and_its_venue():
    feed = Feed('$B,32,"Race 1"', '$E,"TRACKLENGTH","4.1"', *['$E,"TRACKNAME","Nordring"'] * 2)
    assert [(s.name, s.venue) for s in feed.sessions] == [("RMonitor", None), ("Nordring",) * 2]


def test_a_new_session_is_told_before_the_old_picture_goes():
    feed = race()
    updates = feed.parser.receive(feed_frame(feed, '$B,33,"Race 2"'))
    assert next(updates).key == "33 Race 2"
    assert feed.order == ["7", "12"]
    assert list(updates) == []
    assert feed.order == []
    assert feed.session == {}


def feed_frame(feed, line):
    from livetiming.services import Frame

    return Frame(feed.at, "", line)


def test_a_run_change_without_init_keeps_the_entries_but_not_the_cars():
    feed = race().say('$B,33,"Race 2"', '$G,1,"12",,"00:00:01.200"')
    assert feed.order == ["12"]
    assert feed.car("12")["driver"] == "Bo Ek"
    assert "laps" not in feed.car("12")


def test_a_run_change_after_an_init_drops_entries_that_were_not_sent_again():
    feed = race().say(GENUINE, '$B,33,"Race 2"', '$A,"12","12",101,"Cy","Dal","",1')
    feed.say('$G,1,"7",,"00:00:01.200"', '$G,2,"12",,"00:00:01.300"')
    assert feed.car("12")["driver"] == "Cy Dal"
    assert "driver" not in feed.car("7")


def test_entries_between_init_and_run_belong_to_the_run():
    feed = race().say(GENUINE, '$A,"9","9",102,"Di","Falk","",1', '$B,33,"Race 2"', heartbeat())
    assert feed.order == ["9"]


def test_entries_of_the_next_run_are_not_shown_in_the_last():
    feed = race().say(GENUINE, '$A,"9","9",102,"Di","Falk","",1')
    assert feed.order == ["7", "12"]


def test_entries_that_came_a_while_before_their_run_are_its_cars():
    feed = race().say(GENUINE, heartbeat(), '$A,"9","9",102,"Di","Falk","",1').wait(1)
    feed.say(heartbeat(), '$B,33,"Race 2"')
    assert feed.order == ["9"]


def test_a_genuine_init_never_empties_the_board():
    feed = race().say(*[GENUINE] * 3, heartbeat("00:00:00", "      "))
    assert feed.order == ["7", "12"]
    feed.wait(2065).say(heartbeat("00:00:00", "      "))
    assert feed.order == ["7", "12"]
    assert len(feed.sessions) == 1


def test_the_same_run_after_a_genuine_init_continues_the_session():
    feed = race().say(GENUINE, '$B,32,"Race 1"', heartbeat())
    assert keys(feed) == ["32 Race 1"]
    assert feed.order == ["7", "12"]


def test_a_run_change_may_come_a_minute_before_its_init():
    feed = race().say('$B,95,"Race 1"').wait(59).say(GENUINE, '$B,95,"Race 1"', *CARS)
    assert keys(feed) == ["32 Race 1", "95 Race 1"]
    assert feed.order == ["7", "12"]


def test_a_feed_may_end_with_an_init():
    assert race().say(GENUINE).order == ["7", "12"]


def test_a_reset_keeps_the_board_until_the_dump_has_come():
    feed = race().say(RESET)
    assert feed.order == ["7", "12"]
    feed.wait(30).say(heartbeat())
    assert feed.order == ["7", "12"], "no dump came at all"


def test_a_dump_with_the_same_cars_changes_nothing():
    feed = race()
    feed.say('$J,"7","00:01:45.000","00:10:45.000"', '$G,1,"7",6,"00:10:45.000"', heartbeat())
    state = State()
    before = diff(state, feed.picture)
    feed.say(RESET, CARS[0], CARS[1], '$B,32,"Race 1"', '$G,1,"7",6,"00:10:45.000"', CARS[3])
    feed.say(heartbeat())
    assert diff(State(), feed.picture) == before
    assert len(feed.sessions) == 1


def test_cars_that_a_dump_does_not_show_have_left():
    feed = race().say(RESET, CARS[0], '$B,32,"Race 1"', CARS[2])
    assert feed.order == ["7", "12"]
    feed.wait(1).say(heartbeat())
    assert feed.order == ["7"]


def test_a_dump_that_is_still_coming_takes_no_car_away():
    feed = race().say(RESET, CARS[0], '$B,32,"Race 1"', CARS[2], heartbeat())
    assert feed.order == ["7", "12"]


def test_a_dump_of_another_run_opens_its_session_with_its_cars():
    feed = race().say(RESET, '$A,"9","9",102,"Di","Falk","",1', '$B,33,"Race 2"', heartbeat())
    assert keys(feed) == ["32 Race 1", "33 Race 2"]
    assert feed.order == ["9"]


def test_a_dump_without_a_run_belongs_to_the_open_session():
    feed = race().say(RESET, '$A,"7","7",100,"Eva","Gran","",1', heartbeat())
    assert feed.car("7")["driver"] == "Eva Gran"


def test_a_heartbeat_of_the_next_run_before_its_b_belongs_to_the_next_run():
    feed = Feed('$B,32,"Race 1"', *CARS, heartbeat("02:02:10", "Finish"))
    feed.say(heartbeat("00:00:00", "      ", laps=0))
    assert feed.session["flag"] == "chequered"
    feed.say('$B,95,"Race 1"')
    assert feed.session["flag"] == "none"


def test_a_heartbeat_after_an_init_belongs_to_the_next_run():
    feed = race().say(GENUINE, heartbeat("00:00:00", "      "))
    assert feed.session["flag"] == "green"
    feed.say('$B,33,"Race 2"')
    assert feed.session["flag"] == "none"


def test_a_clock_that_is_set_back_without_a_new_run_is_told_with_the_next_record():
    feed = race().wait(1).say(heartbeat("00:05:00")).wait(1)
    at = feed.at - 1000
    assert feed.session["elapsed"].value_us == 600_000_000
    feed.say('$J,"7","00:01:45.000","00:10:45.000"')
    assert (feed.session["elapsed"].value_us, feed.session["elapsed"].at) == (300_000_000, at)


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Free Practice 2", Kind.PRACTICE),
        ("FP1", Kind.PRACTICE),
        ("Race Practice", Kind.PRACTICE),
        ("Qualifying", Kind.QUALIFYING),
        ("GT Quali", Kind.QUALIFYING),
        ("Q2", Kind.QUALIFYING),
        ("Race Warm-up", Kind.WARMUP),
        ("Race 1", Kind.RACE),
        ("Test Race", Kind.RACE),
        ("Saturday 8 Hour", Kind.RACE),
        ("Test Session 4", Kind.TEST),
        ("Bracelet Cup", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_the_kind_is_guessed_from_the_description(description, kind):
    assert kind_of(description) is kind
