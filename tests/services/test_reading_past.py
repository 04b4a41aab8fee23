"""What is asked of a session's past is read in threads: nobody's question holds the service up."""

import pytest

from livetiming.network import served
from livetiming.network.connection import CallFailed
from livetiming.network.names import BUSY, events_procedure, log_procedure, snapshot_procedure
from livetiming.network.wire import read_answer
from livetiming.services.reading import AT_ONCE, MAX_WAITING
from tests.services.on_air import Broadcast, settle
from tests.services.stage import laps


@pytest.fixture
def air(tmp_path, monkeypatch):
    """A session that has only its last line in memory, and threads that stand still."""
    monkeypatch.setattr(served, "KEPT_LINES", 1)
    air = Broadcast(tmp_path)
    for n in range(2, 6):
        air.stage.frame(laps(n), wait_s=0.3)
    air.stage.slow_threads()
    return air


def ask(air, procedure, *args):
    """Ask, and see what comes of it at once."""
    found = begin(air, procedure, *args)
    settle(air.router)
    return found


def begin(air, procedure, *args):
    """The list that the answer comes into, or the name of the error."""
    found = []
    asked = air.listener.connection.call(procedure, *args)
    asked.addCallbacks(found.append, lambda failure: found.append(_error(failure)))
    return found


def _error(failure):
    failure.trap(CallFailed)
    return failure.value.error


def run_threads(air):
    while air.stage.threads:
        air.stage.run_thread()
    settle(air.router)


@pytest.mark.parametrize("when", [{"seq": 2}, {"at": 1}])
def test_a_past_picture_waits_for_a_thread_and_the_present_one_does_not(air, when):
    past = ask(air, snapshot_procedure(air.session), when)
    assert past == []
    assert air.listener.snapshot(air.session, None).next_seq == len(air.stage.lines()) + 1
    run_threads(air)
    assert len(past) == 1


def test_past_lines_wait_for_a_thread_and_the_last_ones_do_not(air):
    past = ask(air, events_procedure(air.session), 1, 500)
    assert past == []
    last = air.listener.events(air.session, len(air.stage.lines()))
    assert list(last.lines) == air.stage.lines()[-1:]
    run_threads(air)
    assert list(read_answer(past[0]).lines) == air.stage.lines()


def test_who_asks_when_too_many_wait_is_told_to_come_again_and_the_dvr_is_not(air):
    waiting = [begin(air, events_procedure(air.session), 1, 1) for _ in range(MAX_WAITING)]
    settle(air.router)
    assert len(air.stage.threads) == AT_ONCE
    assert ask(air, events_procedure(air.session), 1, 1) == [BUSY]
    assert ask(air, snapshot_procedure(air.session), {"seq": 1}) == [BUSY]
    recorded = ask(air, log_procedure(air.session, air.writer), 1, 500)
    assert len(air.stage.threads) == AT_ONCE + 1
    run_threads(air)
    assert list(read_answer(recorded[0]).lines) == air.stage.lines()
    assert all(waiting)
    assert ask(air, events_procedure(air.session), 1, 1) == []
