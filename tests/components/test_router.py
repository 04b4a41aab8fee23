import signal
from types import SimpleNamespace

import pytest
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ProcessDone, ProcessTerminated
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from livetiming.components.router import FUTILE, POLL_S, START_S, STOP_S, Outside, Router

URL = "http://127.0.0.1:8080/"


class Stage:
    """A router whose Crossbars live in a list."""

    def __init__(self):
        self.clock = Clock()
        self.born = []
        self.killed = []
        self.told = []
        self.answer = lambda: succeed(False)
        outside = Outside(
            reactor=self.clock,
            spawn=self.spawn,
            kill=self.killed.append,
            healthy=lambda: self.answer(),
            tell=self.told.append,
        )
        self.router = Router(outside, URL)
        self.over = []
        self.router.start().addCallback(self.over.append)

    def spawn(self, protocol):
        signals = []
        crossbar = SimpleNamespace(
            pid=1000 + len(self.born),
            protocol=protocol,
            signals=signals,
            signalProcess=signals.append,
        )
        self.born.append(crossbar)
        return crossbar

    def healthy(self, answer=True):
        self.answer = lambda: succeed(answer)
        return self

    def pass_s(self, seconds):
        self.clock.pump([POLL_S] * round(seconds / POLL_S))
        return self

    def say(self, text):
        self.born[-1].protocol.childDataReceived(2, text)

    def die(self, end=None):
        end = end or ProcessTerminated(signal=signal.SIGKILL)
        self.born[-1].protocol.processEnded(Failure(end))
        return self

    def waits(self, count):
        """The seconds between so many deaths and births, each death at once after its birth."""
        waits = []
        for _ in range(count):
            self.die()
            (birth,) = self.clock.getDelayedCalls()
            waits.append(round(birth.getTime() - self.clock.seconds(), 3))
            self.clock.advance(waits[-1] + 0.001)
        return waits


@pytest.fixture
def stage():
    return Stage()


def test_it_says_where_it_listens_once_crossbar_answers(stage):
    stage.pass_s(1)
    assert stage.told == []
    stage.healthy().pass_s(1)
    assert stage.told == [f"listening on {URL}"]


def test_a_crossbar_that_dies_is_started_again(stage):
    stage.healthy().pass_s(1).die()
    assert stage.told[1] == "Crossbar was killed by SIGKILL; again in 0.2 s"
    stage.pass_s(1)
    assert len(stage.born) == 2
    assert stage.told[2] == f"listening on {URL}"


def test_what_it_said_last_is_told(stage):
    stage.say(b"one\ntwo\nthr")
    stage.say(b"ee")
    stage.die(ProcessTerminated(status=1))
    assert stage.told[-1].endswith("; it said: one / two / three")


def test_the_wait_doubles_up_to_five_seconds(stage):
    assert stage.waits(8) == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0]


def test_the_wait_is_short_again_after_a_minute_without_a_death(stage):
    stage.waits(6)
    stage.healthy().pass_s(59)
    assert stage.waits(1) == [5.0]
    stage.pass_s(61)
    assert stage.waits(2) == [0.2, 0.4]


def test_ten_deaths_without_an_answer_between_them_are_the_end(stage):
    stage.waits(FUTILE - 1)
    assert stage.over == []
    stage.die()
    assert stage.over == [False]
    assert "10 times now; giving up" in stage.told[-1]
    stage.pass_s(60)
    assert len(stage.born) == FUTILE


def test_an_answer_between_them_is_hope(stage):
    stage.waits(FUTILE - 1)
    stage.healthy().pass_s(1).healthy(False)
    stage.waits(FUTILE - 1)
    assert stage.over == []


def test_one_that_never_answers_is_killed_and_started_again(stage):
    stage.pass_s(START_S + 1)
    assert stage.born[0].signals == ["KILL"]
    assert stage.killed == [1000]
    stage.die().pass_s(1)
    assert len(stage.born) == 2
    assert "did not answer within 120 s" in stage.told[-1]


def test_what_a_dead_one_leaves_behind_is_killed_before_another_is_born(stage):
    stage.die()
    assert stage.killed == [1000]
    assert len(stage.born) == 1


def test_an_answer_about_a_dead_one_counts_for_nothing(stage):
    late = Deferred()
    stage.answer = lambda: late
    stage.pass_s(0.1).healthy(False)
    stage.die().pass_s(0.3)
    late.callback(True)
    assert [line for line in stage.told if "listening" in line] == []


def test_a_question_that_fails_is_asked_again(stage):
    stage.answer = lambda: fail(ConnectionRefusedError())
    stage.pass_s(0.1)
    stage.healthy().pass_s(1)
    assert stage.told == [f"listening on {URL}"]


def test_stopping_asks_crossbar_to_end_and_is_over_when_it_has(stage):
    stage.healthy().pass_s(1)
    stage.router.stop()
    assert (stage.born[0].signals, stage.over) == (["TERM"], [])
    stage.die(ProcessDone(0))
    assert stage.over == [True]
    stage.pass_s(60)
    assert (len(stage.born), stage.clock.getDelayedCalls()) == (1, [])


def test_stopping_between_a_death_and_a_birth_is_over_at_once(stage):
    stage.die()
    stage.router.stop()
    assert stage.over == [True]
    stage.pass_s(60)
    assert len(stage.born) == 1


def test_one_that_has_not_answered_yet_is_killed_at_once(stage):
    stage.router.stop()
    assert (stage.born[0].signals, stage.killed) == (["KILL"], [1000])
    stage.die()
    assert stage.over == [True]


def test_one_that_does_not_end_when_asked_is_killed(stage):
    stage.healthy().pass_s(1)
    stage.router.stop()
    stage.pass_s(STOP_S + 1)
    assert stage.born[0].signals == ["TERM", "KILL"]
    stage.die()
    assert stage.over == [True]


def test_stopping_twice_is_stopping_once(stage):
    stage.healthy().pass_s(1)
    stage.router.stop()
    stage.router.stop()
    assert stage.born[0].signals == ["TERM"]
    stage.die()
    stage.router.stop()
    assert stage.over == [True]
