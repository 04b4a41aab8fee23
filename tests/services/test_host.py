"""The timing service on a clock that only moves when told to."""

import errno
from itertools import pairwise

import pytest

from livetiming.errors import (
    BadCapture,
    BadValue,
    FeedError,
    LivetimingError,
    LogLocked,
    NoLog,
)
from livetiming.events import (
    Described,
    Feed,
    Origin,
    Passed,
    Posted,
    SessionId,
    state_hash,
)
from livetiming.events.log import RealDisk, Status, open_log, verify
from livetiming.services import BadFrame, Fact, Finished
from livetiming.services.feedwatch import LAST_DELAY_S
from livetiming.services.host import Ended
from livetiming.services.terms import Terms
from tests.services.stage import (
    START_AT,
    Stage,
    TroubledDisk,
    hashes,
    hashing,
    kinds,
    last,
    picture,
    seen,
)

CARS = {"7": {"num": "7", "state": "run"}, "8": {"num": "8", "state": "run"}}
RUNS = pytest.mark.parametrize


def laps(n):
    return picture({car: {**cells, "laps": n} for car, cells in CARS.items()})


def message(n):
    return Fact(Posted(category="Race control", text=f"no {n}", origin=Origin.PROVIDER), n)


@pytest.fixture
def stage(tmp_path):
    return Stage(tmp_path).start()


@pytest.fixture
def disk():
    return TroubledDisk()


@pytest.fixture
def troubled(tmp_path, disk):
    return Stage(tmp_path, disk=disk).start()


@pytest.fixture
def said(monkeypatch):
    """What the services logged, as (level, text)."""
    from twisted.logger import formatEvent, globalLogPublisher

    heard = []

    def observe(event):
        heard.append((event["log_level"].name, formatEvent(event)))

    globalLogPublisher.addObserver(observe)
    yield heard
    globalLogPublisher.removeObserver(observe)


# groups


def test_a_frame_is_in_the_log_on_disk_50_ms_later(stage):
    stage.frame(seen(), laps(1), wait_s=0)
    stage.advance(0.04)
    assert (stage.folder / f"{stage.sessions()[0]}.jsonl").read_bytes() == b""
    stage.advance(0.02)
    assert stage.kinds() == ["described", "feed live", "changed"]


def test_what_arrives_within_50_ms_is_one_change(stage):
    stage.frame(seen(), laps(0))
    for n in range(1, 5):
        stage.frame(laps(n), wait_s=0.01)
    stage.advance(0.05)
    assert stage.kinds().count("changed") == 2
    assert last(stage.folder / stage.sessions()[0]).state.cars["7"]["laps"] == 4


def test_a_busy_feed_gives_at_most_20_changes_a_second(stage):
    stage.frame(seen(), laps(0))
    for n in range(1, 1001):
        stage.parser.steps.append([laps(n)])
        stage.feed.deliver()
        stage.time.advance(0.002)
    stage.advance(0.1)
    assert 35 <= stage.kinds().count("changed") <= 42
    assert last(stage.folder / stage.sessions()[0]).state.cars["7"]["laps"] == 1000


def test_one_sync_is_under_way_while_the_next_group_collects(stage):
    stage.slow_threads()
    for n in range(4):
        stage.frame(seen(), laps(n))
    assert len(stage.threads) == 1
    stage.run_thread()
    assert len(stage.threads) == 1
    stage.run_thread()
    assert stage.threads == []
    assert stage.kinds() == ["described", "feed live"] + ["changed"] * 4
    marks = (stage.folder / f"{stage.sessions()[0]}.jsonl").read_text().count('"mark"')
    assert marks == 2


# the feed


def test_the_feed_is_live_stale_and_lost_and_each_is_said_once(stage, said):
    stage.frame(seen(), laps(1))
    stage.advance(29)
    assert stage.kinds()[-1] == "changed"
    stage.advance(60)
    assert stage.kinds()[-1] == "feed stale"
    stage.frame()
    stage.frame()
    stage.feed.fail(FeedError("hung up"))
    stage.advance(20)
    stage.feed.fail(FeedError("hung up again"))
    stage.advance(20)
    stage.frame()
    wanted = ["feed live", "feed stale", "feed live", "feed lost", "feed live"]
    assert [kind for kind in stage.kinds() if kind.startswith("feed")] == wanted
    assert [text for _, text in said if text.startswith("feed")] == [
        "feed live",
        "feed stale: silent for 30 s",
        "feed live",
        "feed lost: hung up",
        "feed live",
    ]


def test_a_provider_that_never_says_anything_is_stale(stage, said):
    stage.advance(31)
    assert ("warn", "feed stale: silent for 30 s") in said


def test_a_provider_that_cannot_be_reached_is_told_of_once_and_tried_for_ever(stage, said):
    attempts = []
    for _ in range(40):
        attempts.append(stage.time.seconds())
        runs = stage.feed.runs
        stage.feed.fail(FeedError("refused"))
        while stage.feed.runs == runs:
            stage.time.advance(0.01)
    pauses = [after - before for before, after in pairwise(attempts)]
    assert max(pauses) <= LAST_DELAY_S + 0.02
    assert min(pauses[8:]) >= LAST_DELAY_S / 2
    assert pauses[0] <= 1.01
    assert len({round(pause, 1) for pause in pauses[8:]}) > 20
    assert [text for _, text in said] == ["feed lost: refused"]


def test_a_feed_that_was_heard_is_tried_again_soon(stage):
    for _ in range(10):
        stage.feed.fail(FeedError("refused"))
        stage.advance(61, 0.5)
    stage.frame(seen())
    runs = stage.feed.runs
    stage.feed.fail(FeedError("hung up"))
    stage.advance(1.1)
    assert stage.feed.runs == runs + 1


def test_a_transport_that_breaks_is_run_again(stage):
    stage.frame(seen(), laps(1))
    stage.feed.fail(ZeroDivisionError("x"))
    stage.advance(2)
    stage.frame(laps(2))
    assert stage.kinds()[-2:] == ["feed live", "changed"]
    lost = stage.events()[-3].payload
    assert lost.reason == "ZeroDivisionError: x"


@RUNS("error", [BadValue("odd"), BadFrame("garbage", "odd"), LivetimingError("odd")], ids=repr)
def test_a_transport_that_fails_by_an_error_of_ours_is_run_again_too(stage, said, error):
    stage.frame(seen(), laps(1))
    stage.feed.fail(error)
    stage.advance(2)
    stage.frame(laps(2))
    assert stage.code is None
    assert stage.kinds()[-3:] == ["feed lost", "feed live", "changed"]
    assert [level for level, text in said if text == "the transport failed"] == ["critical"]


def test_a_bad_capture_ends_the_service(stage):
    stage.feed.fail(BadCapture("odd"))
    stage.advance(2)
    assert stage.code is Ended.BADLY


def test_fifty_frames_in_a_row_that_cannot_be_read_make_the_feed_stale(stage, said):
    stage.frame(seen(), laps(1))
    for _ in range(49):
        stage.frame(BadFrame("garbage", "x"))
    stage.frame(laps(2))
    for _ in range(60):
        stage.frame(BadFrame("garbage", "x"))
    assert stage.kinds()[-1] == "feed stale"
    assert stage.events()[-1].payload.reason == "the frames cannot be read"
    stage.frame(laps(3))
    assert stage.kinds()[-2:] == ["feed live", "changed"]
    assert [level for level, text in said if "bad frame" in text] == ["warn"]


def test_a_feed_that_comes_back_unreadable_is_stale_not_live(stage):
    stage.frame(seen(), laps(1))
    for _ in range(50):
        stage.frame(BadFrame("garbage", "x"))
    stage.feed.fail(FeedError("hung up"))
    stage.advance(2)
    stage.frame(BadFrame("garbage", "x"))
    stage.frame(laps(2))
    feeds = [event.payload.status for event in stage.events() if isinstance(event.payload, Feed)]
    assert feeds == ["live", "stale", "lost", "stale", "live"]


# the end


def test_stopping_closes_the_session_and_ends_well(stage):
    stage.frame(seen(), laps(1))
    stage.parser.steps.append([laps(2)])
    stage.feed.deliver()
    stage.stop()
    assert stage.code is Ended.WELL
    assert stage.kinds()[-2:] == ["changed", "closed stopped"]
    assert verify(RealDisk(), stage.folder / stage.sessions()[0]).status is Status.WHOLE


def test_a_service_that_is_stopped_twice_ends_once(stage):
    stage.frame(seen(), laps(1))
    stage.stop()
    stage.stop()
    stage.service.restart()
    assert stage.code is Ended.WELL
    assert stage.kinds().count("closed stopped") == 1


def test_a_service_without_a_session_stops_at_once(stage):
    stage.stop()
    assert stage.code is Ended.WELL
    assert stage.sessions() == []


def test_the_end_of_the_feed_closes_the_session(stage):
    stage.frame(seen(), laps(1))
    stage.feed.end()
    stage.advance(0.1)
    assert stage.code is Ended.WELL
    assert stage.kinds()[-1] == "closed ended"


def test_a_feed_that_says_that_it_is_over_closes_once(stage):
    stage.frame(seen(), laps(1), Finished())
    stage.feed.end()
    stage.advance(0.1)
    assert stage.code is Ended.WELL
    assert stage.kinds()[-1] == "closed finished"


def test_a_restart_leaves_the_session_open_for_another_process(stage):
    stage.frame(seen(), laps(1))
    stage.service.restart()
    stage.advance(0.1)
    assert stage.code is Ended.WELL
    assert stage.kinds()[-1] == "feed lost"
    assert stage.events()[-1].payload.reason == "restart"
    open_log(RealDisk(), stage.folder, SessionId(stage.sessions()[0])).log.close()


def test_frames_after_the_end_are_nothing(stage):
    stage.frame(seen(), laps(1))
    stage.stop()
    stage.parser.steps.append([laps(2)])
    stage.feed.deliver()
    stage.advance(1)
    assert stage.kinds()[-1] == "closed stopped"


def test_a_session_ends_on_disk_only_after_its_last_group(stage):
    stage.slow_threads()
    stage.frame(seen(), laps(1))
    stage.service.stop()
    assert stage.code is None
    while stage.threads:
        stage.run_thread()
    assert stage.code is Ended.WELL
    assert stage.kinds()[-1] == "closed stopped"


def test_recordings_are_sealed_one_for_each_session(tmp_path):
    target = tmp_path / "x.jsonl.zst"
    stage = Stage(tmp_path / "state", recording=target)
    stage.folder.mkdir()
    stage.start()
    for key in "123":
        stage.frame(seen(key), laps(1))
    stage.stop()
    names = ["x.jsonl.zst", "x.2.jsonl.zst", "x.3.jsonl.zst"]
    assert [last(tmp_path / name).state.described.key for name in names] == ["1", "2", "3"]
    assert stage.code is Ended.WELL


def test_the_recording_of_another_session_is_never_written_over(tmp_path, said):
    target = tmp_path / "x.jsonl.zst"
    for name, key in (("a", "1"), ("b", "2")):
        stage = Stage(tmp_path / name, recording=target, seed=key)
        stage.folder.mkdir()
        stage.start()
        stage.frame(seen(key), laps(1))
        stage.stop()
    assert last(target).state.described.key == "1"
    assert last(tmp_path / "x.2.jsonl.zst").state.described.key == "2"
    warned = [text.partition(": ")[2] for level, text in said if level == "warn"]
    assert warned == [f"{target} is there already and stays as it is"]


def test_a_recording_that_cannot_be_written_is_an_error_and_the_log_stays(tmp_path, said):
    stage = Stage(
        tmp_path,
        recording=tmp_path / "no" / "x.jsonl.zst",
        terms=Terms(class_="x", do_not_record=True),
    ).start()
    stage.frame(seen(), laps(1))
    stage.stop()
    assert stage.code is Ended.BADLY
    assert stage.kinds()[-1] == "closed stopped"
    assert [level for level, text in said if "x.jsonl.zst" in text] == ["error"]
    own = stage.folder / f"{stage.sessions()[0]}.jsonl"
    assert f"its own log is {own}" in next(text for _, text in said if "x.jsonl.zst" in text)
    assert [line for line in stage.told if "closed" in line] == []


def test_do_not_record_leaves_nothing_behind_at_the_end(tmp_path):
    stage = Stage(tmp_path, terms=Terms(class_="x", do_not_record=True)).start()
    stage.frame(seen("1"), laps(1))
    stage.frame(seen("2"), laps(1))
    assert len(stage.sessions()) == 1
    stage.stop()
    assert list(tmp_path.iterdir()) == []


def test_do_not_record_leaves_nothing_torn_behind_either(tmp_path, disk):
    stage = Stage(tmp_path, disk=disk, terms=Terms(class_="x", do_not_record=True)).start()
    stage.frame(seen("1"), laps(1))
    disk.written = 0.5
    disk.refuse("write")
    stage.frame(laps(2))
    disk.relent()
    stage.advance(1.1)
    session = stage.sessions()[0]
    assert list(tmp_path.glob("*.torn-*"))
    (tmp_path / f"{session}.jsonl.zst.part").write_bytes(b"half")
    (tmp_path / f"{'0' * 32}.torn-5").write_bytes(b"another's")
    stage.stop()
    assert [path.name for path in tmp_path.iterdir()] == [f"{'0' * 32}.torn-5"]


def test_a_full_disk_is_not_littered_by_what_could_not_be_kept(troubled, disk):
    stage = troubled
    stage.frame(seen(), laps(1))
    disk.written = 0.5
    disk.refuse("write")
    stage.frame(laps(2))
    disk.written = 0
    stage.advance(60)
    assert list(stage.folder.glob("*.torn-*")) == []
    disk.relent()
    stage.advance(5.1)
    assert len(list(stage.folder.glob("*.torn-*"))) == 1


@RUNS("how", ["", "sealed", "sealed only", "nothing kept", "left open"])
def test_the_operator_is_told_where_a_session_goes_and_where_it_went(tmp_path, how):
    terms = Terms(class_="x", do_not_record=how in ("sealed only", "nothing kept"))
    recording = tmp_path / "x.jsonl.zst" if how.startswith("sealed") else None
    stage = Stage(tmp_path / "state", terms=terms, recording=recording)
    stage.folder.mkdir()
    stage.start()
    stage.frame(seen(), laps(1))
    session = stage.sessions()[0]
    own = stage.folder / f"{session}.jsonl"
    if how == "left open":
        stage.service.restart()
    else:
        stage.stop()
    ending = {
        "": f"closed, its log is {own}",
        "nothing kept": "closed, nothing of it is kept",
        "left open": f"left open, its log is {own}",
    }.get(how, f"closed, its recording is {recording}")
    assert stage.told == [
        f"session {session}: recording to {own}",
        f"session {session}: {ending}",
    ]


# going on


def going_on(stage, **more):
    return Stage(stage.folder, seed=2, initial=stage.folder / stage.sessions()[0], **more)


def test_another_process_goes_on_in_the_same_session(stage):
    stage.frame(seen(), laps(1), message(1))
    stage.service.restart()
    later = going_on(stage)
    later.wall_at += 60_000
    later.start()
    later.frame(seen(), laps(2), message(1), message(2))
    later.stop()
    assert stage.sessions() == later.sessions()
    assert later.kinds()[-5:] == [
        "feed resumed",
        "feed live",
        "posted",
        "changed",
        "closed stopped",
    ]
    resumed = next(e.payload for e in later.events() if kinds([e]) == ["feed resumed"])
    first = later.events()[0].payload
    assert resumed.writer > first.writer
    assert resumed.previous == (first.writer, 5)
    assert verify(RealDisk(), later.folder / later.sessions()[0]).status is Status.WHOLE


def test_the_operator_is_told_that_a_session_goes_on(stage):
    stage.frame(seen(), laps(1))
    stage.service.restart()
    session = stage.sessions()[0]
    own = stage.folder / f"{session}.jsonl"
    assert going_on(stage).start().told == [f"session {session}: going on, recording to {own}"]


def test_a_restart_whose_provider_is_away_takes_nothing_from_the_table(stage):
    stage.frame(seen(), laps(1))
    stage.service.restart()
    later = going_on(stage).start()
    later.advance(300, 1)
    later.stop()
    state = last(later.folder / later.sessions()[0]).state
    assert state.order == ["7", "8"]
    assert state.closed.reason == "stopped"


def test_a_log_that_another_process_writes_is_refused_at_the_start(stage):
    stage.frame(seen(), laps(1))
    with pytest.raises(LogLocked):
        going_on(stage).start()


def test_no_log_to_go_on_in_is_said_at_the_start(tmp_path):
    with pytest.raises(NoLog):
        Stage(tmp_path, initial=tmp_path / "none.jsonl").start()


def test_a_session_id_that_was_used_before_ends_the_service(stage, said):
    stage.frame(seen(), laps(1))
    stage.stop()
    session = stage.sessions()[0]
    before = stage.lines()
    again = Stage(stage.folder, session=SessionId(session)).start()
    again.frame(seen(), laps(5))
    again.advance(1)
    assert again.code is Ended.BADLY
    assert stage.lines() == before
    assert [text for level, text in said if level == "critical"] == [
        f"{stage.folder / session}: is the log of an earlier run; go on in it with -s"
    ]


def test_a_session_id_whose_log_is_being_written_ends_the_service_as_locked(stage):
    stage.frame(seen(), laps(1))
    again = Stage(stage.folder, session=SessionId(stage.sessions()[0])).start()
    again.frame(seen(), laps(5))
    again.advance(1)
    assert again.code is Ended.LOCKED


# the disk


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
    assert [work.__name__ for _, work, _ in stage.threads] == ["_open_log"]
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


# time


def jumps(folder, wall):
    """A session whose wall clock is set between any two frames."""
    folder.mkdir()
    stage = Stage(folder, seed=3, wall_at=wall(0)).start()
    for n in range(40):
        stage.wall_at = wall(n)
        stage.frame(*[seen("1")] * (n == 0), laps(n), message(n), wait_s=30)
    stage.stop()
    return stage


CLOCKS = {
    "an hour ahead": lambda n: START_AT + 3_600_000 * (n > 10),
    "an hour back": lambda n: START_AT - 3_600_000 * (n > 10),
    "1970": lambda n: 0 if n > 10 else START_AT,
    "back and forth": lambda n: START_AT + (-1) ** n * 3_600_000,
    "slewed": lambda n: START_AT + n * 250,
}


@RUNS("name", CLOCKS)
def test_a_jump_of_the_clock_changes_nothing(tmp_path, name):
    quiet = jumps(tmp_path / "quiet", lambda n: START_AT)
    jumped = jumps(tmp_path / "jumped", CLOCKS[name])
    ats = [event.at for event in jumped.events()]
    assert ats == sorted(ats)
    assert [(e.at - ats[0]) for e in jumped.events()] == [
        e.at - quiet.events()[0].at for e in quiet.events()
    ]
    assert kinds(jumped.events()) == kinds(quiet.events())


@RUNS("zone", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "UTC"])
@RUNS("day", [1_774_746_000_000, 1_792_889_400_000])
def test_the_change_to_summer_time_and_back_changes_nothing(tmp_path, monkeypatch, zone, day):
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        stage = jumps(tmp_path / "x", lambda n: day)
    finally:
        monkeypatch.undo()
        time.tzset()
    ats = [event.at for event in stage.events()]
    assert ats[0] == day
    assert max(b - a for a, b in pairwise(ats)) <= 30_050


@RUNS("jump_s", [-3600, 3600, -START_AT // 1000])
def test_a_restart_after_a_jump_of_the_clock_goes_on_in_order(stage, jump_s):
    stage.frame(seen(), laps(1))
    stage.service.restart()
    later = going_on(stage)
    later.wall_at += jump_s * 1000
    later.start()
    later.frame(seen(), laps(2))
    later.stop()
    ats = [event.at for event in later.events()]
    assert ats == sorted(ats)
    writers = [w for e in later.events() if (w := getattr(e.payload, "writer", None)) is not None]
    assert writers == sorted(set(writers))


# replay


def test_replay_equals_live_at_every_event(tmp_path):
    with hashing() as live:
        stage = Stage(tmp_path).start()
        for n in range(300):
            stage.frame(*[seen("1")] * (n == 0), laps(n), message(n), wait_s=3)
        stage.frame(seen("2"), laps(0))
        stage.stop()
    assert len(live) == 2
    for session, told in live.items():
        assert hashes(tmp_path / session) == told
        assert state_hash(last(tmp_path / session).state) == told[-1]
