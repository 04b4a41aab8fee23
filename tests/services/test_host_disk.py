"""The timing service while the disk refuses, and when it is back."""

import errno
from itertools import pairwise

import pytest

from livetiming.events import (
    Described,
    Passed,
    Posted,
    SessionId,
)
from livetiming.events.log import RealDisk, Status, open_log, verify
from livetiming.services import Fact
from livetiming.services.host import Ended
from livetiming.services.terms import Terms
from tests.services.stage import (
    CARS,
    START_AT,
    Stage,
    TroubledDisk,
    going_on,
    laps,
    last,
    message,
    picture,
    seen,
)

RUNS = pytest.mark.parametrize


def test_a_full_disk_pauses_the_recording_and_one_change_follows_when_there_is_room(
    troubled, disk, said
):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("write", "append")
    for n in range(2, 50):
        stage.frame(laps(n), message(n))
    assert stage.kinds() == ["described", "feed live", "changed"]
    stage.advance(5)
    disk.relent()
    stage.advance(5.1)
    wanted = ["feed resumed", "feed live", *["posted"] * 48, "changed"]
    assert stage.kinds()[3:] == wanted
    assert last(stage.folder / stage.sessions()[0]).state.cars["7"]["laps"] == 49
    told = [(level, text[:20]) for level, text in said if "recording" in text]
    assert told == [("error", "recording is paused:"), ("warn", "recording goes on: /")]
    stage.frame(laps(60))
    stage.stop()
    assert stage.code is Ended.WELL
    assert stage.kinds()[-2:] == ["changed", "closed stopped"]


def test_facts_that_a_failed_sync_lost_are_given_again_and_none_twice(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1), message(1))
    disk.refuse("sync", number=errno.EIO)
    stage.frame(laps(2), message(2), Fact(Passed("7", "finish", 2), 5))
    stage.frame(laps(3), message(3))
    disk.relent()
    stage.advance(1.1)
    stage.frame(laps(4), message(4), message(1), message(2), message(3))
    stage.stop()
    texts = [e.payload.text for e in stage.events() if isinstance(e.payload, Posted)]
    assert texts == ["no 1", "no 2", "no 3", "no 4"]
    passed = [event for event in stage.events() if isinstance(event.payload, Passed)]
    assert [(event.payload.lap, event.source_at) for event in passed] == [(2, 5)]


def test_derived_messages_are_said_once_whatever_the_disk_does(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("write")
    stage.frame(picture({"7": {"num": "7", "state": "pit"}, "8": CARS["8"]}))
    stage.frame(picture({"7": {"num": "7", "state": "out"}, "8": CARS["8"]}))
    disk.relent()
    stage.advance(1.1)
    texts = [e.payload.text for e in stage.events() if isinstance(e.payload, Posted)]
    assert texts == ["#7 has entered the pits", "#7 has left the pits"]
    assert stage.kinds().count("changed") == 2


def test_a_log_that_cannot_be_made_is_made_when_the_disk_allows_it(troubled, disk, said):
    stage = troubled
    disk.refuse()
    stage.frame(seen(), laps(1), message(1))
    stage.frame(laps(2))
    assert [path.name for path in stage.folder.iterdir()] == []
    disk.relent()
    stage.advance(1.1)
    assert stage.kinds() == ["described", "feed live", "posted", "changed"]
    described = stage.events()[0].payload
    assert described.writer >= START_AT
    assert described.session == stage.sessions()[0]
    assert len([text for _, text in said if "paused" in text]) == 1


def test_a_first_group_that_fails_leaves_a_log_that_begins_with_what_it_is(troubled, disk):
    stage = troubled
    stage.slow_threads()
    stage.frame(seen(), laps(1))
    disk.refuse("write")
    while stage.threads:
        stage.run_thread()
    disk.relent()
    stage.threads = None
    stage.advance(1.1)
    stage.frame(seen(), laps(2))
    assert len(stage.sessions()) == 1
    assert stage.kinds() == ["described", "feed live", "changed", "changed"]


@RUNS("calls", [("write",), ("sync",), ("append",), ()], ids=str)
def test_a_disk_that_fails_while_the_feed_moves_keeps_every_session_apart(troubled, disk, calls):
    stage = troubled
    stage.frame(seen("1"), laps(1), message(1))
    disk.refuse(*calls)
    stage.frame(laps(2), message(2))
    stage.frame(seen("2"), picture({"9": {"laps": 1}}), message(3))
    stage.frame(seen("3"), picture({"5": {"laps": 1}}), message(4))
    stage.frame(picture({"5": {"laps": 2}}))
    disk.relent()
    stage.advance(1.1)
    stage.frame(picture({"5": {"laps": 3}}), message(5))
    stage.stop()
    assert stage.code is Ended.WELL
    found = {}
    for session in stage.sessions():
        state = last(stage.folder / session).state
        found[state.described.key] = state
        assert verify(RealDisk(), stage.folder / session).status is Status.WHOLE
    shown = {key: (state.cars, [m.text for m in state.messages]) for key, state in found.items()}
    assert shown == {
        "1": (laps(2).cars, ["no 1", "no 2"]),
        "2": ({"9": {"laps": 1}}, ["no 3"]),
        "3": ({"5": {"laps": 3}}, ["no 4", "no 5"]),
    }
    assert [found[key].closed.reason for key in "123"] == ["moved", "moved", "stopped"]
    assert found["1"].closed.next == found["2"].described.session
    assert found["2"].closed.next == found["3"].described.session


def test_a_sync_of_the_session_before_says_nothing_about_the_next(troubled, disk):
    """The groups of two sessions are on their way at once, and their numbers are alike."""
    stage = troubled
    stage.slow_threads()
    stage.frame(seen("1"), *[message(n) for n in range(20)])
    stage.frame(seen("2"), *[message(n) for n in range(20)])
    first, second = stage.threads
    stage.threads = [first]
    while stage.threads:
        stage.run_thread()
    disk.refuse("write")
    stage.threads = [second]
    stage.run_thread()
    disk.relent()
    stage.threads = None
    stage.advance(1.1)
    stage.stop()
    for session in stage.sessions():
        posted = [e for e in stage.events(session) if isinstance(e.payload, Posted)]
        assert len(posted) == 20


def test_a_stop_waits_for_a_disk_that_comes_back_and_closes_the_session(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("write", "append")
    stage.frame(laps(2))
    stage.service.stop()
    stage.advance(10)
    assert stage.code is None
    disk.relent()
    stage.advance(4.9)
    assert stage.code is Ended.WELL
    assert stage.kinds()[3:] == ["feed resumed", "feed live", "changed", "closed stopped"]


def test_the_very_last_group_is_written_again(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("sync")
    stage.parser.steps.append([laps(2)])
    stage.feed.deliver()
    stage.service.stop()
    disk.relent()
    stage.advance(1.1)
    assert stage.code is Ended.WELL
    assert stage.kinds().count("closed stopped") == 1
    state = last(stage.folder / stage.sessions()[0]).state
    assert state.cars["7"]["laps"] == 2
    assert state.closed is not None


def test_a_stop_gives_up_a_disk_that_does_not_come_back(troubled, disk, said):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse()
    stage.frame(laps(2))
    stage.service.stop()
    stage.advance(16)
    assert stage.code is Ended.BADLY
    disk.relent()
    stage.advance(20)
    assert stage.kinds() == ["described", "feed live", "changed"]
    assert [text for level, text in said if level == "critical"] == [
        "the disk does not take the last events; they are given up"
    ]
    open_log(RealDisk(), stage.folder, SessionId(stage.sessions()[0])).log.close()


def test_a_restart_during_a_full_disk_waits_for_it_too(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("write")
    stage.frame(laps(2))
    stage.service.restart()
    disk.relent()
    stage.advance(1.1)
    assert stage.code is Ended.WELL
    assert stage.kinds()[3:] == ["feed resumed", "feed lost", "changed"]
    assert stage.events()[-2].payload.reason == "restart"


def test_a_log_that_another_process_took_meanwhile_is_left_to_it(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("write")
    stage.frame(laps(2))
    disk.relent()
    other = Stage(stage.folder, seed=5, initial=stage.folder / stage.sessions()[0]).start()
    stage.advance(1.1)
    assert stage.code is Ended.LOCKED
    other.frame(seen(), laps(3))
    other.stop()
    assert other.code is Ended.WELL
    assert other.kinds()[3:] == ["feed resumed", "feed live", "changed", "closed stopped"]


def test_a_log_that_another_process_took_and_left_is_not_gone_on_in(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("write")
    stage.frame(laps(2))
    disk.relent()
    other = Stage(stage.folder, seed=5, initial=stage.folder / stage.sessions()[0]).start()
    other.frame(seen(), laps(3))
    other.stop()
    before = stage.lines()
    stage.advance(1.1)
    assert stage.code is Ended.LOCKED
    assert stage.lines() == before


def test_a_log_that_was_damaged_meanwhile_ends_the_service_at_once(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    stage.frame(laps(2))
    disk.refuse("write")
    stage.frame(laps(3))
    disk.relent()
    tail = stage.folder / f"{stage.sessions()[0]}.jsonl"
    tail.write_bytes(tail.read_bytes().replace(b'"laps":1', b'"laps":5', 1))
    stage.advance(1.1)
    stage.advance(0.1)
    assert stage.code is Ended.BADLY


@RUNS("calls", [("write",), ("sync",), ("write", "append"), ()], ids=str)
@RUNS("written", [0, 0.3, 1])
def test_a_disk_that_refuses_several_times_is_no_other_process(tmp_path, said, calls, written):
    disk = TroubledDisk(written=written)
    stage = Stage(tmp_path, disk=disk).start()
    stage.frame(seen(), laps(1), message(1))
    for n in (2, 4):
        disk.refuse(*calls)
        stage.frame(laps(n), message(n))
        stage.advance(20)
        disk.relent()
        stage.advance(5.1)
        stage.frame(laps(n + 1), message(n + 1))
    stage.stop()
    assert stage.code is Ended.WELL
    texts = [e.payload.text for e in stage.events() if isinstance(e.payload, Posted)]
    assert texts == [f"no {n}" for n in range(1, 6)]
    assert last(tmp_path / stage.sessions()[0]).state.cars["7"]["laps"] == 5
    assert verify(RealDisk(), tmp_path / stage.sessions()[0]).status is Status.WHOLE
    told = [text[:12] for _, text in said if text.startswith("recording")]
    assert told == ["recording is", "recording go"] * 2


@RUNS("calls", [("write",), ("sync",)], ids=str)
def test_a_disk_that_is_full_when_a_service_goes_on_is_waited_for(stage, disk, calls):
    stage.frame(seen(), laps(1))
    stage.service.restart()
    disk.written = 0
    later = going_on(stage, disk=disk)
    later.slow_threads()
    later.start()
    disk.refuse(*calls)
    run_threads(later)
    later.frame(seen(), laps(2))
    later.advance(20)
    disk.relent()
    later.advance(5.1)
    later.stop()
    assert later.code is Ended.WELL
    assert later.kinds()[-1] == "closed stopped"
    assert last(later.folder / later.sessions()[0]).state.cars["7"]["laps"] == 2


def run_threads(stage):
    while stage.threads:
        stage.run_thread()
    stage.threads = None


def test_a_disk_that_refuses_is_asked_less_and_less_often(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("write", "lock")
    stage.frame(laps(2))
    asked = []
    for tenth in range(300):
        before = disk.calls
        stage.advance(0.1)
        if disk.calls > before:
            asked.append((tenth + 1) / 10)
    assert [round(b - a) for a, b in pairwise([0, *asked])] == [1, 2, 3, 4, 5, 5, 5]


def test_a_log_is_opened_again_in_a_thread(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("sync")
    stage.frame(laps(2))
    disk.relent()
    stage.slow_threads()
    stage.advance(1.1)
    assert [args[-1].__name__ for _, _, args in stage.threads] == ["_open_log"]
    stage.frame(laps(3))
    assert len(stage.threads) == 1
    run_threads(stage)
    stage.stop()
    assert last(stage.folder / stage.sessions()[0]).state.cars["7"]["laps"] == 3


def test_a_log_that_opens_after_it_was_given_up_is_let_go_of(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.refuse("sync")
    stage.frame(laps(2))
    disk.relent()
    stage.slow_threads()
    stage.advance(1.1)
    stage.service.stop()
    stage.advance(16)
    assert stage.code is Ended.BADLY
    run_threads(stage)
    open_log(RealDisk(), stage.folder, SessionId(stage.sessions()[0])).log.close()


def test_a_recording_may_take_longer_than_the_disk_is_waited_for(tmp_path, said):
    stage = Stage(
        tmp_path / "state",
        recording=tmp_path / "x.jsonl.zst",
        terms=Terms(class_="x", do_not_record=True),
    )
    stage.folder.mkdir()
    stage.start()
    stage.frame(seen(), laps(1))
    stage.slow_threads()
    stage.service.stop()
    stage.run_thread()
    assert [work.__name__ for _, work, _ in stage.threads] == ["seal_log"]
    stage.advance(60)
    assert stage.code is None
    stage.run_thread()
    assert stage.code is Ended.WELL
    assert last(tmp_path / "x.jsonl.zst").state.closed.reason == "stopped"
    assert list(stage.folder.iterdir()) == []
    assert [text for level, text in said if level == "critical"] == []


def scene(folder, disk):
    """A small session with a bit of everything."""
    stage = Stage(folder, disk=disk).start()
    stage.frame(seen("1"), laps(1), message(1))
    stage.frame(laps(2), message(2), Fact(Passed("7", "finish", 2)))
    stage.frame(seen("2"), picture({"9": {"laps": 1}}), message(3))
    stage.advance(301, 30)
    stage.frame(picture({"9": {"laps": 2}}), message(4))
    stage.advance(3)
    return stage


def ended(stage):
    stage.advance(3)
    stage.service.stop()
    stage.advance(6)
    return stage


def outcome(stage):
    """What each session's log adds up to, without what a break of the disk may add."""
    found = {}
    for session in stage.sessions():
        state = last(stage.folder / session).state
        messages = [message.text for message in state.messages]
        key = state.described.key
        assert verify(RealDisk(), stage.folder / session).status is Status.WHOLE
        passed = [e for e in stage.events(session) if isinstance(e.payload, Passed)]
        described = [e for e in stage.events(session) if isinstance(e.payload, Described)]
        found[key] = (state.cars, messages, state.closed.reason, len(passed), len(described))
    return found


def every_call_fails(tmp_path, step):
    """Once, and from there on until the end of the scene."""
    quiet = TroubledDisk()
    wanted = outcome(ended(scene(_folder(tmp_path, "quiet"), quiet)))
    for n in range(1, quiet.calls + 1, step):
        for how in ("fail_at", "fail_from"):
            disk = TroubledDisk(errno.EIO, written=n % 5 / 4)
            setattr(disk, how, n)
            stage = scene(_folder(tmp_path, f"{how} {n}"), disk)
            disk.relent()
            assert ended(stage).code is Ended.WELL, f"{how} {n}"
            assert outcome(stage) == wanted, f"{how} {n}"
    return quiet.calls


def _folder(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    return folder


def test_any_call_of_the_disk_may_fail_once_or_for_a_while_and_nothing_is_lost_quick(tmp_path):
    print(every_call_fails(tmp_path, 3), "calls, every third")  # noqa: T201 - a figure


@pytest.mark.reliability
def test_any_call_of_the_disk_may_fail_once_or_for_a_while_and_nothing_is_lost(tmp_path):
    print(every_call_fails(tmp_path, 1), "calls")  # noqa: T201 - a figure
