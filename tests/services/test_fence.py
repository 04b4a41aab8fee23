"""Two services of one session: the older leaves the air and hands over; a dvr that knows better."""

import pytest

from livetiming.network.names import NO_SUCH_PROCEDURE, events_procedure, snapshot_procedure
from livetiming.network.wire import Standing
from livetiming.services import Finished
from livetiming.services.host import Ended
from livetiming.services.lingering import LONGEST_S
from livetiming.services.recorded import is_recorded
from tests.services.on_air import Broadcast
from tests.services.stage import laps, last


@pytest.fixture
def air(tmp_path):
    return Broadcast(tmp_path)


def test_a_service_that_hears_a_newer_writer_stops_and_writes_nothing_more(air):
    before = air.stage.lines()
    air.listener.newer(air.session, air.writer + 1)
    air.stage.parser.steps.append([laps(2)])
    air.stage.feed.deliver()
    air.stage.advance(1)
    assert air.stage.lines() == before
    assert air.last.status is Standing.FENCED
    assert air.stage.code is None


def test_a_fenced_service_is_off_the_public_air_and_hands_its_lines_over(air):
    session, writer = air.session, air.writer
    air.listener.newer(session, writer + 1)
    beacons = len(air.listener.beacons)
    air.stage.advance(20, 0.5)
    assert len(air.listener.beacons) == beacons
    assert air.listener.ask(events_procedure(session), 1, 1) == NO_SUCH_PROCEDURE
    assert air.listener.ask(snapshot_procedure(session)) == NO_SUCH_PROCEDURE
    assert air.listener.log(session, writer).lines == tuple(air.stage.lines())
    assert air.last.status is Standing.FENCED
    air.listener.all_recorded(session)
    assert air.stage.code is Ended.LOCKED
    end = last(air.stage.folder / session).place
    assert is_recorded(air.stage.disk, air.stage.folder, session, end)


def test_a_fenced_service_that_is_recorded_already_ends_at_once(air):
    air.listener.all_recorded(air.session)
    air.listener.newer(air.session, air.writer + 1)
    air.stage.advance(0.2)
    assert air.stage.code is Ended.LOCKED


def test_a_fenced_service_hands_over_for_10_minutes_at_most(air):
    air.listener.newer(air.session, air.writer + 1)
    air.stage.advance(LONGEST_S - 1, 0.5)
    assert air.stage.code is None
    air.stage.advance(2)
    assert air.stage.code is Ended.LOCKED


def test_what_was_being_written_when_a_newer_writer_was_heard_is_handed_over_too(air):
    air.stage.slow_threads()
    air.stage.frame(laps(2))
    air.stage.frame(laps(3))
    session, writer = air.session, air.writer
    air.listener.newer(session, writer + 1)
    while air.stage.threads:
        air.stage.run_thread()
    air.stage.advance(0.2)
    assert air.listener.log(session, writer).lines == tuple(air.stage.lines())
    assert air.stage.kinds()[-2:] == ["changed", "changed"]


def test_a_fenced_service_whose_disk_refuses_its_log_never_opens_it_again(tmp_path, disk):
    air = Broadcast(tmp_path, disk=disk)
    disk.refuse("write", "sync")
    air.stage.frame(laps(2))
    session, writer, durable = air.session, air.writer, 3
    air.listener.newer(session, writer + 1)
    disk.relent()
    air.stage.advance(30, 0.5)
    assert "feed resumed" not in air.stage.kinds()
    assert len(air.listener.log(session, writer).lines) == durable
    air.listener.all_recorded(session)
    assert air.stage.code is Ended.LOCKED


@pytest.mark.parametrize("newer", [0, -1, -1000])
def test_an_older_writer_or_ones_own_number_is_nothing(air, newer):
    air.listener.newer(air.session, air.writer + newer)
    air.stage.frame(laps(2), wait_s=0.3)
    assert air.last.status is Standing.LIVE
    assert air.stage.kinds()[-1] == "changed"


def test_junk_on_the_topic_is_dropped_and_logged_once(air, said):
    topic = f"livetiming.public.session.{air.session}.events"
    for junk in ((), (1,), ("x", 2, "y", 3), (10**15, 1, "zz", ""), (10**15, 0, "0" * 16, "x")):
        air.listener.connection.publish(topic, *junk)
        air.stage.advance(0.1)
    assert air.last.status is Standing.LIVE
    assert len([text for _, text in said if "dropped" in text]) == 1


def test_a_closed_session_that_goes_on_elsewhere_leaves_the_public_air(air):
    air.stage.frame(Finished(), wait_s=0.2)
    air.listener.newer(air.session, air.writer + 1)
    assert air.last.status is Standing.FENCED
    air.listener.all_recorded(air.session)
    air.stage.advance(31, 0.5)
    assert air.stage.code is None


# a dvr that has other lines of ours than we do


@pytest.mark.parametrize("ahead", [0, 1, 10])
def test_contradicted_by_a_recorded_line_of_its_own_a_service_stops_at_once(air, ahead):
    before = air.stage.lines()
    air.listener.recorded(air.session, air.writer, len(before) + ahead, b"another!")
    air.stage.advance(0.1)
    assert air.stage.code is Ended.CONTRADICTED
    assert air.stage.lines() == before
    assert air.listener.ask(events_procedure(air.session), 1, 1) == NO_SUCH_PROCEDURE


def test_a_line_of_another_writer_contradicts_nobody(air):
    air.listener.recorded(air.session, air.writer - 1, 99, b"another!")
    air.stage.advance(0.1)
    assert air.stage.code is None


def test_a_closed_session_is_not_contradicted(air):
    air.stage.stop()
    air.listener.recorded(air.session, air.writer, 99, b"another!")
    air.stage.advance(1)
    assert air.stage.code is None
