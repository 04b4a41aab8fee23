"""The worked example of the log format, byte for byte."""

import pytest

from livetiming.events import State, apply, decode, encode, state_hash
from tests import six_lines


@pytest.mark.parametrize("line", six_lines.LINES)
def test_a_line_is_written_as_it_was_read(line):
    assert encode(decode(line)) == line


def test_lines_have_their_documented_sizes():
    assert [len(line) for line in six_lines.LINES] == six_lines.SIZES


def test_the_state_after_each_line_has_its_documented_hash():
    state = State()
    hashes = [state_hash(apply(state, decode(line))) for line in six_lines.LINES]
    assert hashes == six_lines.HASHES
