"""Crossings: each is told once, with the lap that ended there."""

from livetiming.events import Passed
from tests.services.rmonitor.feed import Feed, heartbeat

ENTRY = '$A,"7","7",1,"Anna","Lind","",1'
LAP = '$J,"7","00:01:41.000","00:09:00.000"'


def line(name, number="7", time="14:10:00.500"):
    return f'$L,"{number}","X1","{name}","06/14/2025","{time}"'


def test_a_crossing_is_told_when_its_g_has_counted_the_lap():
    feed = Feed('$G,1,"7",4,"00:07:19.000"', LAP)
    assert feed.told == []
    feed.say('$G,1,"7",5,"00:09:00.000"')
    assert feed.told == [Passed("7", "finish", 5, 101_000_000, 540_000_000)]


def test_a_refresh_tells_no_crossing_again():
    feed = Feed(LAP, *['$G,1,"7",5,"00:09:00.000"'] * 3)
    assert len(feed.told) == 1


def test_where_g_comes_first_the_crossing_is_told_at_once():
    feed = Feed('$G,1,"7",5,"00:09:00.000"', LAP)
    assert feed.told == [Passed("7", "finish", 5, 101_000_000, 540_000_000)]


def test_where_no_g_comes_the_lap_is_one_more_than_counted():
    feed = Feed('$G,1,"7",4,"00:07:19.000"', LAP).wait(3).say(heartbeat())
    assert feed.told == [Passed("7", "finish", 5, 101_000_000, 540_000_000)]


def test_a_joiner_who_has_seen_no_laps_tells_none():
    feed = Feed(LAP).wait(3).say(heartbeat())
    assert feed.told == [Passed("7", "finish", None, 101_000_000, 540_000_000)]


def test_the_first_crossing_is_lap_zero_without_a_time():
    feed = Feed('$J,"7","00:00:00.000","00:00:02.051"', '$G,1,"7",,"00:00:02.051"')
    assert feed.told == [Passed("7", "finish", 0, None, 2_051_000)]


def test_a_first_crossing_that_nobody_counts_is_lap_zero_too():
    feed = Feed('$J,"7","","00:00:02.051"').wait(3).say(heartbeat())
    assert feed.told == [Passed("7", "finish", 0, None, 2_051_000)]


def test_a_crossing_that_l_and_j_tell_is_told_once():
    feed = Feed(ENTRY, line("SFT"), LAP, '$G,1,"7",5,"00:09:00.000"')
    assert feed.told == [Passed("7", "finish", 5, 101_000_000, 540_000_000)]


def test_a_heartbeat_between_l_and_j_does_not_part_them():
    feed = Feed(ENTRY, line("SFT")).wait(1).say(heartbeat(), LAP, '$G,1,"7",5,"00:09:00.000"')
    assert len(feed.told) == 1


def test_an_l_after_its_j_adds_the_lane():
    feed = Feed(ENTRY, LAP, line("SFP"), '$G,1,"7",5,"00:09:00.000"')
    assert feed.told == [Passed("7", "finish_pit", 5, 101_000_000, 540_000_000)]


def test_an_l_after_its_j_and_g_is_the_same_crossing():
    feed = Feed(ENTRY, LAP, '$G,1,"7",5,"00:09:00.000"', line("SFT")).wait(3).say(heartbeat())
    assert len(feed.told) == 1


def test_a_crossing_in_the_pit_lane_says_so():
    feed = Feed(ENTRY, line("SFP"), LAP, '$G,1,"7",5,"00:09:00.000"')
    assert feed.told == [Passed("7", "finish_pit", 5, 101_000_000, 540_000_000)]
    assert feed.car("7")["state"] == "pit"


def test_an_l_without_a_j_is_told_without_a_lap():
    feed = Feed(ENTRY, '$G,1,"7",4,"00:07:19.000"', line("SFT")).wait(3).say(heartbeat())
    assert feed.told == [Passed("7", "finish")]


def test_pit_lines_are_told_at_once_and_after_what_was_before():
    feed = Feed(ENTRY, line("SFT"), line("PIP"), line("POP"))
    assert [passed.line for passed in feed.told] == ["finish", "pit_in", "pit_out"]


def test_lines_are_crossed_by_car_numbers():
    feed = Feed('$A,"1234BE","7",1,"","","",1', line("PIP"))
    assert feed.told == [Passed("1234BE", "pit_in")]


def test_a_number_that_two_cars_have_names_neither():
    feed = Feed('$A,"a","7",1,"","","",1', '$A,"b","7",2,"","","",1', line("PIP"))
    assert feed.told == []


def test_a_car_that_has_not_been_named_is_passed_over():
    assert Feed(line("POP")).told == []


def test_a_crossing_that_is_timed_again_is_told_once():
    feed = Feed('$J,"7","00:02:26.423","00:03:55.939"', '$G,1,"7",1,"00:03:55.939"')
    feed.say('$J,"7","00:02:26.421","00:03:55.937"', '$G,1,"7",1,"00:03:55.937"')
    assert feed.told == [Passed("7", "finish", 1, 146_423_000, 235_939_000)]
    assert feed.car("7")["last"] == 146_421_000


def test_a_crossing_that_is_timed_again_before_its_g_has_the_better_time():
    feed = Feed('$J,"7","00:02:26.423","00:03:55.939"', '$J,"7","00:02:26.421","00:03:55.937"')
    feed.say('$G,1,"7",1,"00:03:55.937"')
    assert feed.told == [Passed("7", "finish", 1, 146_421_000, 235_937_000)]


def test_a_crossing_of_hours_ago_that_is_mended_is_none_now():
    feed = Feed('$G,1,"7",58,"02:31:02.318"', '$J,"7","00:02:21.114","00:50:19.075"')
    feed.wait(3).say(heartbeat())
    assert feed.told == []
    assert "last" not in feed.car("7")


def test_totals_that_start_anew_are_no_history():
    feed = Feed('$G,1,"7",58,"02:31:02.318"', '$G,1,"7",,"00:00:00.000"')
    feed.say('$J,"7","00:00:00.000","00:00:02.051"', '$G,1,"7",,"00:00:02.051"')
    assert feed.told == [Passed("7", "finish", 0, None, 2_051_000)]


def frozen():
    """After a finish under red the total stands, though the car crosses the line."""
    feed = Feed(ENTRY, '$J,"7","00:02:11.000","01:57:50.000"', '$G,1,"7",46,"01:57:50.000"')
    return feed.wait(132).say(line("SFT"), '$J,"7","00:02:12.000","01:57:50.000"')


def test_a_lap_that_is_counted_seconds_late_is_told_then():
    feed = frozen().say('$G,1,"7",46,"01:57:50.000"').wait(6).say(heartbeat())
    assert len(feed.told) == 1
    feed.say('$G,1,"7",47,"02:00:02.000"')
    assert feed.told[1:] == [Passed("7", "finish", 47, 132_000_000, 7_202_000_000)]


def test_a_lap_that_is_never_counted_is_a_crossing_without_a_lap():
    feed = frozen().wait(11).say(heartbeat())
    assert feed.told[1:] == [Passed("7", "finish")]


def test_two_crossings_within_seconds_are_two():
    feed = Feed(ENTRY, line("SFP"), '$J,"7","00:15:08.591","01:49:52.215"').wait(3)
    again = line("SFP", time="14:10:03.554")
    feed.say(again, '$J,"7","00:00:03.054","01:49:55.269"', '$G,1,"7",29,"01:49:55.269"')
    assert [(passed.line, passed.lap_us) for passed in feed.told] == [
        ("finish_pit", 908_591_000),
        ("finish_pit", 3_054_000),
    ]


def test_a_crossing_that_is_sent_again_is_one():
    feed = Feed(ENTRY, *[line("PIN")] * 3, *[line("POP")] * 2)
    assert [passed.line for passed in feed.told] == ["pit_out"]


def test_a_crossing_that_waits_belongs_to_its_session():
    feed = Feed('$B,1,"Race"', '$G,1,"7",4,"00:07:19.000"', LAP, '$B,2,"Race"')
    kinds = [type(update).__name__ for update in feed.updates]
    assert kinds == ["SessionSeen", "Fact", "SessionSeen"]


def test_every_car_that_passes_is_on_the_board():
    feed = Feed('$B,1,"Race"', ENTRY, '$B,2,"Race"', line("POP"))
    assert feed.order == ["7"]
