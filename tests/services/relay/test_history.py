"""What is taken of another side's lines, step by step."""

import pytest

from livetiming.network.wire import BadMessage, Lines
from livetiming.services.relay.history import CLASHES, Contradicted, Copy, Unfit
from tests.network.made_log import AT, SESSION, MadeLog


@pytest.fixture
def log():
    return MadeLog(AT).write_laps(30)


@pytest.fixture
def copy(log):
    copy = Copy(SESSION)
    copy.answered(log.events(1, 10))
    assert (copy.seq, copy.has_all, copy.lacks) == (10, False, False)
    return copy


def test_lines_that_follow_are_taken_once(log, copy):
    assert copy.hear(log.said(9, 4)) == log.lines[11:13]
    assert copy.hear(log.said(9, 4)) == []
    assert copy.seq == 12


def test_lines_behind_a_hole_wait_for_what_is_before_them(log, copy):
    assert copy.hear(log.said(14, 3)) == []
    assert copy.lacks
    assert copy.hear(log.said(11, 2)) == log.lines[11:13]
    assert copy.lacks
    assert copy.answered(log.events(13, 1)) == log.lines[13:17]
    assert not copy.lacks


def test_a_beacon_that_is_ahead_means_that_something_is_lacking(log, copy):
    assert copy.hear(log.beacon(seq=10)) == []
    assert not copy.lacks
    assert copy.hear(log.beacon()) == []
    assert copy.lacks
    copy.answered(log.events(11))
    assert (copy.seq, copy.has_all, copy.lacks) == (30 + 1, True, False)


def test_what_cannot_be_taken_now_is_lacking_later(log, copy):
    assert copy.hear(log.said(11, 2), takes=False) == []
    assert copy.lacks
    assert copy.seq == 10
    assert copy.answered(log.events(11, 2)) == log.lines[11:13]


def test_a_message_of_another_history_is_only_a_reason_to_ask(log, copy):
    other = log.resumed(AT + 5, seq=8).write_laps(5)
    assert copy.hear(other.said(9, 3)) == []
    assert copy.lacks
    assert copy.fits(other.beacon())  # that is ahead, and cannot be told
    assert not copy.fits(other.beacon(seq=10))
    assert copy.answered(log.events(11)) == log.lines[11:]
    assert not copy.lacks


def test_answers_of_another_history_in_a_row_are_told(log, copy):
    other = log.resumed(AT + 5, seq=8).write_laps(5)
    for _ in range(CLASHES - 1):
        assert copy.answered(other.events(11)) == []
    copy.answered(log.events(11, 1))
    for _ in range(CLASHES - 1):
        assert copy.answered(other.events(12)) == []
    with pytest.raises(Contradicted, match=r"another history \(writer 1781445600005, event 11\)"):
        copy.answered(other.events(12))
    assert copy.seq == 11


def test_a_shorter_log_of_the_same_history_is_no_contradiction(log, copy):
    shorter = MadeLog(AT).write_laps(3)
    for _ in range(10):
        assert copy.answered(shorter.events(11)) == []
    assert copy.answered(log.events(11)) == log.lines[11:]


def test_lines_of_another_session_are_none(log, copy):
    other = MadeLog(AT, type(SESSION)("0" * 31 + "1"))
    with pytest.raises(BadMessage, match="describes session"):
        Copy(SESSION).answered(other.events(1))


def test_a_line_that_goes_back_in_time_does_not_follow(log, copy):
    line = log.lines[11].replace(str(AT).encode(), b"5", 1)
    with pytest.raises(Unfit, match="event 11 does not follow: event 11 is of 5, before"):
        copy.hear(Lines(AT, 11, log.chains[10], (line,)))
    assert copy.seq == 10


def test_a_copy_goes_on_from_what_is_on_disk(log, copy):
    again = Copy(SESSION, copy.state, copy._proof.place, b"".join(log.chains[1:11]))
    assert again.hear(log.said(4, 3)) == []
    assert again.hear(log.said(11, 3)) == log.lines[11:14]
