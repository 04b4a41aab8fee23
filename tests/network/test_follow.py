"""The rules of following, one by one."""

import itertools

import pytest

from livetiming.network.follow import Limits, Sight
from livetiming.network.wire import Lines
from tests.network.made_log import AT, SESSION, MadeLog
from tests.network.viewer import Viewer, joined

SMALL = Limits(waiting_lines=3, answer_lines=4, far_behind=8)


def test_nothing_is_asked_before_the_topic_is_subscribed_to():
    viewer = Viewer()
    viewer.hear(MadeLog().said(1))
    viewer.wait(60)
    assert viewer.asks == []
    assert viewer.follower.wake_at is None


def test_the_first_ask_is_for_the_snapshot_at_once():
    viewer = Viewer()
    viewer.subscribe()
    assert viewer.wanted == [(0, None)]


def test_what_came_before_the_snapshot_is_applied_after_it_unless_it_holds_it():
    log = MadeLog().write_laps(6)
    viewer = Viewer()
    viewer.hear(log.said(3))
    viewer.subscribe()
    viewer.hear(log.said(4), log.said(5, 2))
    viewer.get(log.snapshot(4))
    assert viewer.has(log, 6)
    viewer.hear(log.said(7))
    assert viewer.has(log)
    assert [seq for _, seq, _ in viewer.history] == [4, 5, 6, 7]
    assert len(viewer.asks) == 1


def test_in_a_calm_session_a_viewer_asks_once():
    log = MadeLog()
    viewer = Viewer()
    viewer.subscribe()
    viewer.wait(0.1)
    viewer.get(log.snapshot())
    for _ in range(200):
        viewer.wait(5)
        log.write_laps(1)
        viewer.hear(log.said(log.next_seq - 1), log.beacon())
        assert viewer.has(log)
    assert viewer.wanted == [(0, None)]


@pytest.mark.parametrize(("draw", "at"), [(0.0, 0.1), (0.5, 0.55), (1.0, 1.0)])
def test_a_hole_is_asked_for_after_a_tenth_to_a_whole_second(draw, at):
    log = MadeLog().write_laps(3)
    viewer = joined(log, draws=[draw])
    log.write_laps(3)
    viewer.hear(log.said(6))
    viewer.wait(2)
    assert viewer.wanted == [(at, 5)]


def test_lines_behind_a_hole_wait_for_the_answer_that_closes_it():
    log = MadeLog().write_laps(3)
    viewer = joined(log)
    log.write_laps(4)
    viewer.hear(log.said(6), log.said(8))
    viewer.wait(1)
    assert viewer.has(log, 4)
    viewer.get(log.events(5, 1))
    assert viewer.has(log, 6)
    assert viewer.wanted[-1] == (1, 7)
    viewer.get(log.events(7, 1))
    assert viewer.has(log)
    viewer.wait(10)
    assert len(viewer.asks) == 2


def test_a_hole_that_closes_by_itself_is_not_asked_for():
    log = MadeLog().write_laps(3)
    viewer = joined(log)
    log.write_laps(2)
    viewer.hear(log.said(6), log.said(5))
    viewer.wait(10)
    assert viewer.has(log)
    assert viewer.asks == []


def test_a_beacon_ahead_means_that_the_last_lines_were_lost():
    log = MadeLog().write_laps(3)
    viewer = joined(log)
    log.write_laps(2)
    viewer.hear(log.beacon())
    viewer.wait(2)
    assert viewer.wanted == [(0.55, 5)]
    viewer.get(log.events(5))
    assert viewer.has(log)


def test_an_answer_may_say_that_there_is_more_than_it_holds():
    log = MadeLog().write_laps(3)
    viewer = joined(log)
    log.write_laps(5)
    viewer.hear(log.beacon(seq=5))
    viewer.wait(1)
    viewer.get(log.events(5, 2))
    assert viewer.wanted[-1] == (1, 7)
    viewer.get(log.events(7, 2))
    assert viewer.wanted[-1] == (1, 9)


def test_what_the_snapshot_does_not_hold_is_asked_for_soon():
    log = MadeLog().write_laps(6)
    viewer = Viewer()
    viewer.subscribe()
    viewer.hear(log.beacon())
    viewer.get(log.snapshot(4))
    viewer.wait(2)
    assert viewer.wanted == [(0, None), (0.55, 5)]


def test_a_snapshot_may_say_that_there_is_more_than_it_holds():
    log = MadeLog().write_laps(6)
    viewer = Viewer()
    viewer.subscribe()
    viewer.get(log.snapshot(4)._replace(next_seq=8))
    viewer.wait(2)
    assert viewer.wanted == [(0, None), (0.55, 5)]


def test_within_one_writer_nothing_goes_back():
    log = MadeLog().write_laps(6)
    viewer = joined(log)
    viewer.hear(log.beacon(seq=3), log.said(3, 2))
    viewer.wait(14)
    assert viewer.asks == []
    viewer.subscribe()
    viewer.get(log.events(8, end=4))
    assert viewer.has(log)
    assert viewer.history == []


def test_a_late_snapshot_of_the_same_writer_is_not_taken():
    log = MadeLog().write_laps(6)
    viewer = joined(log, limits=SMALL)
    log.write_laps(12)
    viewer.hear(log.beacon())
    viewer.wait(1)
    assert viewer.wanted == [(0.55, None)]
    viewer.hear(log.said(8, 11))
    assert viewer.has(log, 18)
    viewer.get(log.snapshot(10))
    assert viewer.has(log, 18)
    assert [seq for _, seq, _ in viewer.history] == list(range(8, 19))


def test_a_newer_writer_means_to_take_the_snapshot_again():
    log = MadeLog().write_laps(6)
    viewer = joined(log)
    other = log.resumed(2, 4).write_laps(2)
    viewer.hear(other.said(5))
    assert viewer.wanted == [(0, None)]
    viewer.hear(other.said(6))
    assert viewer.has(log)
    viewer.get(other.snapshot(5))
    assert viewer.has(other, 6)


def test_lines_of_an_older_writer_are_dropped():
    log = MadeLog().write_laps(4)
    other = log.resumed(2).write_laps(1)
    viewer = joined(other)
    log.write_laps(9)
    viewer.hear(log.said(8), log.beacon())
    viewer.wait(2)
    assert viewer.has(other)
    assert viewer.asks == []


def test_a_newer_writer_that_died_young_is_left_for_the_older_one_that_goes_on():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    stub = log.resumed(2)
    viewer.hear(stub.said(6))
    viewer.get(stub.snapshot())
    assert viewer.has(stub)
    for _ in range(4):
        viewer.wait(4)
        log.write_laps(1)
        viewer.hear(log.said(log.next_seq - 1))
    assert viewer.wanted[1:] == [(15, None)]
    viewer.get(log.snapshot())
    assert viewer.has(log)


def test_the_look_every_two_and_a_half_seconds_sees_that_a_writer_fell_silent():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    stub = log.resumed(2)
    viewer.hear(stub.beacon())
    viewer.get(stub.snapshot())
    viewer.wait_until(14)
    viewer.hear(log.beacon())
    viewer.wait_until(20)
    assert viewer.wanted[1:] == [(15, None)]


def test_a_snapshot_of_an_older_writer_than_the_wanted_one_is_not_taken():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    newer = log.resumed(3)
    viewer.hear(newer.beacon())
    older = log.resumed(2).write_laps(5)
    viewer.get(older.snapshot())
    assert viewer.has(log)
    viewer.wait(3)
    assert viewer.wanted == [(0, None), (1, None)]
    viewer.get(newer.snapshot())
    assert viewer.has(newer)


def test_without_a_state_any_snapshot_is_better_than_none():
    log = MadeLog().write_laps(4)
    newer = log.resumed(2)
    viewer = Viewer()
    viewer.subscribe()
    viewer.hear(newer.beacon())
    viewer.get(log.snapshot())
    assert viewer.has(log)
    viewer.wait(3)
    assert viewer.wanted == [(0, None), (1, None)]


def test_an_answer_of_a_newer_writer_means_to_take_the_snapshot():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    newer = log.resumed(2)
    log.write_laps(1)
    viewer.hear(log.beacon())
    viewer.wait(1)
    viewer.get(newer.events(6))
    assert viewer.has(log, 5)
    assert viewer.wanted == [(0.55, 6), (1, None)]
    viewer.get(newer.snapshot())
    assert viewer.has(newer)


def test_an_answer_of_an_older_writer_is_no_answer():
    log = MadeLog().write_laps(4)
    newer = log.resumed(2).write_laps(2)
    viewer = joined(newer)
    newer.write_laps(1)
    viewer.hear(newer.beacon())
    viewer.wait(1)
    log.write_laps(4)
    viewer.get(log.events(9))
    assert viewer.has(newer, 8)
    viewer.wait(1.5)
    assert viewer.wanted == [(0.55, 9), (2, 9)]


def test_lines_of_a_newer_writer_wait_while_those_of_the_older_one_are_dropped():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    viewer.hear(log.beacon(seq=5))
    newer = log.resumed(2).write_laps(3)
    viewer.hear(newer.said(7), newer.said(8), newer.said(9))
    viewer.get(newer.snapshot(6))
    assert viewer.has(newer)


def test_fifteen_seconds_of_silence_are_shown_and_asked_about():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    log.write_laps(1)
    viewer.wait_until(14.9)
    assert viewer.follower.sight(viewer.now) is Sight.LIVE
    assert viewer.asks == []
    viewer.wait_until(15)
    assert viewer.follower.sight(viewer.now) is Sight.STALE
    assert viewer.follower.silence_s(viewer.now) == 15
    assert viewer.wanted == [(15, 6)]
    viewer.get(log.events(6))
    assert viewer.has(log)


def test_silence_that_goes_on_is_asked_about_after_growing_pauses():
    log = MadeLog()
    viewer = joined(log)
    for _ in range(6):
        viewer.wait_until(viewer.asks[-1][0] if viewer.asks else 15)
        before = len(viewer.asks)
        viewer.get(log.events(2))
        while len(viewer.asks) == before:
            viewer.wait(0.5)
    times = [at for at, _ in viewer.wanted]
    assert times == sorted(times)
    assert [round(b - a) for a, b in itertools.pairwise(times)] == [1, 2, 4, 8, 16, 30]


def test_a_closed_session_is_silent_and_is_not_asked_about():
    log = MadeLog().write_laps(2).close()
    viewer = joined(log)
    viewer.wait(600)
    assert viewer.follower.sight(viewer.now) is Sight.CLOSED
    assert viewer.asks == []


def test_a_closed_session_that_goes_on_under_a_newer_writer_is_followed():
    log = MadeLog().write_laps(2).close()
    viewer = joined(log)
    viewer.wait(100)
    again = log.resumed(2).write_laps(1)
    viewer.hear(again.said(5))
    assert viewer.wanted == [(100, None)]
    viewer.get(again.snapshot(5))
    assert viewer.follower.sight(viewer.now) is Sight.LIVE
    viewer.hear(again.said(6))
    assert viewer.has(again)


def test_a_hole_before_the_end_of_a_closed_session_is_still_asked_for():
    log = MadeLog().write_laps(2).close()
    viewer = joined(log)
    log._append(b"{}")
    viewer.hear(log.beacon())
    viewer.wait(1)
    assert viewer.wanted == [(0.55, 5)]


def test_a_call_that_takes_five_seconds_has_failed():
    viewer = Viewer()
    viewer.subscribe()
    viewer.wait_until(5.9)
    assert viewer.wanted == [(0, None)]
    viewer.wait_until(6)
    assert viewer.wanted == [(0, None), (6, None)]


def test_the_moment_when_a_call_has_failed_wakes_the_follower():
    log = MadeLog().write_laps(3)
    viewer = joined(log)
    log.write_laps(2)
    viewer.hear(log.beacon())
    viewer.wait_until(7)
    assert viewer.wanted == [(0.55, 5), (6.55, 5)]


def fail_calls(viewer: Viewer, count: int) -> None:
    """So many calls fail at once, each after the pause that follows the one before."""
    for number in range(count):
        while len(viewer.asks) <= number:
            viewer.wait_until(viewer.follower.wake_at)
        viewer.fail()


@pytest.mark.parametrize(("draw", "factor"), [(0.0, 0.75), (0.5, 1.0), (1.0, 1.25)])
def test_pauses_after_failures_double_up_to_thirty_seconds(draw, factor):
    viewer = Viewer(draws=[draw])
    viewer.subscribe()
    fail_calls(viewer, 9)
    times = [at for at, _ in viewer.wanted]
    pauses = [b - a for a, b in itertools.pairwise(times)]
    assert pauses == pytest.approx([factor * s for s in (1, 2, 4, 8, 16, 30, 30, 30)])


def test_a_writer_that_is_heard_ends_the_pause_but_one_ask_a_second_is_enough():
    log = MadeLog().write_laps(4)
    viewer = Viewer()
    viewer.subscribe()
    fail_calls(viewer, 5)
    assert [at for at, _ in viewer.asks] == [0, 1, 3, 7, 15]
    viewer.wait(0.25)
    viewer.hear(log.said(2))
    viewer.wait(0.25)
    viewer.hear(log.said(3))
    assert len(viewer.asks) == 5
    viewer.wait(2)
    assert viewer.wanted[5:] == [(16, None)]
    viewer.fail()
    viewer.wait_until(19)
    assert viewer.wanted[6:] == [(18.5, None)]


def test_after_a_second_a_writer_that_is_heard_is_asked_at_once():
    log = MadeLog().write_laps(4)
    viewer = Viewer()
    viewer.subscribe()
    fail_calls(viewer, 5)
    viewer.wait_until(20)
    viewer.hear(log.said(2))
    assert viewer.wanted[5:] == [(20, None)]


def test_a_hole_is_asked_for_at_the_end_of_the_pause_that_a_writer_shortened():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    log.write_laps(2)
    viewer.hear(log.beacon())
    fail_calls(viewer, 5)
    assert viewer.asks[-1][0] == 15.55
    viewer.hear(log.beacon())
    viewer.wait_until(17)
    assert viewer.wanted[5:] == [(16.55, 6)]


def test_a_snapshot_that_was_taken_makes_pauses_short_again():
    log = MadeLog().write_laps(4)
    viewer = Viewer()
    viewer.subscribe()
    fail_calls(viewer, 4)
    viewer.wait_until(15)
    viewer.get(log.snapshot())
    viewer.wait_until(17.5)
    assert viewer.wanted[5:] == [(17.5, 6)]
    viewer.fail()
    viewer.wait_until(19)
    assert viewer.wanted[6:] == [(18.5, 6)]


def test_joining_again_asks_at_once_and_pauses_are_short_again():
    viewer = Viewer()
    viewer.subscribe()
    fail_calls(viewer, 5)
    viewer.follower.lost()
    viewer.subscribe()
    viewer.fail()
    viewer.wait(1)
    assert viewer.wanted[5:] == [(15, None), (16, None)]


def test_one_call_is_under_way_at_most():
    log = MadeLog().write_laps(9)
    viewer = Viewer()
    viewer.subscribe()
    for seq in range(2, 11, 2):
        viewer.hear(log.said(seq))
        viewer.wait(0.5)
    viewer.hear(log.resumed(2).beacon())
    assert len(viewer.asks) == 1


def test_an_answer_to_what_was_asked_before_subscribing_again_is_void():
    log = MadeLog().write_laps(4)
    viewer = Viewer()
    viewer.subscribe()
    first = viewer.last
    viewer.follower.lost()
    viewer.wait(3)
    viewer.subscribe()
    viewer.get(log.snapshot(), first)
    assert viewer.follower.sight(viewer.now) is Sight.JOINING
    viewer.get(log.snapshot())
    assert viewer.has(log)


def test_an_answer_that_comes_after_its_time_is_void_and_so_is_its_failure():
    log = MadeLog().write_laps(4)
    viewer = Viewer()
    viewer.subscribe()
    first = viewer.last
    viewer.wait(5.5)
    viewer.get(log.snapshot(), first)
    assert viewer.follower.state is None
    viewer.wait(1)
    viewer.follower.failed(first, viewer.now)
    viewer.get(log.snapshot())
    assert viewer.has(log)


def test_an_answer_to_the_follower_of_another_session_is_void():
    log = MadeLog(session=SESSION[::-1]).write_laps(4)
    earlier, viewer = Viewer(), Viewer()
    earlier.subscribe()
    viewer.subscribe()
    viewer.get(MadeLog().snapshot(), earlier.last)
    assert viewer.follower.state is None
    viewer.get(log.snapshot())
    assert viewer.follower.state is None
    viewer.wait(3)
    assert viewer.wanted == [(0, None), (1, None)]


def test_without_a_connection_nothing_is_asked_until_it_is_back():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    viewer.follower.lost()
    viewer.wait(100)
    assert viewer.asks == []
    log.write_laps(2)
    viewer.subscribe()
    assert viewer.wanted == [(100, 6)]
    viewer.get(log.events(6))
    assert viewer.has(log)
    assert viewer.follower.sight(viewer.now) is Sight.STALE
    viewer.hear(log.beacon())
    assert viewer.follower.sight(viewer.now) is Sight.LIVE
    viewer.wait(14)
    assert len(viewer.asks) == 1


def test_what_is_far_behind_takes_the_snapshot():
    log = MadeLog()
    viewer = joined(log, limits=SMALL)
    log.write_laps(8)
    viewer.hear(log.beacon())
    viewer.wait(1)
    assert viewer.wanted == [(0.55, 2)]
    assert viewer.last.limit == 4
    log.write_laps(4)
    viewer.hear(log.beacon())
    viewer.get(log.events(2, 4))
    assert viewer.wanted[1:] == [(1, 6)]
    viewer = joined(MadeLog(), limits=SMALL)
    viewer.hear(log.beacon(seq=10))
    viewer.wait(1)
    assert viewer.wanted == [(0.55, None)]


def test_how_far_another_writer_is_does_not_count():
    log = MadeLog().write_laps(4)
    newer = log.resumed(2)
    viewer = joined(newer, limits=SMALL)
    log.write_laps(20)
    viewer.wait_until(15.2)
    viewer.hear(log.beacon())
    viewer.follower.lost()
    viewer.asks.clear()
    viewer.wait_until(31)
    viewer.subscribe()
    assert viewer.wanted == [(31, 7)]


def test_the_limits_are_those_of_the_documents():
    assert Limits() == (500, 2 * 1024 * 1024, 500, 2_000)


def test_a_snapshot_that_brings_nothing_is_asked_for_again_after_a_pause():
    log = MadeLog()
    viewer = joined(log, limits=SMALL)
    log.write_laps(20)
    viewer.hear(log.beacon())
    viewer.wait(1)
    viewer.get(log.snapshot(1))
    assert viewer.wanted == [(0.55, None)]
    viewer.wait(1.1)
    assert viewer.wanted == [(0.55, None), (2, None)]


@pytest.mark.parametrize("limits", [SMALL, Limits(waiting_bytes=300)])
def test_too_much_that_waits_is_dropped_and_asked_for(limits):
    log = MadeLog().write_laps(1)
    viewer = joined(log, limits=limits)
    log.write_laps(6)
    viewer.hear(log.said(4), log.said(5), log.said(6), log.said(7))
    viewer.wait(1)
    viewer.get(log.events(3, 1))
    assert viewer.has(log, 3)
    assert viewer.wanted[-1] == (1, 4)
    viewer.get(log.events(4, 500))
    assert viewer.has(log)


def test_what_waits_up_to_the_limit_is_kept():
    log = MadeLog().write_laps(1)
    viewer = joined(log, limits=SMALL)
    log.write_laps(4)
    viewer.hear(log.said(4), log.said(5), log.said(6))
    viewer.wait(1)
    viewer.get(log.events(3, 1))
    assert viewer.has(log)


@pytest.mark.parametrize("limits", [SMALL, Limits(waiting_bytes=300)])
def test_lines_that_no_longer_wait_leave_room_for_others(limits):
    log = MadeLog().write_laps(1)
    viewer = joined(log, limits=limits)
    for _ in range(4):
        seq = log.next_seq
        log.write_laps(3)
        viewer.hear(log.said(seq + 1), log.said(seq + 2), log.said(seq))
        assert viewer.has(log)


def test_lines_that_wait_are_applied_in_their_order():
    log = MadeLog().write_laps(3)
    viewer = joined(log)
    log.write_laps(4)
    viewer.hear(log.said(8), log.said(6), log.said(7), log.said(5))
    assert viewer.has(log)


def test_lines_of_the_older_writer_that_wait_are_dropped_with_what_it_was_ahead():
    log = MadeLog().write_laps(4)
    viewer = joined(log)
    other = log.resumed(2)
    log.write_laps(9)
    viewer.hear(log.said(7), log.beacon(), other.beacon())
    viewer.get(other.snapshot())
    viewer.wait(14)
    assert viewer.has(other)
    assert viewer.wanted == [(0, None)]


def test_an_answer_without_progress_is_asked_for_again_after_a_pause():
    log = MadeLog().write_laps(1)
    viewer = joined(log)
    log.write_laps(4)
    viewer.hear(log.beacon())
    viewer.wait_until(1)
    viewer.get(log.events(3, end=2))
    viewer.wait_until(1.9)
    assert len(viewer.asks) == 1
    viewer.wait_until(2)
    assert viewer.wanted == [(0.55, 3), (2, 3)]


def fork(log: MadeLog, seq: int) -> MadeLog:
    """Another history under the same writer, as of a machine that was rolled back."""
    other = log.resumed(log.writer, seq)
    other.writer = log.writer
    return other.write_laps(6)


def test_lines_of_another_history_mean_to_take_the_snapshot_again():
    log = MadeLog().write_laps(5)
    other = fork(log, 3)
    viewer = joined(log)
    viewer.hear(other.said(7))
    assert viewer.has(log)
    viewer.wait(2)
    assert viewer.wanted == [(1, None)]
    viewer.get(other.snapshot())
    assert viewer.has(other)


@pytest.mark.parametrize("said", ["beacon", "overlap", "answer", "waiting"])
def test_another_history_is_noticed_in(said):
    log = MadeLog().write_laps(5)
    other = fork(log, 3)
    viewer = joined(log)
    match said:
        case "beacon":
            viewer.hear(other.beacon(seq=6))
        case "overlap":
            viewer.hear(other.said(4, 4))
        case "answer":
            viewer.hear(other.beacon(seq=8))
            viewer.wait_until(0.6)
            viewer.get(other.events(7))
        case "waiting":
            log.write_laps(1)
            viewer.hear(other.said(8), log.said(7))
    assert viewer.has(log)
    viewer.wait(2)
    assert viewer.wanted[-1][1] is None
    viewer.get(other.snapshot())
    assert viewer.has(other)


def test_a_viewer_that_compares_no_chain_applies_what_comes_next():
    log = MadeLog().write_laps(5)
    other = fork(log, 3)
    viewer = joined(log, proves=False)
    viewer.hear(other.said(7))
    assert viewer.follower.seq == 7
    assert viewer.asks == []


def test_a_contradicted_viewer_takes_the_snapshot_of_where_it_stands():
    log = MadeLog().write_laps(5)
    other = fork(log, 3)
    viewer = joined(log)
    viewer.hear(other.beacon(seq=6))
    viewer.wait(1)
    viewer.get(other.snapshot(6))
    assert viewer.has(other, 6)


def test_after_the_snapshot_a_contradicted_viewer_has_nothing_of_the_other_history():
    log = MadeLog().write_laps(5)
    other = fork(log, 3)
    viewer = joined(log)
    viewer.hear(other.said(8), other.said(7))
    viewer.wait(1)
    log.write_laps(3)
    viewer.get(log.snapshot(7))
    viewer.hear(log.said(8))
    assert viewer.has(log, 8)
    viewer.hear(log.said(9))
    viewer.wait(10)
    assert viewer.has(log)
    assert viewer.wanted == [(1, None)]


def test_a_line_that_is_none_means_to_take_the_snapshot_once_a_second_at_most():
    log = MadeLog().write_laps(2)
    viewer = joined(log)
    for _ in range(40):
        log.write_laps(1)
        seq = log.next_seq - 1
        viewer.hear(log.instead(seq, b'{"seq":%d,"at":%d,"type":"closed"}' % (seq, AT)))
        before = len(viewer.asks)
        viewer.wait(0.1)
        if len(viewer.asks) > before:
            viewer.get(log.snapshot())
    times = [at for at, _ in viewer.wanted]
    assert len(times) >= 3
    assert min(b - a for a, b in itertools.pairwise(times)) >= 1


def test_a_line_that_does_not_fit_the_state_leaves_none_until_the_snapshot_comes():
    log = MadeLog().write_laps(2)
    viewer = joined(log)
    log.write_laps(1)
    line = b'{"seq":4,"at":%d,"type":"changed","removed":["8"]}' % AT
    viewer.hear(log.instead(4, line))
    assert viewer.follower.state is None
    viewer.wait(1)
    assert viewer.wanted == [(1, None)]
    viewer.get(log.snapshot())
    assert viewer.has(log)


def test_a_snapshot_that_cannot_be_read_is_asked_for_again_after_a_pause():
    log = MadeLog().write_laps(2)
    viewer = Viewer()
    viewer.subscribe()
    answer = log.snapshot()
    viewer.get(answer._replace(snapshot=answer.snapshot.replace(b'"log":1', b'"log":9')))
    assert viewer.follower.state is None
    viewer.wait(2)
    assert viewer.wanted == [(0, None), (1, None)]


def test_the_sessions_clock_is_the_last_beacons_and_the_time_since():
    log = MadeLog()
    viewer = Viewer()
    viewer.subscribe()
    assert viewer.follower.clock is None
    viewer.get(log.snapshot(now=AT, seen_at=AT - 5))
    viewer.wait(2)
    assert viewer.follower.clock.at(viewer.now, 1) == AT + 2000
    assert viewer.follower.clock.seen_at == AT - 5
    viewer.hear(log.beacon(now=AT + 2100, seen_at=AT + 1000))
    viewer.wait(1)
    assert viewer.follower.clock.at(viewer.now, 60) == AT + 2100 + 60_000
    assert viewer.follower.clock.seen_at == AT + 1000


def test_a_late_beacon_does_not_set_the_clock_back_but_a_newer_writers_may():
    log = MadeLog()
    viewer = joined(log)
    viewer.hear(log.beacon(now=AT + 9000), log.beacon(now=AT + 4000))
    assert viewer.follower.clock.at(viewer.now, 1) == AT + 9000
    viewer.hear(log.resumed(2).beacon(now=AT + 100))
    assert viewer.follower.clock.at(viewer.now, 1) == AT + 100


def test_a_snapshot_of_the_writer_whose_beacon_was_heard_leaves_the_clock():
    log = MadeLog()
    viewer = Viewer()
    viewer.subscribe()
    viewer.hear(log.beacon(now=AT + 9000))
    viewer.get(log.snapshot(now=AT))
    assert viewer.follower.clock.at(viewer.now, 1) == AT + 9000


def test_a_viewer_that_has_nothing_yet_says_so():
    viewer = Viewer()
    assert viewer.follower.sight(0) is Sight.JOINING
    assert viewer.follower.silence_s(0) == 0
    assert viewer.follower.seq == 0
    assert viewer.follower.chain is None


def test_a_message_without_lines_is_a_beacon_without_a_clock():
    log = MadeLog().write_laps(1)
    viewer = joined(log)
    log.write_laps(2)
    viewer.hear(Lines(log.writer, 5, log.chains[4], ()))
    viewer.wait(1)
    assert viewer.wanted == [(0.55, 3)]
