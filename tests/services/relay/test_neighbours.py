"""What is here already is not relayed; and nobody relays what he has relayed himself."""

from random import Random

import pytest
from twisted.internet.task import Clock

from livetiming.events import SessionId
from livetiming.events.log import RealDisk, open_log, verify
from livetiming.events.log.verify import Status
from livetiming.network.names import LIST_ALL
from livetiming.services.relay.marks import read_mark, write_mark
from tests.network.made_log import AT, MadeLog
from tests.network.simulated import SimulatedRouter
from tests.services.relay.stage import IDS, URL, Far, Near, two_systems
from tests.services.stage import Stage, laps, seen


class Other:
    """A whole system as the other side of one."""

    def __init__(self, clock, router):
        self.clock, self.router = clock, router

    @property
    def now(self):
        return AT + round(self.clock.seconds() * 1000)


class Pair:
    """Two systems, each of which relays the other; a service of the first has a session."""

    def __init__(self, folder, *, dvr=True):
        self.clock = Clock()
        routers = [SimulatedRouter(self.clock, Random(n)) for n in (5, 6)]
        others = [Other(self.clock, router) for router in routers]
        for name in ("first", "second", "service"):
            (folder / name).mkdir()
        self.first = Near(folder / "first", others[1], router=routers[0], dvr=dvr)
        self.second = Near(folder / "second", others[0], router=routers[1], dvr=dvr, seed=3)
        self.session = IDS[3]
        self.service = Stage(folder / "service", router=routers[0], session=self.session)
        self.service.start()
        self.service.frame(seen(), laps(1))

    def wait(self, seconds):
        self.first.wait(seconds)

    def is_relayed_once(self):
        assert self.first.relay.sessions == []
        assert self.second.relay.sessions == [self.session]


def test_two_that_relay_each_other_stop_where_a_session_comes_from(tmp_path):
    pair = Pair(tmp_path)
    pair.first.until(lambda: pair.session in pair.second.listed())
    for _ in range(20):
        pair.wait(10)
        pair.is_relayed_once()
    pair.service.frame(laps(2))
    pair.wait(2)
    assert pair.second.lines(pair.session) == pair.service.lines()


def test_nor_do_they_keep_a_session_alive_whose_service_is_gone(tmp_path):
    pair = Pair(tmp_path)
    pair.first.until(lambda: pair.session in pair.second.listed())
    pair.wait(12)
    pair.service.service.restart()
    pair.service.connection.close()
    for _ in range(180):
        pair.wait(10)
        assert len(pair.first.remote.subscriptions) == 1  # its list
    pair.wait(300)
    assert len(pair.second.remote.subscriptions) == 1
    assert pair.session not in pair.second.listed()


def test_of_two_relays_of_one_session_one_stays(tmp_path):
    clock = Clock()
    far = Far(clock)
    router = SimulatedRouter(clock, Random(4))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    a = Near(tmp_path / "a", far, router=router, instance="a")
    b = Near(tmp_path / "b", far, router=router, instance="b", dvr=False, directory=False, seed=9)
    log = far.add(MadeLog(AT, IDS[0]).write_laps(5))
    a.until(lambda: IDS[0] in a.listed())
    a.wait(200)
    assert [len(each.relay.sessions) for each in (a, b)] in ([1, 0], [0, 1])
    far.laps(log, 3)
    a.wait(2)
    keeper = a if a.relay.sessions else b
    assert keeper.has(log)
    assert a.listener.events(log.session) == log.events(1)


def test_both_at_the_same_moment_too(tmp_path):
    clock = Clock()
    far = Far(clock)
    log = far.add(MadeLog(AT, IDS[0]).write_laps(5))
    router = SimulatedRouter(clock, Random(4))
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    a = Near(tmp_path / "a", far, router=router, instance="a", start=False)
    b = Near(
        tmp_path / "b", far, router=router, instance="b", dvr=False, directory=False, start=False
    )
    for near in (a, b):
        near.start()
    a.until(lambda: IDS[0] in a.listed())
    a.wait(200)
    assert a.relay.sessions == [IDS[0]]
    assert b.relay.sessions == []
    assert a.has(log)


@pytest.mark.parametrize("asked", [False, True])
def test_what_is_recorded_here_goes_on_only_where_it_is_asked_for(tmp_path, asked):
    far, near = two_systems(tmp_path)
    log = far.add(MadeLog(AT, IDS[0]).write_laps(30))
    near.serves(log)
    near.wait(5)
    near.relay.stop()
    near.wait(5)
    for path in near.state_dir.iterdir():
        path.unlink()
    if asked:
        near.wanted = near.wanted._replace(sessions=(log.session,))
    near.start()
    far.laps(log, 5)
    near.wait(120)
    assert near.has(log) is asked
    if asked:
        near.until(lambda: near.listener.events(log.session) == log.events(1))


def test_a_copy_that_came_from_elsewhere_is_not_gone_on_in(tmp_path):
    far, near = two_systems(tmp_path, dvr=False)
    log = far.add(MadeLog(AT, IDS[0]).write_laps(30))
    near.serves(log)
    near.relay.stop()
    near.wait(1)
    write_mark(RealDisk(), near.state_dir, log.session, "ws://elsewhere.example/ws")
    before = near.lines(log.session)
    far.laps(log, 5)
    near.start()
    near.wait(200)
    assert near.lines(log.session) == before
    assert near.relay.sessions == []


def test_marks_of_logs_that_are_gone_go_too(tmp_path):
    far, near = two_systems(tmp_path)
    near.relay.stop()
    log = MadeLog(AT, IDS[0])
    write_mark(RealDisk(), near.state_dir, IDS[0], URL)
    write_mark(RealDisk(), near.state_dir, IDS[1], "ws://elsewhere.example/ws")
    (near.state_dir / "no session.relayed").write_text("{}")
    near.start()
    near.wait(1)
    assert read_mark(RealDisk(), near.state_dir, IDS[0]) is None
    assert read_mark(RealDisk(), near.state_dir, IDS[1]) == "ws://elsewhere.example/ws"
    far.add(log)
    near.serves(log)
    assert read_mark(RealDisk(), near.state_dir, IDS[0]) == URL


def test_a_log_that_another_process_writes_is_left_to_it(tmp_path, said):
    far, near = two_systems(tmp_path, dvr=False)
    log = far.add(MadeLog(AT, IDS[0]).write_laps(30))
    near.serves(log)
    near.relay.stop()
    near.wait(40)
    held = RealDisk().lock(near.state_dir / f"{log.session}.lock")
    far.laps(log, 5)
    near.start()
    near.wait(4)
    assert len(near.remote.subscriptions) == 1
    assert next(level for level, text in said if "another process writes" in text) == "info"
    held.close()
    near.serves(log)
    assert verify(RealDisk(), near.state_dir / log.session).status is Status.WHOLE


def test_without_a_directory_it_is_listened_for_a_while_who_is_there(tmp_path):
    clock = Clock()
    far = Far(clock)
    near = Near(tmp_path, far, dvr=False, directory=False)
    log = far.add(MadeLog(AT, IDS[0]).write_laps(30))
    near.wait(9)
    assert far.asked == []
    near.until(lambda: near.has(log), 30)


def test_while_nobody_says_what_is_on_the_air_nothing_is_relayed(tmp_path):
    clock = Clock()
    far = Far(clock)
    near = Near(tmp_path, far, dvr=False, directory=False)
    near.router.connect("damaged").register(LIST_ALL, lambda: "{}")
    far.add(MadeLog(AT, SessionId(IDS[0])).write_laps(30))
    near.wait(100)
    assert far.asked == []


def test_an_older_announcement_of_our_own_delays_a_restart_and_no_more(tmp_path):
    far, near = two_systems(tmp_path)
    log = far.add(MadeLog(AT, IDS[0]).write_laps(30))
    near.serves(log)
    near.wait(5)
    near.relay.stop()
    near.wait(1)
    again = log.resumed(AT + 500).write_laps(5)
    far.go_on(again)
    lines = OwnLog(near.state_dir, log.session)
    lines.add(again.lines[log.next_seq :])
    near.wait(1)
    near.start()
    near.until(lambda: near.relay.sessions and len(near.remote.subscriptions) == 2, 20)
    near.until(lambda: near.listed()[log.session].writer == AT + 500)


class OwnLog:
    """A relay's log, to which lines are added that nobody has told of."""

    def __init__(self, folder, session):
        self.log = open_log(RealDisk(), folder, session).log

    def add(self, lines):
        for line in lines:
            self.log.append_line(line)
        while (group := self.log.take()) is not None:
            self.log.commit(group)
        self.log.close()
