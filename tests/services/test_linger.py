"""The end of a session on the air: the service stays until it is recorded."""

import pytest

from livetiming.errors import LogLocked
from livetiming.events import SessionId
from livetiming.events.log import RealDisk, open_log, open_reader
from livetiming.network.names import NO_SUCH_PROCEDURE, events_procedure, log_procedure
from livetiming.network.wire import RecordedStatus, Standing
from livetiming.services import Finished
from livetiming.services.host import Ended
from livetiming.services.lingering import LONGEST_S, TO_BE_ASKED_S
from livetiming.services.recorded import is_recorded
from livetiming.services.terms import Terms
from tests.services.on_air import Broadcast
from tests.services.stage import Stage, laps, last, seen


@pytest.fixture
def air(tmp_path):
    return Broadcast(tmp_path)


def end_of(air, session=None):
    return last(air.stage.folder / (session or air.session)).place


def test_a_closed_session_stays_30_seconds_though_it_is_recorded_at_once(air):
    air.stage.stop()
    assert air.last.status is Standing.CLOSED
    air.listener.all_recorded(air.session)
    air.stage.advance(TO_BE_ASKED_S - 1, 0.5)
    assert air.stage.code is None
    assert air.listener.events(air.session).next_seq == end_of(air).seq + 1
    air.stage.advance(2)
    assert air.stage.code is Ended.WELL
    assert air.listener.ask(events_procedure(air.session), 1, 1) == NO_SUCH_PROCEDURE


def test_a_closed_session_stays_until_it_is_recorded(air):
    air.stage.stop()
    session, writer = air.session, air.writer
    air.stage.advance(300, 0.5)
    assert air.stage.code is None
    assert air.stage.told[-1] == (
        f"session {session}: staying until it is recorded … (again: give up)"
    )
    before = len(air.listener.beacons)
    air.stage.advance(20, 0.5)
    assert len(air.listener.beacons) == before + 4
    air.listener.recorded(session, writer, 3, air.listener.events(session, 4).chain)
    assert air.stage.code is None
    air.listener.all_recorded(session)
    assert air.stage.code is Ended.WELL


def test_who_stands_alone_waits_for_no_dvr(tmp_path):
    air = Broadcast(tmp_path, longest_s=TO_BE_ASKED_S)
    air.stage.stop()
    air.stage.advance(TO_BE_ASKED_S + 1, 0.5)
    assert air.stage.code is Ended.WELL


def test_nobody_waits_for_a_dvr_longer_than_10_minutes(air):
    air.stage.stop()
    session = air.session
    air.stage.advance(LONGEST_S - 1, 0.5)
    assert air.stage.code is None
    air.stage.advance(2)
    assert air.stage.code is Ended.WELL
    assert air.stage.told[-1] == (
        f"session {session}: 0 of {end_of(air).seq} events are recorded; "
        "the next service that starts in this folder hands over the rest"
    )


def test_a_second_ctrl_c_gives_up_what_the_end_waits_for(air):
    air.stage.stop()
    session = air.session
    air.stage.advance(5)
    air.stage.service.give_up()
    air.stage.advance(0.1)
    assert air.stage.code is Ended.WELL
    assert "are recorded; the next service" in air.stage.told[-1]
    assert session in air.stage.told[-1]
    assert not is_recorded(RealDisk(), air.stage.folder, session, end_of(air))


def test_the_log_is_held_while_its_service_lingers(air):
    air.stage.stop()
    session = air.session
    air.stage.advance(1)
    with pytest.raises(LogLocked):
        open_log(RealDisk(), air.stage.folder, session)
    again = Broadcast(
        air.stage.folder, router=air.router, begin=False, seed=3
    )  # another process of the same folder
    again.stage.service.stop()
    air.listener.all_recorded(session)
    air.stage.advance(TO_BE_ASKED_S)
    assert air.stage.code is Ended.WELL
    open_log(RealDisk(), air.stage.folder, session).log.close()


def test_that_all_is_recorded_is_remembered_beside_the_log(air):
    session = air.session
    air.listener.all_recorded(session)
    assert not is_recorded(RealDisk(), air.stage.folder, session, end_of(air))
    air.stage.stop()
    air.listener.all_recorded(session)
    assert is_recorded(RealDisk(), air.stage.folder, session, end_of(air))


def test_a_session_that_nobody_is_to_record_stays_30_seconds_and_goes(tmp_path):
    air = Broadcast(tmp_path, terms=Terms(class_="x", do_not_record=True))
    air.stage.stop()
    air.stage.advance(TO_BE_ASKED_S - 1)
    assert air.stage.code is None
    air.stage.advance(2)
    assert air.stage.code is Ended.WELL
    assert list(tmp_path.glob("*.jsonl*")) == []


def test_how_long_a_session_stays_at_least_is_a_wish(tmp_path):
    air = Broadcast(tmp_path, linger_s=0)
    air.stage.stop()
    assert air.stage.code is None
    air.listener.all_recorded(air.session)
    assert air.stage.code is Ended.WELL


def test_a_service_that_never_joined_does_not_linger(tmp_path):
    air = Broadcast(tmp_path, begin=False)
    air.router.kill()
    again = Broadcast(tmp_path / "x", router=air.router, begin=False, seed=2)
    again.stage.folder.mkdir()
    again.stage.frame(seen(), laps(1))
    again.stage.stop()
    assert again.stage.code is Ended.WELL
    assert not any("staying" in line for line in again.stage.told)


def test_a_log_that_goes_on_and_ends_while_the_router_is_away_is_on_air_when_it_is_back(air):
    session = air.session
    air.stage.stop()
    air.listener.all_recorded(session)
    air.stage.advance(TO_BE_ASKED_S + 1, 0.5)
    air.router.kill()
    again = Broadcast(
        air.stage.folder, router=air.router, begin=False, seed=2, initial=air.stage.folder / session
    )
    again.stage.advance(6)
    again.stage.stop()
    assert again.stage.code is None
    air.router.restart()
    again.stage.advance(1)
    assert air.listener.beacons[-1].next_seq == end_of(air).seq + 1
    again.stage.advance(TO_BE_ASKED_S)
    assert again.stage.code is Ended.WELL


@pytest.mark.parametrize("secret", [True, False])
def test_off_the_air_a_session_that_went_on_stays_only_where_the_router_can_be_joined(
    tmp_path, secret
):
    before = Stage(tmp_path).start()
    before.frame(seen(), laps(1))
    before.service.restart()
    air = Broadcast(tmp_path / "other", begin=False)
    air.router.kill()
    log = tmp_path / before.sessions()[0]
    again = Stage(tmp_path, router=air.router, seed=2, initial=log, take_stock=secret).start()
    again.advance(6)
    again.stop()
    assert again.code is (None if secret else Ended.WELL)
    again.advance(TO_BE_ASKED_S, 0.5)
    assert again.code is Ended.WELL


def test_while_one_session_lingers_the_next_one_goes_on(air):
    first = air.session
    air.stage.frame(seen("2"), laps(1), wait_s=0.3)
    second = next(SessionId(s) for s in air.stage.sessions() if s != first)
    air.listener.listen(second)
    air.stage.frame(laps(2), wait_s=0.3)
    states = {each.session: each.status for each in air.listener.sessions}
    assert states == {first: Standing.CLOSED, second: Standing.LIVE}
    assert air.listener.events(first).next_seq == end_of(air, first).seq + 1
    air.listener.all_recorded(first)
    air.stage.advance(TO_BE_ASKED_S, 0.5)
    assert air.listener.ask(events_procedure(first), 1, 1) == NO_SUCH_PROCEDURE
    assert air.listener.events(second).next_seq == end_of(air, second).seq + 1
    assert air.stage.code is None


def test_a_restart_leaves_the_air_at_once_and_says_its_last_line(air):
    air.stage.service.restart()
    air.stage.advance(0.2)
    assert air.stage.code is Ended.WELL
    assert air.listener.lines()[-1] == air.stage.lines()[-1]
    assert air.stage.kinds()[-1] == "feed lost"
    assert air.listener.ask(log_procedure(air.session, air.writer), 1, 1) == NO_SUCH_PROCEDURE


@pytest.mark.parametrize("how", ["restart", "contradicted"])
def test_a_service_that_is_to_start_again_waits_for_no_earlier_session(air, how):
    first = air.session
    air.stage.frame(seen("2"), laps(1), wait_s=0.3)
    second = next(SessionId(s) for s in air.stage.sessions() if s != first)
    if how == "restart":
        air.stage.service.restart()
    else:
        air.listener.recorded(second, air.writer, 99, bytes(8))
    air.stage.advance(0.3)
    assert air.stage.code is (Ended.WELL if how == "restart" else Ended.CONTRADICTED)
    assert f"session {first}: 0 of" in "".join(air.stage.told)


def test_after_a_lingering_session_the_service_is_idle(air):
    air.stage.frame(Finished(), wait_s=0.2)
    air.listener.all_recorded(air.session)
    air.stage.advance(TO_BE_ASKED_S + 11, 0.5)
    assert air.listener.announced[-1].session is None


def test_recorded_is_believed_only_with_our_chain(air):
    session, writer, end = air.session, air.writer, end_of(air)
    air.stage.stop()
    for chain in (bytes(8), end.chain):
        air.listener.recorded(session, writer, end_of(air).seq, chain)
    air.listener.recorded(session, writer - 1, end_of(air).seq, end_of(air).chain)
    air.listener.connection.publish(f"livetiming.internal.session.{session}.recorded", "junk")
    air.stage.advance(40, 0.5)
    assert air.stage.code is None
    assert air.last.recorded is None
    air.listener.all_recorded(session)
    assert air.stage.code is Ended.WELL


def test_an_announcement_says_how_far_is_recorded(air):
    chain = air.listener.events(air.session, 3).chain
    air.listener.recorded(air.session, air.writer, 2, chain)
    air.stage.advance(10)
    assert air.last.recorded == 2
    air.listener.recorded(air.session, air.writer, 1, air.listener.events(air.session, 2).chain)
    air.stage.advance(10)
    assert air.last.recorded == 2


def test_that_the_dvr_is_paused_is_logged_once(air, said):
    end = end_of(air)
    for status in (RecordedStatus.PAUSED, RecordedStatus.PAUSED, RecordedStatus.OK):
        air.listener.recorded(air.session, air.writer, end.seq, end.chain, status)
    told = [text for _, text in said if "dvr's recording" in text]
    assert [text.rpartition(air.session)[2] for text in told] == [" is paused", " goes on"]


def test_what_is_sealed_is_sealed_before_the_service_lingers(tmp_path):
    target = tmp_path / "x.jsonl.zst"
    (tmp_path / "state").mkdir()
    air = Broadcast(tmp_path / "state", recording=target)
    air.stage.stop()
    assert air.stage.code is None
    with open_reader(RealDisk(), target) as reader:
        assert reader.last().place == end_of(air)
