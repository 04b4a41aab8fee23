"""Each crossing is told once, with its lap where the feed knows it."""

from livetiming.events import Passed
from tests.services.multiloop.feed import Feed, beat, crossing, line, result


def test_a_crossing_is_told_with_the_lap_that_its_result_counts():
    feed = Feed(crossing("7", total=300.0), result("7", laps=3, total=300.0, last=99.5))
    assert feed.told == [Passed("7", "finish", 3, 99_500_000, 300_000_000)]


def test_a_result_alone_tells_of_a_crossing():
    feed = Feed(result("7", laps=3, total=300.0), result("7", laps=4, total=401.0, last=101.0))
    assert [passed.lap for passed in feed.told] == [3, 4]


def test_a_line_that_comes_after_its_result_tells_nothing_again():
    feed = Feed(result("7", laps=3, total=300.0), crossing("7", total=300.0)).wait(5).say(beat())
    assert len(feed.told) == 1


def test_a_crossing_in_the_pit_lane_says_so():
    feed = Feed(crossing("7", total=300.0, lane="P"), result("7", laps=3, total=300.0, lane="P"))
    feed.say(result("8", laps=3, total=300.0, lane="P"))
    assert [passed.line for passed in feed.told] == ["finish_pit", "finish_pit"]


def test_a_crossing_that_no_result_follows_is_told_without_a_lap():
    feed = Feed(crossing("7", total=2.0)).wait(3).say(beat())
    assert feed.told == [Passed("7", "finish", total_us=2_000_000)]


def test_pit_lines_are_told_at_once():
    feed = Feed(crossing("7", "PIN", 50.0), crossing("7", "POUT", 80.0), crossing("7", "IM1", 90.0))
    assert [(passed.line, passed.total_us) for passed in feed.told] == [
        ("pit_in", 50_000_000),
        ("pit_out", 80_000_000),
    ]


def test_repeated_records_tell_of_no_crossing():
    feed = Feed(result("7", laps=3, total=300.0, sort="R"), crossing("7", total=300.0, sort="R"))
    feed.say(crossing("7", "PIN", 50.0, sort="R")).wait(5).say(beat())
    assert feed.told == []


def test_an_update_of_a_car_that_was_not_known_is_no_crossing():
    feed = Feed(result("7", laps=30, sort="U"), result("7", laps=31, total=200.0, sort="U"))
    assert [passed.lap for passed in feed.told] == [31]


def test_an_update_without_a_lap_more_is_no_crossing():
    feed = Feed(result("7", rank=2), result("7", rank=1, sort="U"))
    assert len(feed.told) == 1


def test_records_that_arrive_twice_tell_once():
    lines = [
        crossing("7", total=300.0),
        result("7", laps=3, total=300.0),
        crossing("7", "PIN", 9.0),
    ]
    feed = Feed(*[one for one in lines for _ in range(2)]).wait(5).say(beat())
    assert [passed.line for passed in feed.told] == ["finish", "pit_in"]


def test_a_lap_that_was_taken_back_and_counted_again_is_told_once():
    feed = Feed(result("7", laps=3, total=300.0), line("I", "7", 1, 300_000))
    feed.say(result("7", laps=3, total=300.0, sort="U"))
    assert len(feed.told) == 1
    feed.say(result("7", laps=4, total=400.0))
    assert [passed.lap for passed in feed.told] == [3, 4]


def test_crossings_are_told_after_the_clock_of_a_run_began_anew():
    feed = Feed(beat(500), result("7", laps=5, total=500.0), beat(3))
    feed.say(result("7", laps=0, total=0.0, sort="U"), result("7", laps=1, total=100.0))
    assert [passed.lap for passed in feed.told] == [5, 1]


def test_what_waits_at_the_end_of_a_run_belongs_to_it():
    from livetiming.services import SessionSeen
    from tests.services.multiloop.feed import run

    feed = Feed(run(), crossing("7", total=2.0), run("Race 2"))
    assert [type(update) is SessionSeen for update in feed.updates] == [True, False, True]
