"""Cutting a stream whose frames say their lengths."""

from itertools import pairwise
from random import Random

import pytest

from livetiming.errors import FeedError
from livetiming.services.transports import LengthSplitter

BODIES = [b"one", b"", b"a longer body", b"\x00\xff\n" * 100, b"last"]


def digits(header):
    return int(header)


def numbered(body):
    return b"%010d" % len(body) + body


def marked(header):
    if header[:3] != b"!@#":
        raise ValueError("no !@# at its beginning")
    return int(header[3:8])


def bodies(splitter, *pieces):
    return [body for piece in pieces for body in splitter.feed(piece)]


def in_pieces(data, dice):
    cuts = sorted(dice.randrange(len(data) + 1) for _ in range(dice.randrange(40)))
    return [data[a:b] for a, b in pairwise([0, *cuts, len(data)])]


def test_bodies_may_arrive_in_any_pieces():
    data = b"".join(map(numbered, BODIES))
    for seed in range(50):
        pieces = in_pieces(data + b"0000000004res", Random(seed))
        assert bodies(LengthSplitter(10, digits), *pieces) == BODIES


def test_a_body_is_given_once_its_end_is_there():
    splitter = LengthSplitter(10, digits)
    assert bodies(splitter, b"0000000", b"003", b"on") == []
    assert bodies(splitter, b"e") == [b"one"]


def test_a_header_that_says_more_than_a_length_is_given_too():
    data = b"!@#00003==one!@#00002+=tw!@#00001==o"
    for seed in range(20):
        splitter = LengthSplitter(10, marked, with_header=True)
        found = bodies(splitter, *in_pieces(data, Random(seed)))
        assert found == [b"!@#00003==one", b"!@#00002+=tw", b"!@#00001==o"]


GARBAGE = {
    b"HTTP/1.1 4": "expected a header, got b'HTTP/1.1 4': ",
    b"-000000001": "expected a body of at most 1000 bytes, got b'-000000001'",
    b"0000001001": "expected a body of at most 1000 bytes, got b'0000001001'",
    b"9999999999": "expected a body of at most 1000 bytes, got b'9999999999'",
    b"\xff" * 10: "expected a header, got ",
}


@pytest.mark.parametrize("header", GARBAGE)
def test_a_header_that_is_none_ends_the_stream_after_what_came_before(header):
    splitter = LengthSplitter(10, digits, max_body=1000)
    found = []

    def read():
        for piece in (numbered(b"one"), numbered(b"two") + header + numbered(b"three")):
            found.extend(splitter.feed(piece))

    with pytest.raises(FeedError) as caught:
        read()
    assert found == [b"one", b"two"]
    assert str(caught.value).startswith(GARBAGE[header])


def test_a_body_of_the_greatest_length_is_whole():
    splitter = LengthSplitter(10, digits, max_body=1000)
    assert bodies(splitter, numbered(b"x" * 1000)) == [b"x" * 1000]


def test_a_stream_takes_no_more_memory_than_its_longest_frame():
    splitter = LengthSplitter(10, digits, max_body=1000)
    for _ in range(2000):
        bodies(splitter, numbered(b"x" * 900)[:455], numbered(b"x" * 900)[455:])
    assert len(splitter._rest) == 0
