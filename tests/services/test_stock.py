"""Going on in a log: what the dvr has more of it first, and nobody else at it."""

import shutil

import pytest
from twisted.internet.defer import Deferred

from livetiming.errors import LogLocked
from livetiming.events.log import RealDisk, Status, verify
from livetiming.network.names import CONTINUE
from livetiming.network.wire import Standing
from livetiming.services.host import Ended
from livetiming.services.stock import STOCK_S
from tests.services.on_air import Broadcast, Continuing, router, settle
from tests.services.stage import Stage, laps, last, seen


@pytest.fixture
def copy(tmp_path):
    """A log of which an older copy is elsewhere."""
    whole = Stage(tmp_path / "whole")
    whole.folder.mkdir()
    whole.start()
    whole.frame(seen(), laps(1))
    session = whole.sessions()[0]
    (tmp_path / "copy").mkdir()
    shutil.copy(whole.folder / f"{session}.jsonl", tmp_path / "copy")
    for n in range(2, 9):
        whole.frame(laps(n))
    whole.service.restart()
    return tmp_path / "copy" / session, whole


def going_on(path, net, **more):
    stage = Stage(path.parent, router=net, seed=2, initial=path, **more)
    stage.wall_at += 3_600_000
    return stage.start()


def resumed(stage):
    return next(e.payload for e in stage.events() if getattr(e.payload, "previous", None))


def test_an_old_copy_goes_on_where_the_recording_ends(copy):
    path, whole = copy
    net = router()
    dvr = Continuing(net, newest=5, lines=whole.lines())
    stage = going_on(path, net)
    stage.advance(1)
    stage.frame(seen(), laps(9))
    lines = whole.lines()
    assert stage.lines()[: len(lines)] == lines
    said = resumed(stage)
    first = whole.events()[0].payload
    assert said.adopted == len(lines) - 3
    assert said.previous == (first.writer, len(lines))
    assert [asked[1] for asked in dvr.asked] == [3, len(lines)]
    stage.service.restart()
    assert verify(RealDisk(), path).status is Status.WHOLE


def test_a_new_writer_is_newer_than_all_that_were_heard_of(copy):
    path, _ = copy
    net = router()
    newest = 10**13
    Continuing(net, newest=newest)
    stage = going_on(path, net)
    stage.advance(1)
    assert newest < resumed(stage).writer <= newest + 1000


def test_with_no_dvr_the_log_goes_on_at_once(copy):
    path, _ = copy
    stage = going_on(path, router())
    stage.advance(0.2)
    assert resumed(stage).adopted == 0


def test_a_router_that_is_away_delays_the_start_by_5_seconds(copy):
    path, _ = copy
    net = router()
    net.kill()
    stage = going_on(path, net)
    stage.advance(STOCK_S - 0.2)
    assert stage.feed.runs == 0
    stage.advance(0.4)
    assert stage.feed.runs == 1
    assert resumed(stage).adopted == 0


def test_a_dvr_that_does_not_answer_delays_the_start_by_5_seconds(copy):
    path, _ = copy
    net = router()
    never = net.connect("dvr")
    never.register(CONTINUE, lambda *_: Deferred())
    settle(net)
    stage = going_on(path, net)
    stage.advance(STOCK_S - 0.2)
    assert stage.feed.runs == 0
    stage.advance(0.4)
    assert stage.feed.runs == 1


@pytest.mark.parametrize(
    "lines",
    [
        [b"junk"],
        [b'{"seq":99,"at":1,"type":"closed","reason":"finished"}'],
        [b'{"seq":4,"at":1,"type":"closed","reason":"finished"}'],
        [b'{"seq":4,"at":1781445700000,"type":"changed","removed":["99"]}'],
    ],
    ids=["junk", "hole", "earlier", "unknown car"],
)
def test_lines_of_a_dvr_that_do_not_follow_are_not_taken(copy, lines, said):
    path, whole = copy
    net = router()
    Continuing(net, lines=[*whole.lines()[:3], *lines])
    stage = going_on(path, net)
    stage.advance(STOCK_S + 0.2)
    assert resumed(stage).adopted == 0
    assert any("does not follow" in text for _, text in said)
    stage.service.restart()
    assert verify(RealDisk(), path).status is Status.WHOLE


def test_a_session_that_is_on_the_air_elsewhere_is_refused(tmp_path, copy):
    path, _ = copy
    (tmp_path / "other").mkdir()
    air = Broadcast(tmp_path / "other", session=path.name)
    Continuing(air.router, newest=air.writer)
    before = path.with_name(f"{path.name}.jsonl").read_bytes()
    stage = going_on(path, air.router)
    stage.advance(1)
    assert stage.code is Ended.LOCKED
    assert path.with_name(f"{path.name}.jsonl").read_bytes() == before
    assert air.stage.code is None


def test_a_session_that_is_on_the_air_elsewhere_is_taken_over_when_told_to(tmp_path, copy):
    path, _ = copy
    (tmp_path / "other").mkdir()
    air = Broadcast(tmp_path / "other", session=path.name)
    Continuing(air.router, newest=air.writer)
    older, end = air.writer, last(air.stage.folder / path.name).place
    stage = going_on(path, air.router, take_over=True)
    stage.advance(1)
    assert resumed(stage).writer > older
    assert (stage.code, air.stage.code) == (None, None)
    statuses = {each.writer: each.status for each in air.listener.sessions}
    assert statuses == {older: Standing.FENCED, resumed(stage).writer: Standing.LIVE}
    air.listener.recorded(path.name, older, end.seq, end.chain)
    assert (stage.code, air.stage.code) == (None, Ended.LOCKED)


def test_a_service_that_is_stopped_while_it_takes_stock_writes_nothing(copy):
    path, _ = copy
    net = router()
    net.kill()
    stage = going_on(path, net)
    stage.advance(1)
    stage.service.stop()
    stage.advance(10)
    assert stage.code is Ended.WELL
    assert last(path).place.seq == 3
    again = going_on(path, router())
    again.advance(1)
    assert again.feed.runs == 1


def test_a_closed_log_that_is_handed_over_still_is_said_to_be(tmp_path):
    air = Broadcast(tmp_path)
    air.stage.stop()
    again = Stage(tmp_path, router=air.router, seed=2, initial=tmp_path / air.session)
    with pytest.raises(LogLocked, match="still handing over; try again"):
        again.start()
    air.listener.all_recorded(air.session)
    air.stage.advance(31, 0.5)
    again = Stage(tmp_path, router=air.router, seed=2, initial=tmp_path / air.session).start()
    again.advance(1)
    again.frame(seen(), laps(3), wait_s=1)
    assert last(tmp_path / air.session).state.closed is None
    assert air.listener.events(air.session).next_seq == len(again.lines()) + 1
