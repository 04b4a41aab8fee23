"""Python's lists are read as Python reads them, and nothing in them is run."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livetiming.services import BadFrame
from livetiming.services.f1.literals import read_literal

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_python_writes_is_read_back(value):
    assert read_literal(repr(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        r"'don\'t'",
        '''"it's"''',
        r"""'say "no"'""",
        r"'\x41\u00e9\U0001f3ce\101\0'",
        r"'a\\nb\tc'",
        "'True, None'",
        "' NaN '",
    ],
)
def test_a_string_is_a_whole_whatever_is_in_it(text):
    assert read_literal(text) == ast.literal_eval(text)


@pytest.mark.parametrize("text", ["['a',]", "['a'", "{'a': b}", "('a',)", "f'a'", "'a' 'b'", "1_0"])
def test_what_is_more_than_lists_and_maps_is_refused(text):
    with pytest.raises(BadFrame):
        read_literal(text)
