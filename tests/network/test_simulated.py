"""The router in memory keeps what WAMP promises, and breaks what it does not."""

from random import Random

import pytest
from twisted.internet.task import Clock

from livetiming.network.connection import CallFailed
from livetiming.network.names import NO_SUCH_PROCEDURE, NOT_JOINED, TIMEOUT
from tests.network.simulated import CANCELED, SimulatedRouter


class Scene:
    def __init__(self):
        self.clock = Clock()
        self.router = SimulatedRouter(self.clock, Random(1))
        self.callee = self.router.connect("callee")
        self.caller = self.router.connect("caller")
        self.results = []

    def wait(self, seconds):
        for _ in range(round(seconds * 100)):
            self.clock.advance(0.01)

    def call(self, wait_s=0.2):
        self.caller.call("f", 1).addBoth(self.results.append)
        self.wait(wait_s)

    @property
    def result(self):
        result = self.results[-1]
        if isinstance(result, str):
            return result
        result.trap(CallFailed)
        return result.value.error


@pytest.fixture
def scene():
    return Scene()


def test_a_half_open_callee_leaves_its_caller_waiting_until_the_router_notices(scene):
    scene.callee.register("f", lambda _: "callee")
    scene.wait(0.1)
    scene.callee.swallow()
    scene.call(6)
    assert scene.result == TIMEOUT
    assert scene.callee.joined or len(scene.router.sessions) == 2
    scene.wait(10)
    assert not scene.callee.joined
    scene.call()
    assert scene.result == NO_SUCH_PROCEDURE
    scene.callee.heal()
    scene.wait(0.2)
    scene.call()
    assert scene.result == "callee"


def test_a_call_under_way_is_cancelled_when_its_callee_dies(scene):
    scene.callee.register("f", lambda _: "callee")
    scene.wait(0.1)
    scene.caller.call("f", 1).addBoth(scene.results.append)
    while not scene.callee.session.asked:
        scene.clock.advance(0.001)
    scene.callee.close()
    scene.wait(0.2)
    assert scene.result == CANCELED


def test_a_call_fails_when_its_own_connection_goes(scene):
    scene.callee.register("f", lambda _: "callee")
    scene.wait(0.1)
    scene.caller.call("f", 1).addBoth(scene.results.append)
    scene.caller.drop()
    assert scene.result == NOT_JOINED


def test_a_name_that_a_dead_connection_still_holds_is_had_when_the_router_notices(scene):
    scene.callee.register("f", lambda _: "old")
    scene.wait(0.1)
    scene.callee.swallow()
    other = scene.router.connect("other")
    other.register("f", lambda _: "new")
    scene.wait(18)
    scene.call()
    assert scene.result == "new"


def test_the_newest_of_those_who_share_a_name_answers(scene):
    scene.callee.register("f", lambda _: "old", shared=True)
    scene.wait(0.1)
    other = scene.router.connect("other")
    other.register("f", lambda _: "new", shared=True)
    scene.wait(0.1)
    scene.call()
    assert scene.result == "new"
    other.close()
    scene.call()
    assert scene.result == "old"


def test_messages_overtake_each_other_unless_order_is_kept(scene):
    def heard(ordered):
        scene.router.ordered = ordered
        found = []
        kept = scene.callee.subscribe("t", found.append)
        scene.wait(0.1)
        for number in range(50):
            scene.caller.publish("t", number)
        scene.wait(0.5)
        kept.stop()
        assert sorted(found) == list(range(50))
        return found

    assert heard(ordered=True) == list(range(50))
    assert heard(ordered=False) != list(range(50))


def test_what_gets_lost_is_never_heard_of(scene):
    scene.router.lost = scene.router.lost_legs = 1.0
    found = []
    scene.callee.subscribe("t", found.append)
    scene.callee.register("f", lambda _: "callee")
    scene.wait(0.1)
    scene.caller.publish("t", 1)
    scene.call(5.1)
    assert found == []
    assert scene.result == TIMEOUT
