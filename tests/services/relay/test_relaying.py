"""A relay on two simulated routers: what is there is here, line by line."""

import msgspec
import pytest

from livetiming.events import Closed, CloseReason, Origin, Posted
from livetiming.events.log import RealDisk, open_reader, verify
from livetiming.events.log.verify import Status
from livetiming.network.wire import MAX_MESSAGE
from livetiming.services.relay.keeping import MAX_WAITING
from tests.network.made_log import described
from tests.services.relay.stage import AT, IDS, MadeLog, lines_of, two_systems
from tests.services.stage import TroubledDisk


@pytest.fixture
def systems(tmp_path):
    return two_systems(tmp_path)


def long_log(session=IDS[0], count=1200, writer=AT):
    return MadeLog(writer, session).write_laps(count)


def own_log(session, **fields):
    """A log whose description says something else than usual."""
    log = MadeLog(AT, session, begun=False)
    log.write(msgspec.structs.replace(described(AT, session), **fields))
    return log.write_laps(3)


def test_a_session_there_is_here_with_the_same_lines_and_the_same_writer(systems):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    listed = near.listed()[log.session]
    assert (listed.writer, listed.next_seq, listed.class_) == (AT, log.next_seq, "rmonitor")
    answer = near.listener.events(log.session, 1, 500)
    assert answer == log.events(1, 500)
    near.listener.listen(log.session)
    near.wait()
    far.laps(log, 3)
    near.wait()
    assert near.listener.lines() == log.lines[-3:]


def test_lines_are_asked_for_from_the_first_and_none_twice_when_nothing_is_lost(systems):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    asked = [from_seq for _, from_seq, _ in far.asked]
    assert asked == [1, 1, 501, 1001]  # the first shows that there is something at all
    far.laps(log, 3)
    near.wait(30)
    assert near.has(log)
    assert len(far.asked) == 4


def test_the_recording_here_has_the_same_lines_as_the_log_there(systems):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    first = log.next_seq
    log.close()
    far.say(log, first)
    recording = near.until(lambda: near.recording(log.session))
    assert lines_of(recording) == log.lines[1:]
    assert verify(RealDisk(), recording).status is Status.WHOLE
    with open_reader(RealDisk(), recording) as reader:
        assert reader.last().chain == log.chains[-1]
    near.until(lambda: near.relay.sessions == [])
    near.wait(120)
    assert near.relay.sessions == []  # though it is listed there still


def test_a_session_that_goes_on_after_its_end_is_relayed_again(systems):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    first = log.next_seq
    log.close()
    far.say(log, first)
    near.until(lambda: near.relay.sessions == [])
    again = log.resumed(AT + 5000)
    again.write_laps(4)
    far.go_on(again)
    far.tell()
    near.serves(again)
    near.until(lambda: near.listed()[log.session].writer == AT + 5000)


def test_a_new_writer_there_is_the_new_writer_here(systems):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    again = log.resumed(AT + 7000)
    far.go_on(again)
    far.say(again, log.next_seq)
    near.serves(again)
    near.until(lambda: near.listed()[log.session].writer == AT + 7000)
    assert near.listener.log(log.session, AT + 7000).writer == AT + 7000


def test_beacons_carry_the_other_sides_time(systems):
    far, near = systems
    log = far.add(long_log())
    far.lag_ms = 700
    near.serves(log)
    near.listener.listen(log.session)
    near.wait(20)
    assert len(near.listener.beacons) >= 4
    for beacon in near.listener.beacons:
        assert 0 <= beacon.now - beacon.seen_at - 700 <= 5100
    snapshot = near.listener.snapshot(log.session)
    assert abs(snapshot.now - far.now) < 200


def test_while_the_other_side_is_away_the_session_is_served_and_its_feed_gets_older(systems, said):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    near.wait(5)
    far.router.kill()
    away_at = far.now
    near.listener.listen(log.session)
    near.wait(60)
    assert log.session in near.listed()
    last = near.listener.beacons[-1]
    assert abs(last.now - far.now) < 5500
    assert last.now - last.seen_at >= 60_000 - 10_000
    assert last.seen_at <= away_at
    assert near.listener.events(log.session).next_seq == log.next_seq
    assert [text for _, text in said if "is silent" in text] == [
        f"session {log.session}: the other side is silent; what is here is served on"
    ]
    log.write_laps(700)
    far.router.restart()
    near.serves(log)
    assert [text for _, text in said if "heard again" in text]


def test_a_lossy_network_loses_nothing(tmp_path):
    far, near = two_systems(tmp_path)
    far.router.lost, far.router.lost_legs, far.router.late = 0.2, 0.1, 0.1
    log = far.add(long_log(count=30))
    for _ in range(60):
        far.laps(log, 2)
        near.wait(0.5)
    near.serves(log)


@pytest.mark.parametrize("seed", range(4))
def test_a_relay_that_was_killed_goes_on_where_its_log_ends(tmp_path, seed):
    far, near = two_systems(tmp_path, seed=seed + 10)
    log = far.add(long_log())
    near.until(lambda: (near.state_dir / f"{log.session}.relayed").exists())
    near.wait(0.1 * seed)
    had = kill(near)
    far.laps(log, 20)
    near.wait(seed * 20)
    far.asked.clear()
    near.start()
    near.serves(log)
    assert far.asked[0][1] == had + 1


def kill(near):
    """End the relay as nobody should; how many lines its log has.

    What it holds is let go of, as the kernel does; nothing of it runs on.
    """
    relay = near.relay
    near.local.close()
    near.remote.close()
    relay._ticking.stop()
    relay._air.stop()
    for each in relay._relayed.values():
        each._following.stop()
        each._own.close()
    return sum(len(near.lines(each)) for each in relay.sessions)


def test_only_the_classes_that_are_asked_for_are_relayed(tmp_path):
    far, near = two_systems(tmp_path, classes=["f1"])
    far.add(long_log(IDS[0]))
    log = far.add(long_log(IDS[1]), class_="f1")
    near.serves(log)
    assert near.relay.sessions == [IDS[1]]


def test_only_the_sessions_that_are_asked_for_are_relayed_hidden_or_not(tmp_path):
    far, near = two_systems(tmp_path, sessions=[IDS[2]])
    far.add(long_log(IDS[0]))
    log = far.add(own_log(IDS[2], hidden=True), listed=False)
    near.until(lambda: near.has(log))
    near.until(lambda: near.listener.sessions)
    assert near.listener.sessions[-1].hidden
    assert near.listed() == {}
    assert near.listener.events(IDS[2]).lines == tuple(log.lines[1:])


def test_a_hidden_session_that_nobody_asked_for_is_not_relayed(systems, said):
    far, near = systems
    far.add(own_log(IDS[0], hidden=True))
    near.wait(200)
    assert not (near.state_dir / f"{IDS[0]}.jsonl").exists()
    assert [text for level, text in said if level == "error"] == [
        f"session {IDS[0]}: not relayed any more: "
        "it is hidden; --session names one that is relayed all the same"
    ]


def test_what_nobody_may_keep_is_thrown_away_after_its_end(systems):
    far, near = systems
    log = far.add(own_log(IDS[0], do_not_record=True))
    near.serves(log)
    first = log.next_seq
    log.write(Closed(CloseReason.FINISHED, None))
    far.say(log, first)
    near.until(lambda: near.relay.sessions == [])
    assert list(near.state_dir.glob(f"{IDS[0]}.*")) == []
    assert near.recording(IDS[0]) is None


def test_no_more_sessions_than_wanted_are_relayed_the_newest_first(tmp_path, said):
    far, near = two_systems(tmp_path, most=2)
    for number in range(6):
        far.add(long_log(IDS[number], count=3), started_at=AT + number)
    near.until(lambda: len(near.listed()) == 2)
    near.wait(30)
    assert set(near.listed()) == {IDS[4], IDS[5]}
    full = [text for _, text in said if "--max-sessions" in text]
    assert full == ["2 sessions are relayed, and more are there; see --max-sessions"]


def test_a_disk_that_refuses_for_a_while_costs_no_line(tmp_path, said):
    disk = TroubledDisk()
    far, near = two_systems(tmp_path, disk=disk)
    log = far.add(long_log())
    near.serves(log)
    disk.refuse("write", "sync")
    far.laps(log, 10)
    near.wait(20)
    far.laps(log, 10)
    assert not near.has(log)
    assert near.listener.events(log.session, 1190).next_seq == 1202
    disk.relent()
    near.serves(log)
    paused = [text for _, text in said if text.startswith("recording ")]
    assert paused[0].startswith("recording is paused")
    assert paused[1].startswith("recording goes on")
    assert len(paused) == 2


def test_lines_that_a_slow_disk_cannot_take_are_asked_for_later(systems):
    far, near = systems
    log = far.add(long_log(count=5))
    near.serves(log)
    near.threads = []
    for _ in range(8_000):
        log.write(Posted(category="race", text="x" * 2_000, origin=Origin.PROVIDER))
    for first in range(7, log.next_seq, 180):
        far.publish(log.session, log.said(first, 180))
        near.wait(0.05)
    waiting = near.relay._relayed[log.session]._own._waiting
    assert MAX_WAITING <= waiting <= MAX_WAITING + MAX_MESSAGE
    near.run_threads()
    near.serves(log)


def test_a_stopped_relay_leaves_its_sessions_open_and_lets_go_of_them(systems):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    near.relay.stop()
    near.wait(1)
    assert near.ended == [0]
    assert not near.remote.joined
    with open_reader(RealDisk(), near.state_dir / log.session) as reader:
        assert reader.last().state.closed is None
    far.laps(log, 5)
    near.start()
    near.serves(log)


def test_a_stopped_relay_waits_until_what_closed_is_recorded(tmp_path):
    far, near = two_systems(tmp_path, dvr=False)
    log = far.add(long_log())
    near.serves(log)
    first = log.next_seq
    log.close()
    far.say(log, first)
    near.until(lambda: any("staying" in line for line in near.told))
    near.relay.stop()
    near.wait(60)
    assert near.ended == []
    near.relay.give_up()
    near.wait(1)
    assert near.ended == [0]


def test_a_router_of_ours_that_restarts_changes_nothing(systems):
    far, near = systems
    log = far.add(long_log())
    near.serves(log)
    near.router.kill()
    far.laps(log, 10)
    near.wait(10)
    assert near.has(log)
    near.router.restart()
    near.until(lambda: log.session in near.listed())
    near.until(lambda: near.listed()[log.session].next_seq == log.next_seq)
    assert near.listener.events(log.session, 1190) == log.events(1190)
