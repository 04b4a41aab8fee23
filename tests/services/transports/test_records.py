"""Records in a stream of messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livetiming.services.transports.conversation import Breach
from livetiming.services.transports.records import RecordSplitter


@given(st.lists(st.text("ab{}\n", max_size=9)), st.lists(st.integers(0, 60)))
def test_records_are_the_same_however_they_are_spread(records, cuts):
    text = "".join(f"{record}\x1e" for record in records)
    places = sorted(min(cut, len(text)) for cut in cuts)
    pieces = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    splitter = RecordSplitter("\x1e", 9)
    assert [record for piece in pieces for record in splitter.feed(piece)] == records


def test_a_record_may_be_as_long_as_the_limit_and_no_longer():
    splitter = RecordSplitter("\x1e", 4)
    assert list(splitter.feed("1234\x1e1234\x1e12")) == ["1234", "1234"]
    with pytest.raises(Breach):
        list(splitter.feed("345"))
