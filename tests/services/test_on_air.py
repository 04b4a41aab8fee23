"""A service on the air: what it publishes, says and answers, on a simulated router."""

from functools import reduce
from itertools import pairwise

import pytest

from livetiming.events import state_hash
from livetiming.events.log import Folded
from livetiming.events.log.fold import TIMING
from livetiming.events.log.folded import at_snapshot
from livetiming.events.log.lines import link, read_head
from livetiming.network.names import (
    BAD_ARGUMENT,
    events_procedure,
    log_procedure,
    snapshot_procedure,
)
from livetiming.network.wire import MAX_MESSAGE, Idle, Standing
from livetiming.services import Finished
from tests.services.on_air import Broadcast, Failed
from tests.services.stage import laps, last, picture


@pytest.fixture
def air(tmp_path):
    return Broadcast(tmp_path)


# lines


def test_what_is_published_is_the_log_line_by_line_with_its_chain(air):
    for n in range(2, 12):
        air.stage.frame(laps(n), wait_s=0.2)
    folded = Folded(air.session)
    published = {message.first_seq: message for message in air.listener.published}
    lines = air.stage.lines()
    for seq, line in enumerate(lines, 1):
        if seq in published:
            assert published[seq].chain == folded.chain
            assert published[seq].lines[0] == line
        folded.step(line)
    assert air.listener.lines() == lines[-len(air.listener.lines()) :]
    assert len(air.listener.lines()) == 10


def test_nothing_is_published_before_it_is_durable(air):
    air.stage.slow_threads()
    air.stage.frame(laps(2))
    air.stage.advance(1)
    assert air.listener.lines() == []
    assert air.listener.events(air.session).next_seq == 4
    air.stage.run_thread()
    air.stage.advance(0.1)
    assert air.listener.lines() == air.stage.lines()[3:]
    assert air.listener.events(air.session).next_seq == 5


def test_much_at_once_is_published_in_portions(air):
    cars = {f"{n}": {"num": f"{n}", "driver": "x" * 200, "team": "y" * 200} for n in range(190)}
    air.stage.frame(picture(cars))
    air.stage.advance(0.5)
    published = sorted(air.listener.published, key=lambda message: message.first_seq)
    assert len(published) > 1
    assert all(sum(len(line) + 1 for line in each.lines) <= MAX_MESSAGE for each in published)
    chain = published[0].chain
    for each in published:
        assert each.chain == chain
        chain = reduce(link, each.lines, chain)


def test_nothing_is_queued_while_the_router_is_away(air):
    air.router.kill()
    air.stage.frame(laps(2))
    air.stage.frame(laps(3))
    air.router.restart()
    air.stage.advance(0.2)
    assert air.listener.published == []
    assert air.listener.beacons[-1].next_seq == 6
    assert air.listener.events(air.session, 4).lines == tuple(air.stage.lines()[3:])
    air.stage.frame(laps(4), wait_s=0.2)
    assert air.listener.lines() == air.stage.lines()[5:]


# beacons and announcements


def test_a_beacon_comes_every_5_seconds_and_says_where_the_log_stands(air):
    air.stage.advance(20.5)
    beacons = air.listener.beacons
    assert len(beacons) in (4, 5)
    place = last(air.stage.folder / air.session).place
    assert {(b.writer, b.next_seq, b.chain) for b in beacons} == {
        (air.writer, place.seq + 1, place.chain)
    }
    assert [b.now - a.now for a, b in pairwise(beacons)][-1] == 5000


def test_a_beacon_says_when_the_provider_last_sent_anything(air):
    heard = air.stage.service._now() - 200
    air.stage.advance(10)
    assert abs(air.listener.beacons[-1].seen_at - heard) < 200
    air.stage.frame()
    air.stage.advance(5)
    assert air.listener.beacons[-1].seen_at > heard + 9000


def test_a_beacon_and_an_announcement_come_at_once_after_each_join(air):
    air.stage.advance(3)
    for _ in range(3):
        air.router.kill()
        air.stage.advance(0.5)
        before = len(air.listener.beacons), len(air.listener.announced)
        air.router.restart()
        air.stage.advance(0.2)
        assert (len(air.listener.beacons), len(air.listener.announced)) == (
            before[0] + 1,
            before[1] + 1,
        )


def test_a_service_without_a_session_says_that_it_is_there(tmp_path):
    air = Broadcast(tmp_path, begin=False)
    air.stage.advance(20.1)
    said = air.listener.announced
    assert len(said) >= 3
    assert set(said) == {Idle(session=None, class_="rmonitor", instance="main")}


def test_an_announcement_says_what_the_session_is_and_where_its_log_stands(air):
    air.stage.frame(picture({"7": {"num": "7"}}, {"flag": "red"}))
    air.stage.advance(0.2)
    said = air.last
    place = last(air.stage.folder / air.session).place
    assert (said.session, said.next_seq, said.end) == (air.session, place.seq + 1, place.chain)
    assert (said.name, said.description, said.class_) == ("WEC", "Race", "rmonitor")
    assert (said.cars, said.flag, said.feed.status) == (1, "red", "live")
    assert (said.status, said.recorded, said.instance) == (Standing.LIVE, None, "main")
    assert said.started_at == air.stage.events()[0].at
    assert not said.hidden
    assert not said.do_not_record


def test_announcements_come_every_10_seconds_and_at_once_on_a_change(air):
    air.stage.advance(30.2)
    assert len(air.listener.sessions) in (4, 5)
    before = len(air.listener.sessions)
    air.stage.frame(picture({"7": {"num": "7"}}, {"flag": "red"}), wait_s=0.2)
    assert len(air.listener.sessions) == before + 1
    air.stage.frame(laps(5), wait_s=0.2)
    assert air.last.flag == "none"
    before = len(air.listener.sessions)
    air.stage.frame(laps(6), wait_s=0.2)
    assert len(air.listener.sessions) == before


def test_the_end_is_announced_at_once_with_a_beacon(air):
    air.stage.frame(Finished(), wait_s=0.2)
    assert air.last.status is Standing.CLOSED
    assert air.listener.beacons[-1].next_seq == air.last.next_seq == len(air.stage.lines()) + 1


# answers


def test_whoever_asks_gets_lines_and_snapshots(air):
    for n in range(2, 5):
        air.stage.frame(laps(n), wait_s=0.2)
    lines = air.stage.lines()
    answer = air.listener.events(air.session, 3, 2)
    assert answer.lines == tuple(lines[2:4])
    assert (answer.writer, answer.next_seq) == (air.writer, len(lines) + 1)
    assert air.listener.log(air.session, air.writer, 3, 2) == answer
    now = air.listener.snapshot(air.session, None)
    assert now == air.listener.snapshot(air.session)._replace(now=now.now)
    head = read_head(now.snapshot)
    assert (head.seq, now.next_seq) == (len(lines), len(lines) + 1)
    state = at_snapshot(now.snapshot, TIMING).state
    assert state_hash(state) == state_hash(last(air.stage.folder / air.session).state)
    assert read_head(air.listener.snapshot(air.session, {"seq": 2}).snapshot).seq == 2


@pytest.mark.parametrize(
    "args", [(), (0, 5), (1, 0), ("1", 5), (1,), (1, 2, 3), (None, None), (True, 5)], ids=str
)
def test_a_bad_question_for_lines_is_refused(air, args):
    assert air.listener.ask(events_procedure(air.session), *args) == BAD_ARGUMENT
    assert air.listener.ask(log_procedure(air.session, air.writer), *args) == BAD_ARGUMENT


@pytest.mark.parametrize("args", [("x",), (3,), ({"seq": "1"},), ({},), (None, None)], ids=str)
def test_a_bad_question_for_a_snapshot_is_refused(air, args):
    assert air.listener.ask(snapshot_procedure(air.session), *args) == BAD_ARGUMENT


def test_a_session_off_the_air_answers_nobody(air):
    session, writer = air.session, air.writer
    air.stage.service.restart()
    air.stage.advance(0.1)
    assert air.stage.code == 0
    for procedure in (
        events_procedure(session),
        snapshot_procedure(session),
        log_procedure(session, writer),
    ):
        assert isinstance(air.listener.ask(procedure, 1, 1), Failed)


def test_the_same_world_twice_is_the_same_to_the_last_message(tmp_path):
    def world(name):
        (tmp_path / name).mkdir()
        air = Broadcast(tmp_path / name)
        for n in range(2, 9):
            air.stage.frame(laps(n), wait_s=0.3)
        air.router.kill()
        air.stage.advance(3)
        air.router.restart()
        air.stage.advance(11)
        air.stage.stop()
        air.stage.advance(11)
        return air.listener.heard, air.listener.announced, air.router.rng.random()

    assert world("a") == world("b")
