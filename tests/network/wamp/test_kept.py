"""What was refused is asked for again."""

import pytest
from twisted.internet.task import Clock

from livetiming.network.connection import CallFailed
from livetiming.network.wamp.errors import PROCEDURE_EXISTS
from livetiming.network.wamp.kept import OCCUPIED_S, REFUSED_S, KeptAnew

REFUSED = "wamp.error.not_authorized"


class Asked:
    """A session's side of it."""

    def __init__(self, made):
        self.made = made
        self.stopped = False

    def stop(self):
        self.stopped = True


class Stand:
    def __init__(self):
        self.clock = Clock()
        self.asked = []
        self.ready = []
        self.forgotten = []
        self.kept = KeptAnew(
            self.clock, "name", self._ask, lambda: self.ready.append(1), self.forgotten.append
        )

    def _ask(self, session, made):
        self.asked.append(Asked(made))
        return self.asked[-1]

    def answer(self, error=None):
        self.asked[-1].made(CallFailed(error) if error else None)


@pytest.fixture
def stand():
    stand = Stand()
    stand.kept.make(object())
    return stand


@pytest.mark.parametrize(
    ("error", "wait_s"), [(PROCEDURE_EXISTS, OCCUPIED_S), (REFUSED, REFUSED_S)]
)
def test_until_it_is_made(stand, error, wait_s):
    for tries in range(1, 4):
        stand.answer(error)
        stand.clock.advance(wait_s - 0.01)
        assert len(stand.asked) == tries
        stand.clock.advance(0.02)
        assert len(stand.asked) == tries + 1
    stand.answer()
    assert stand.ready == [1]
    stand.clock.advance(60)
    assert len(stand.asked) == 4


def test_not_after_it_was_stopped(stand):
    stand.answer(REFUSED)
    stand.kept.stop()
    stand.kept.stop()
    stand.clock.advance(60)
    assert (len(stand.asked), stand.forgotten) == (1, [stand.kept])


def test_not_of_a_session_that_is_over(stand):
    stand.answer(REFUSED)
    stand.kept.lose()
    stand.clock.advance(60)
    assert len(stand.asked) == 1


def test_nobody_is_told_of_what_was_stopped_while_it_was_asked_for(stand):
    stand.kept.stop()
    stand.answer()
    assert (stand.ready, stand.asked[0].stopped) == ([], True)
