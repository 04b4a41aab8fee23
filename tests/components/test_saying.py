import signal

import pytest
from twisted.internet.error import ProcessDone, ProcessTerminated
from twisted.python.failure import Failure

from livetiming.components.saying import Saying


def hear(*chunks, end=None, fd=2):
    lines, deaths = [], []
    saying = Saying(lines.append, deaths.append)
    for chunk in chunks:
        saying.childDataReceived(fd, chunk)
    if end is not None:
        saying.processEnded(Failure(end))
    return lines, deaths


def test_lines_come_whole_however_they_are_cut():
    assert hear(b"on", b"e\ntw", b"o\n\n", b"three\n")[0] == ["one", "two", "three"]


def test_the_instant_that_crossbar_writes_goes_and_so_does_a_line_of_nothing_else():
    head = b"2026-11-24T14:48:48+0000 [Controller  12769]"
    assert hear(head + b" words [Router 1]\n", head + b"\n")[0] == ["words [Router 1]"]


def test_the_last_line_needs_no_end():
    assert hear(b"one\ntwo", end=ProcessDone(0)) == (["one", "two"], ["ended with exit code 0"])


def test_a_line_without_end_is_not_kept_whole():
    lines, _ = hear(*[b"x" * 1000] * 1000, b"\nnext\n")
    assert len(lines[0]) <= 5000
    assert lines[1:] == ["next"]


def test_what_is_no_text_is_shown_as_it_can_be():
    assert hear(b"\xff\xfe\n")[0] == ["\ufffd\ufffd"]


@pytest.mark.parametrize(
    ("end", "how"),
    [
        (ProcessDone(0), "ended with exit code 0"),
        (ProcessTerminated(exitCode=3), "ended with exit code 3"),
        (ProcessTerminated(signal=signal.SIGSEGV), "was killed by SIGSEGV"),
    ],
)
def test_how_it_ended_is_said(end, how):
    assert hear(end=end)[1] == [how]


def test_a_signature_that_would_have_been_right_is_not_passed_on():
    said = b"authenticate: signature is invalid (expected abc= but got def=)\n"
    assert hear(said)[0] == ["authenticate: signature is invalid (\u2026)"]
