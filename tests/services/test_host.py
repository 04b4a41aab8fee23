"""The timing service on a clock that only moves when told to."""

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
    Feed,
    SessionId,
)
from livetiming.events.log import RealDisk, Status, open_log, verify
from livetiming.services import BadFrame, Finished
from livetiming.services.feedwatch import LAST_DELAY_S
from livetiming.services.host import Ended
from livetiming.services.terms import Terms
from tests.services.stage import (
    Stage,
    going_on,
    kinds,
    laps,
    last,
    message,
    seen,
)

RUNS = pytest.mark.parametrize


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
