"""A disk that refuses the log of a session on the air, and gives it back."""

import pytest

from livetiming.network import served
from livetiming.network.names import BUSY, NO_SUCH_PROCEDURE, events_procedure, log_procedure
from livetiming.network.wire import Standing
from livetiming.services import Finished
from livetiming.services.host import Ended
from tests.services.on_air import Broadcast
from tests.services.stage import laps, last, seen


@pytest.fixture
def air(tmp_path, disk):
    return Broadcast(tmp_path, disk=disk)


def test_while_the_disk_refuses_the_log_only_what_is_durable_is_spoken_of(air, disk):
    lines, writer = air.stage.lines(), air.writer
    disk.refuse("write", "sync")
    for n in range(2, 10):
        air.stage.frame(laps(n), wait_s=0.3)
    air.stage.advance(10)
    assert air.listener.published == []
    assert {(b.writer, b.next_seq) for b in air.listener.beacons} == {(writer, len(lines) + 1)}
    answer = air.listener.events(air.session)
    assert answer.lines == tuple(lines)
    assert air.last.next_seq == len(lines) + 1
    assert air.last.status is Standing.LIVE


def test_a_log_that_the_disk_gives_back_goes_on_air_as_a_new_writer(air, disk):
    before, lines = air.writer, air.stage.lines()
    disk.refuse("write", "sync")
    air.stage.frame(laps(2), wait_s=3)
    disk.relent()
    air.stage.advance(10)
    assert air.writer > before
    assert air.stage.kinds()[len(lines)] == "feed resumed"
    assert air.listener.published[0].first_seq == len(lines) + 1
    assert {each.writer for each in air.listener.published} == {air.writer}
    assert air.listener.lines() == air.stage.lines()[len(lines) :]
    assert air.listener.log(air.session, before, 1, 1) == NO_SUCH_PROCEDURE
    assert air.listener.log(air.session, air.writer).lines == tuple(air.stage.lines())
    assert air.listener.beacons[-1].writer == air.writer


def test_lines_that_got_to_the_disk_though_it_failed_are_told_of_when_it_is_back(air, disk):
    disk.written = 1
    disk.refuse("sync")
    air.stage.frame(laps(2), wait_s=3)
    session = air.session
    disk.relent()
    air.stage.advance(10)
    answer = air.listener.events(session)
    assert answer.lines == tuple(air.stage.lines())
    place = last(air.stage.folder / session).place
    assert (air.last.next_seq, air.last.end) == (place.seq + 1, place.chain)


def test_a_session_that_closed_while_the_disk_refused_it_is_closed_when_that_is_durable(air, disk):
    disk.refuse("write", "sync")
    air.stage.frame(Finished(), wait_s=2)
    assert air.last.status is Standing.LIVE
    disk.relent()
    air.stage.advance(10)
    assert air.last.status is Standing.CLOSED
    assert air.listener.beacons[-1].next_seq == last(air.stage.folder / air.session).place.seq + 1


def test_the_end_of_a_log_that_got_to_the_disk_though_it_failed_is_closed_too(air, disk):
    disk.written = 1
    disk.refuse("sync")
    air.stage.frame(Finished(), wait_s=2)
    disk.relent()
    air.stage.advance(10)
    assert air.last.status is Standing.CLOSED
    assert air.listener.beacons[-1].next_seq == last(air.stage.folder / air.session).place.seq + 1
    air.listener.all_recorded(air.session)
    assert air.last.status is Standing.CLOSED


def test_a_session_whose_disk_never_comes_back_leaves_the_air_with_its_service(air, disk):
    session = air.session
    disk.refuse("write", "sync", "append")
    air.stage.frame(laps(2))
    air.stage.service.stop()
    air.stage.advance(16, 0.5)
    assert air.stage.code is Ended.BADLY
    assert air.listener.ask(events_procedure(session), 1, 1) == NO_SUCH_PROCEDURE


def test_a_session_that_began_while_the_disk_refused_goes_on_air_when_it_is_back(tmp_path, disk):
    air = Broadcast(tmp_path, disk=disk, begin=False)
    disk.refuse("append", "lock")
    air.stage.frame(seen(), laps(1), wait_s=3)
    assert air.listener.sessions == []
    disk.relent()
    air.stage.advance(10)
    assert air.last.status is Standing.LIVE
    assert air.last.started_at == air.stage.events()[0].at


def test_what_the_disk_does_not_give_is_asked_for_later(air, disk, monkeypatch):
    monkeypatch.setattr(served, "KEPT_LINES", 1)
    for n in range(2, 6):
        air.stage.frame(laps(n), wait_s=0.3)
    disk.refuse("open", "read")
    assert air.listener.ask(events_procedure(air.session), 1, 5) == BUSY
    assert air.listener.ask(log_procedure(air.session, air.writer), 1, 5) == BUSY
    disk.relent()
    assert len(air.listener.events(air.session, 1, 5).lines) == 5
