"""Cutting a stream into lines."""

from itertools import pairwise
from random import Random

import pytest

from livetiming.services.transports.lines import LineSplitter


def lines(*pieces, **options):
    splitter = LineSplitter(**options)
    return [line for piece in pieces for line in splitter.feed(piece)]


def test_lines_may_arrive_in_any_pieces():
    text = b"one\ntwo\r\n\nthree \xff\n" * 20 + b"rest"
    wanted = [b"one", b"two\r", b"", b"three \xff"] * 20
    for seed in range(50):
        dice = Random(seed)
        cuts = sorted(dice.randrange(len(text) + 1) for _ in range(dice.randrange(30)))
        pieces = [text[a:b] for a, b in pairwise([0, *cuts, len(text)])]
        assert lines(*pieces) == wanted


def test_a_line_is_given_once_its_end_is_there():
    assert lines(b"on", b"e") == []
    assert lines(b"on", b"e\n") == [b"one"]


@pytest.mark.parametrize("size", [11, 25, 1000])
@pytest.mark.parametrize("piece", [1, 3, 7, 2000])
def test_of_a_line_that_is_too_long_the_rest_is_dropped(size, piece):
    text = b"ok\n" + b"x" * size + b"\nnext\n"
    pieces = [text[n : n + piece] for n in range(0, len(text), piece)]
    assert lines(*pieces, max_line=10) == [b"ok", b"x" * 10, b"next"]


def test_a_line_of_the_greatest_length_is_whole():
    assert lines(b"x" * 10, b"\ny\n", max_line=10) == [b"x" * 10, b"y"]


@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_other_ends_of_lines_may_be_cut_in_two(piece):
    text = b"one\r\ntwo\rstill two\r\n" + b"x" * 30 + b"\r\nthree\r\n"
    pieces = [text[n : n + piece] for n in range(0, len(text), piece)]
    wanted = [b"one", b"two\rstill two", b"x" * 20, b"three"]
    assert lines(*pieces, delimiter=b"\r\n", max_line=20) == wanted


def test_garbage_without_any_end_takes_no_memory():
    splitter = LineSplitter(max_line=1000)
    given = [line for _ in range(1000) for line in splitter.feed(b"\x00" * 1000)]
    assert len(given) == 1
    assert len(splitter._rest) <= 1000
