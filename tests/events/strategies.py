"""Hypothesis strategies for pictures: clean ones, and such as a careless parser makes."""

from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from livetiming.events import Clock, Laps, Picture
from livetiming.events.model import MAX_INTEGER
from livetiming.racing import CarState, Flag, Mark
from tests.events.sessions import COLUMNS, IDS, TRACK

REPRODUCIBLE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

_FREE_COLUMNS = [column for column in COLUMNS if column != "state"]
_COUNTS = ["laps", "laps_remaining", "laps_total"]

integers = st.integers(-MAX_INTEGER, MAX_INTEGER)


def _tidy(value: float) -> int | float:
    rounded = round(value, 4)
    return int(rounded) if rounded.is_integer() else rounded


numbers = st.one_of(integers, st.floats(-999_999_999, 999_999_999, allow_nan=False).map(_tidy))
texts = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=20)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(bool)
)
plain = st.one_of(texts, numbers, st.builds(Laps, st.integers(1, MAX_INTEGER)))
cells = st.one_of(plain, st.tuples(plain, st.sampled_from(Mark)))
clocks = st.builds(Clock, integers, integers, st.booleans())
flags = st.sampled_from(list(Flag)).map(lambda flag: flag.value)
states = st.sampled_from(list(CarState)).map(lambda state: state.value)
ids = st.one_of(st.sampled_from(IDS), texts.map(lambda text: text[:32].strip()).filter(bool))

_car = st.one_of(
    st.dictionaries(st.sampled_from(_FREE_COLUMNS), cells, max_size=5),
    st.fixed_dictionaries({"state": states}),
)
_session = st.fixed_dictionaries(
    {},
    optional={
        "flag": flags,
        "elapsed": clocks,
        "remaining": clocks,
        "part": texts,
        **dict.fromkeys(_COUNTS, integers),
        **{field: st.one_of(texts, numbers) for field in TRACK},
    },
)


@st.composite
def pictures(draw, car=_car, session=_session):
    cars = draw(st.dictionaries(ids, car, max_size=5))
    order = draw(st.permutations(sorted(cars)))
    return Picture(cars=cars, order=list(order), session=draw(session))


junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=10),
    st.sampled_from(
        [float("nan"), float("inf"), -0.0, 21.0, 1e400, 2**53 + 1, 10**400, -(10**400), 1e308]
    ),
    st.sampled_from(["\ud800", "a\x00", "\u2028", " a ", "e\u0301", "\u0301", "\ufeff", b"x"]),
    st.builds(Laps, st.sampled_from([0, -1, True, 1.0, "1", 2**53])),
    st.builds(
        Clock, st.sampled_from([1.5, True, 2**53, "1"]), integers, st.sampled_from([True, 1])
    ),
)
nested = st.recursive(
    junk,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.tuples(inner, inner),
        st.tuples(inner, st.sampled_from(["pb", Mark.SB, "fast", None, 1])),
    ),
    max_leaves=6,
)
_unclean_car = st.dictionaries(st.sampled_from(COLUMNS), st.one_of(nested, cells), max_size=4)
_unclean_session = st.dictionaries(
    st.sampled_from(["flag", "elapsed", "remaining", *_COUNTS, "part", *TRACK]),
    st.one_of(nested, clocks, flags, numbers),
    max_size=4,
)


def unclean_pictures():
    return pictures(car=_unclean_car, session=_unclean_session)
