"""A viewer over a connection: what it asks for, and what becomes of it."""

from random import Random

import pytest
from twisted.internet.task import Clock

from livetiming.network.follow import Follower, Sight
from livetiming.network.names import events_procedure, events_topic, snapshot_procedure
from livetiming.network.viewer import Viewer
from livetiming.network.wire import write_answer, write_beacon, write_lines, write_snapshot_answer
from tests.network.made_log import SESSION, MadeLog
from tests.network.simulated import SimulatedRouter


class Scene:
    """A service that answers for a made log, and a viewer of it."""

    def __init__(self):
        self.clock = Clock()
        self.router = SimulatedRouter(self.clock, Random(1))
        self.log = MadeLog()
        self.service = self.router.connect("service")
        self.service.register(
            snapshot_procedure(SESSION), lambda _: write_snapshot_answer(self.log.snapshot())
        )
        self.service.register(
            events_procedure(SESSION), lambda *asked: write_answer(self.log.events(*asked))
        )
        self.connection = self.router.connect("viewer")
        self.follower = Follower(SESSION, Random(2).random)
        self.viewer = Viewer(self.clock, self.connection, SESSION, self.follower)

    def wait(self, seconds):
        for _ in range(round(seconds * 20)):
            self.clock.advance(0.05)

    def say(self, args):
        self.service.publish(events_topic(SESSION), *args)

    def asked(self):
        return [name.rpartition(".")[2] for _, name, _ in self.router.calls]

    def has_all(self):
        return self.follower.chain == self.log.chains[-1]


@pytest.fixture
def scene():
    return Scene()


def test_a_viewer_subscribes_then_asks_once(scene):
    scene.log.write_laps(3)
    scene.viewer.start()
    scene.wait(1)
    assert scene.asked() == ["snapshot"]
    assert scene.has_all()


def test_a_viewer_asks_for_what_a_beacon_says_it_lacks(scene):
    scene.viewer.start()
    scene.wait(1)
    scene.log.write_laps(2)
    scene.say(write_beacon(scene.log.beacon()))
    scene.wait(2)
    assert scene.asked() == ["snapshot", "events"]
    assert scene.has_all()


def test_a_viewer_drops_what_is_no_message_and_goes_on(scene):
    scene.viewer.start()
    scene.wait(1)
    scene.say(("nonsense",))
    scene.log.write_laps(1)
    scene.say(write_lines(scene.log.said(scene.log.next_seq - 1)))
    scene.wait(1)
    assert scene.has_all()


def test_a_viewer_that_is_thrown_off_asks_again_when_it_is_back(scene):
    scene.viewer.start()
    scene.wait(1)
    scene.router.kill()
    scene.log.write_laps(1)
    scene.wait(1)
    scene.router.restart()
    scene.wait(2)
    assert scene.asked() == ["snapshot", "events"]
    assert scene.has_all()


def test_a_viewer_that_was_stopped_hears_and_asks_no_more(scene):
    scene.viewer.start()
    scene.wait(1)
    scene.viewer.stop()
    scene.log.write_laps(1)
    scene.say(write_lines(scene.log.said(scene.log.next_seq - 1)))
    scene.wait(60)
    assert scene.asked() == ["snapshot"]
    assert not scene.has_all()
    assert scene.follower.sight(scene.clock.seconds()) is Sight.STALE
    assert not scene.clock.getDelayedCalls()
