"""Clocks: values in, running or standing out."""

from livetiming.events.clock import steady
from tests.services.rmonitor.feed import Feed, heartbeat

SECOND = 1_000_000


def runs(feed, field="elapsed"):
    return feed.session[field].runs


def test_a_clock_says_what_the_heartbeat_said_and_when():
    feed = Feed(heartbeat("00:10:00", to_go="01:50:00"))
    assert (feed.session["elapsed"].value_us, feed.session["elapsed"].at) == (600 * SECOND, feed.at)
    assert feed.session["remaining"].value_us == 6600 * SECOND


def test_a_joiner_takes_the_clock_to_run_under_any_flag():
    assert runs(Feed(heartbeat("00:10:00", "Yellow")))
    assert not runs(Feed(heartbeat("00:00:00", "      ")))


def test_the_clock_runs_from_the_moment_the_first_flag_comes_out():
    feed = Feed(heartbeat("00:00:00", "      ")).wait(1).say(heartbeat("00:00:00", "Green "))
    assert runs(feed)


def test_a_clock_that_goes_on_runs_also_without_a_flag():
    feed = Feed(heartbeat("00:10:00", "      ")).wait(1).say(heartbeat("00:10:01", "      "))
    assert runs(feed)


def test_a_second_that_is_sent_twice_does_not_stop_the_clock():
    feed = Feed(heartbeat("00:10:00")).wait(1).say(heartbeat("00:10:01"))
    assert runs(feed.wait(1).say(heartbeat("00:10:01")))


def test_a_clock_that_stays_stands():
    feed = Feed(heartbeat("00:10:00", "Red   "))
    for _ in range(3):
        feed.wait(1).say(heartbeat("00:10:00", "Red   "))
    assert not runs(feed)
    assert runs(feed.wait(1).say(heartbeat("00:10:01", "Red   ")))


def test_a_clock_that_jumps_back_is_decided_by_the_flag():
    feed = Feed(heartbeat("02:02:10", "Finish"))
    feed.wait(1).say(*[heartbeat("00:00:00", "      ")] * 2)
    assert not runs(feed)


def test_time_to_go_runs_down_and_stands_at_zero():
    feed = Feed(heartbeat(to_go="00:00:01"))
    assert runs(feed, "remaining")
    feed.wait(1).say(heartbeat(to_go="00:00:00"))
    assert feed.session["remaining"].value_us == 0
    assert not runs(feed, "remaining")


def test_a_session_without_a_time_limit_has_no_time_to_go():
    assert "remaining" not in Feed(heartbeat(to_go="00:00:00")).session


def test_a_countdown_to_the_start_has_no_race_time():
    feed = Feed(heartbeat("00:00:-47", "      ", to_go="08:00:47"))
    assert "elapsed" not in feed.session
    feed.wait(1).say(heartbeat("00:00:-46", "      ", to_go="08:00:46"))
    assert runs(feed, "remaining")


def test_laps_to_go_are_told_where_laps_limit_the_race():
    assert Feed(heartbeat(laps=14)).session["laps_remaining"] == 14
    assert Feed(heartbeat(laps=0, flag="Finish")).session["laps_remaining"] == 0
    assert "laps_remaining" not in Feed(heartbeat(laps=9999)).session
    assert "laps_remaining" not in Feed(heartbeat(laps=0, flag="      ")).session


def test_the_last_lap_after_time_is_up_is_a_lap_to_go():
    feed = Feed(heartbeat(to_go="00:00:01")).wait(1).say(heartbeat(laps=1, to_go="00:00:00"))
    assert feed.session["laps_remaining"] == 1


def test_a_race_clock_that_goes_well_is_said_once():
    feed = Feed(heartbeat("00:10:00"))
    said = feed.session["elapsed"]
    for second in range(1, 50):
        feed.wait(1).say(heartbeat(f"00:10:{second:02d}"))
        assert steady(said, feed.session["elapsed"], down=False) is said


def test_a_new_session_has_clocks_of_its_own():
    feed = Feed('$B,1,"Race"', heartbeat("02:02:10", to_go="00:10:00"), '$B,2,"Race"')
    assert feed.session == {}
    assert "remaining" not in feed.say(heartbeat("00:00:00", "      ")).session
