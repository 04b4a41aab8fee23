"""Bodies that are counted while they come."""

import gzip
from random import Random

import pytest

from livetiming.errors import FeedError
from livetiming.services.transports.bounded_body import BoundedBody

NOISE = Random(1).randbytes(2000)


def whole(data, *, limit=1000, encoding="", piece=7):
    body = BoundedBody(limit, encoding)
    for n in range(0, len(data), piece):
        body.take(data[n : n + piece])
    return body.whole()


@pytest.mark.parametrize("piece", [1, 7, 5000])
def test_a_body_may_come_in_any_pieces(piece):
    assert whole(NOISE[:1000], piece=piece) == NOISE[:1000]
    packed = gzip.compress(b"x" * 1000)
    assert whole(packed, encoding="gzip", piece=piece) == b"x" * 1000
    assert whole(packed, encoding="x-gzip", piece=piece) == b"x" * 1000


def test_no_body_at_all_is_empty_however_it_is_packed():
    assert whole(b"") == whole(b"", encoding="gzip") == b""


TOO_LONG = {
    "plain": (NOISE[:1001], ""),
    "packed to less": (gzip.compress(b"x" * 1001), "gzip"),
    "packed to more": (gzip.compress(NOISE[:1000]), "gzip"),
}


@pytest.mark.parametrize("form", TOO_LONG)
@pytest.mark.parametrize("piece", [1, 7, 5000])
def test_a_body_of_one_byte_too_many_is_refused(form, piece):
    data, encoding = TOO_LONG[form]
    with pytest.raises(FeedError, match="the body has more than 1000 bytes"):
        whole(data, encoding=encoding, piece=piece)


def test_every_cut_of_what_is_packed_is_noticed():
    packed = gzip.compress(b"a body " * 20)
    for end in range(1, len(packed)):
        with pytest.raises(FeedError, match="the end of the gzip is missing"):
            whole(packed[:end], encoding="gzip")
