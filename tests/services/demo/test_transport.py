"""The transport of the demo, on a clock that only moves when told to."""

import json

import pytest
from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.internet.task import Clock

from livetiming.services import Frame
from livetiming.services.demo import PLUGIN
from livetiming.services.demo.options import DemoOptions
from livetiming.services.demo.protocol import DemoParser

START_S = 1_781_445_600


class Listener:
    """Runs a transport and keeps what it delivers, with its instant."""

    def __init__(self, now_s=START_S, **options):
        self.clock = Clock()
        self.clock.advance(now_s)
        self.frames = []
        transport = PLUGIN.transport(DemoOptions(**{"cars": 6, "lap_s": 20, **options}))
        self.running = ensureDeferred(transport.run(self.clock, self._deliver))

    def _deliver(self, channel, data):
        assert channel == ""
        self.frames.append((self.clock.seconds(), data))

    def advance(self, seconds, step=0.5):
        for _ in range(round(seconds / step)):
            self.clock.advance(step)

    def kinds(self):
        return [json.loads(data)["kind"] for _, data in self.frames]

    def picture(self):
        parser = DemoParser()
        for at, data in self.frames:
            list(parser.receive(Frame(round(at * 1000), "", data)))
        return parser.picture()


def test_the_whole_table_comes_at_once_and_news_each_half_second():
    listener = Listener()
    assert [at for at, _ in listener.frames] == [START_S]
    listener.advance(3)
    assert [at - START_S for at, _ in listener.frames] == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    assert listener.kinds() == ["race"] + ["beat"] * 6


def test_frames_that_are_late_are_made_up_for_in_order():
    punctual, late = Listener(), Listener()
    punctual.advance(10)
    late.clock.advance(9.7)
    late.clock.pump([0.0] * 30)
    late.advance(0.3, 0.3)
    assert [data for _, data in late.frames] == [data for _, data in punctual.frames]


def test_the_transport_returns_when_the_race_is_over():
    listener = Listener(duration_s=60)
    listener.advance(60)
    assert not listener.running.called
    listener.advance(120)
    assert listener.running.called
    assert listener.kinds()[-1] == "end"
    assert listener.clock.getDelayedCalls() == []


def test_pace_makes_the_race_pass_sooner():
    listener = Listener(duration_s=600, pace=20)
    listener.advance(36)
    assert listener.running.called
    assert len(listener.frames) < 80


def test_a_process_that_starts_later_joins_the_race_where_it_is():
    there = Listener(start_at=START_S)
    there.advance(1500)
    late = Listener(now_s=START_S + 1500, start_at=START_S)
    late.clock.pump([0] * 10)
    assert len(late.frames) == 1
    assert late.picture() == there.picture()
    there.advance(60)
    late.advance(60)
    assert late.picture() == there.picture()


def test_a_race_that_begins_later_shows_its_grid_and_waits():
    listener = Listener(now_s=START_S - 10, start_at=START_S)
    listener.advance(10)
    assert listener.kinds() == ["race"]
    listener.advance(1)
    assert listener.kinds() == ["race", "beat", "beat"]


def test_a_race_that_is_over_is_shown_and_ended_at_once():
    listener = Listener(now_s=START_S + 90_000, start_at=START_S, duration_s=60)
    listener.clock.pump([0] * 3)
    assert listener.kinds() == ["race", "end"]
    assert listener.running.called


def test_a_transport_that_is_run_again_goes_on_in_the_same_race():
    clock = Clock()
    clock.advance(START_S)
    transport = PLUGIN.transport(DemoOptions())
    keys = []

    def deliver(_channel, data):
        keys.append(json.loads(data).get("key"))

    for _ in range(2):
        running = ensureDeferred(transport.run(clock, deliver))
        clock.pump([0.5] * 3)
        running.cancel()
        running.addErrback(lambda failure: failure.trap(CancelledError))
    started = [key for key in keys if key]
    assert len(started) == 2
    assert len(set(started)) == 1


def test_a_cancelled_transport_leaves_nothing_behind():
    listener = Listener()
    assert isinstance(listener.running, Deferred)
    listener.running.cancel()
    with pytest.raises(CancelledError):
        listener.running.result.raiseException()
    listener.running.addErrback(lambda _: None)
    assert listener.clock.getDelayedCalls() == []
