"""Captures played at their pace, or N times that."""

import pytest
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import Clock

from livetiming.errors import BadCapture
from livetiming.services import Frame
from livetiming.services.demo import PLUGIN
from livetiming.services.demo.options import DemoOptions
from livetiming.services.demo.plan import Plan
from livetiming.services.host import Ended
from livetiming.services.terms import Terms
from livetiming.services.transports.playback import Playback
from tests.services.demo import races
from tests.services.stage import Stage, as_table, last

SHORT = Plan(seed=4, cars=5, duration_s=120, lap_s=20)


class Player:
    def __init__(self, frames, speed=1.0, clock=None):
        self.clock = clock or Clock()
        self.heard = []
        playback = Playback(frames, speed)
        self.running = ensureDeferred(playback.run(self.clock, self._deliver))

    def _deliver(self, channel, data):
        self.heard.append((round(self.clock.seconds(), 3), data))

    def advance(self, seconds):
        for _ in range(round(seconds / 0.01)):
            self.clock.advance(0.01)
        return self


def frames(*ats):
    return [Frame(at, "", str(n)) for n, at in enumerate(ats)]


@pytest.mark.parametrize("speed", [0.5, 1, 4, 60])
def test_frames_come_in_their_own_time_or_so_many_times_that(speed):
    player = Player(frames(5000, 5000, 6000, 9000), speed).advance(10)
    wanted = [0, 0, 1 / speed, 4 / speed]
    assert [at for at, _ in player.heard] == pytest.approx(wanted, abs=0.02)
    assert player.running.called


def test_frames_whose_time_went_back_come_at_once():
    player = Player(frames(5000, 7000, 6000, 8000)).advance(5)
    assert [at for at, _ in player.heard] == pytest.approx([0, 2, 2, 3], abs=0.02)


def test_a_capture_of_no_frames_is_over_at_once():
    assert Player([]).running.called


def test_many_frames_at_once_leave_the_reactor_its_turn():
    player = Player(frames(*[0] * 2000))
    assert len(player.heard) < 2000
    player.advance(0.2)
    assert len(player.heard) == 2000


def test_a_capture_that_cannot_be_read_further_fails():
    def broken():
        yield Frame(0, "", "x")
        raise BadCapture("x: line 3")

    player = Player(broken()).advance(0.1)
    error = player.running.addErrback(lambda failure: failure.value).result
    assert isinstance(error, BadCapture)


def played(folder, speed):
    """The states that a viewer sees when the capture of a demo is played."""
    folder.mkdir()
    parser = PLUGIN.parser(DemoOptions())
    stage = Stage(
        folder,
        parser=parser,
        feed=Playback(races.frames(SHORT), speed),
        terms=Terms(class_="demo", rate=speed),
    ).start()
    while stage.code is None:
        stage.time.advance(0.01)
    return stage


def test_a_capture_of_the_demo_played_at_any_speed_ends_in_the_same_state(tmp_path):
    stages = [played(tmp_path / str(speed), speed) for speed in (1, 7, 60)]
    states = [last(stage.folder / stage.sessions()[0]).state for stage in stages]
    assert {stage.code for stage in stages} == {Ended.WELL}
    assert {state.closed.reason for state in states} == {"finished"}
    cars = [[state.cars, state.order, len(state.messages)] for state in states]
    assert cars[0] == cars[1] == cars[2]
    spans = [stage.events()[-1].at - stage.events()[0].at for stage in stages]
    assert spans == pytest.approx([spans[0]] * 3, abs=3000)


def test_a_capture_played_at_its_own_pace_shows_every_picture_that_was_live(tmp_path):
    stage = played(tmp_path / "x", 1)
    live = [as_table(picture) for picture in races.pictures(SHORT)]
    shown = _tables(stage)
    rest = iter(live)
    assert all(any(table == each for each in rest) for table in shown)
    assert shown[-1] == live[-1]


def _tables(stage):
    """The board after each change, without clocks, which are steadied."""
    from livetiming.events import Changed
    from livetiming.events.log import RealDisk, open_reader

    tables = []
    with open_reader(RealDisk(), stage.folder / stage.sessions()[0]) as reader:
        folded = reader.start()
        for _, event in reader.events(folded):
            if isinstance(event.payload, Changed):
                tables.append(as_table(folded.state))
    return tables


def test_a_capture_whose_reader_breaks_ends_the_service_badly(tmp_path):
    def broken():
        yield from frames(1000, 1000)
        raise ZeroDivisionError("x")

    stage = Stage(tmp_path, feed=Playback(broken())).start()
    stage.parser.steps.extend([[], []])
    stage.advance(5)
    assert stage.code is Ended.BADLY
