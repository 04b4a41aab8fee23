"""Reliability row 11: `apply(diff(a, b), a)` is `b`, to the type; saying it twice says nothing."""

import copy

import pytest
from hypothesis import given

from livetiming.errors import BadValue
from livetiming.events import Changed, Clock, Event, Laps, Picture, apply, diff
from livetiming.racing import Mark
from tests.events import sessions, strategies
from tests.events.checks import AT, check_pair, check_same, state_of


def check_pairs(seed: int, count: int) -> None:
    for number, (known, seen) in enumerate(sessions.pairs(seed, count)):
        try:
            check_pair(known, seen)
        except Exception as error:
            error.add_note(f"pair {number} of seed {seed}: {known!r} -> {seen!r}")
            raise


def test_a_change_leads_exactly_to_what_was_seen():
    check_pairs(seed=11, count=2_000)


@pytest.mark.reliability
@pytest.mark.timeout(600)
def test_a_hundred_thousand_changes_lead_exactly_to_what_was_seen():
    for seed in range(10):
        check_pairs(seed=1_000 + seed, count=10_000)


@strategies.REPRODUCIBLE
@given(strategies.pictures(), strategies.pictures())
def test_a_change_between_any_two_pictures_leads_exactly_to_the_second(known, seen):
    check_pair(known, seen)


def check_unclean(known: Picture, seen: Picture) -> None:
    """What enters is clean, whatever was seen; the same look again says nothing."""
    before = copy.deepcopy(seen)
    state = state_of(known)
    refused: list[BadValue] = []
    change = diff(state, seen, refused.append)
    assert seen == before or repr(seen) == repr(before), "what was seen is only read"
    if change is not None:
        state = apply(state, Event(1, AT, change))
    assert diff(state, seen, [].append) is None
    clean = Picture(cars=copy.deepcopy(state.cars), order=list(state.order), session=state.session)
    if change is not None:
        line_and_hash = check_pair(known, clean)
        assert line_and_hash is not None


@strategies.REPRODUCIBLE
@given(strategies.pictures(), strategies.unclean_pictures())
def test_an_unclean_picture_is_cleaned_and_then_says_nothing_twice(known, seen):
    check_unclean(known, seen)


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ("  Müller\t ", "Müller"),
        ("Mu\u0308ller", "Müller"),
        ("a\x00b\u2028c\x1b", "abc"),
        ("x" * 300, "x" * 256),
        (21.0, 21),
        (-0.0, 0),
        (1.23456, 1.2346),
        (0.00001, 0),
        ((21.0, "sb"), (21, Mark.SB)),
        ((" a ", Mark.OLD), ("a", Mark.OLD)),
    ],
)
def test_an_untidy_cell_is_said_once_and_clean(seen, kept):
    picture = Picture(cars={"7": {"x": seen}}, order=["7"])
    state = apply(state_of(Picture()), Event(1, AT, diff(Picture(), picture)))
    check_same(state, state_of(Picture(cars={"7": {"x": kept}}, order=["7"])))
    assert diff(state, picture) is None


@pytest.mark.parametrize("blank", ["", "  ", "\t", "\u2028", ("", Mark.PB), None])
def test_a_blank_cell_clears_the_one_before_and_is_none_in_a_new_car(blank):
    known = Picture(cars={"7": {"x": "a"}}, order=["7"])
    seen = Picture(cars={"7": {"x": blank}}, order=["7"])
    assert diff(known, seen) == Changed({"7": {"x": None}})
    assert diff(Picture(), seen) == Changed({"7": {}}, order=(0, ("7",)))


def test_a_refused_value_stays_as_it_was_and_is_reported():
    known = Picture(cars={"7": {"laps": 3}}, order=["7"], session={"flag": "green"})
    seen = Picture(
        cars={"7": {"laps": float("nan"), "pits": 1}}, order=["7"], session={"flag": "plaid"}
    )
    refused = []
    assert diff(known, seen, refused.append) == Changed({"7": {"pits": 1}})
    assert [str(error).partition(":")[0] for error in refused] == ["laps", "flag"]
    with pytest.raises(BadValue, match="laps"):
        diff(known, seen)


def test_a_new_car_whose_cells_are_all_refused_still_gets_its_place():
    seen = Picture(cars={"7": {"laps": float("inf")}}, order=["7"])
    assert diff(Picture(), seen, [].append) == Changed({"7": {}}, order=(0, ("7",)))


GRID = Picture(cars={car: {} for car in "12345"}, order=list("12345"))


@pytest.mark.parametrize(
    ("order", "window"),
    [
        ("12345", None),
        ("21345", (0, ("2", "1"))),
        ("12354", (3, ("5", "4"))),
        ("13245", (1, ("3", "2"))),
        ("52341", (0, ("5", "2", "3", "4", "1"))),
        ("1235", None),
        ("2345", None),
        ("1245", None),
        ("1254", (2, ("5", "4"))),
        ("612345", (0, ("6", "1", "2", "3", "4", "5"))),
        ("123456", (5, ("6",))),
        ("12346", (4, ("6",))),
        ("12645", (2, ("6", "4", "5"))),
        ("", None),
    ],
)
def test_the_order_names_the_smallest_window(order, window):
    seen = Picture(cars={car: {} for car in order}, order=list(order))
    change = diff(GRID, seen)
    assert (change and change.order) == window
    check_pair(GRID, seen)


def test_a_gap_a_clock_and_a_mark_are_values_of_their_own():
    known = Picture(
        cars={"7": {"gap": 3, "last": 5, "best": (5, Mark.PB)}},
        order=["7"],
        session={"elapsed": Clock(1, 2, True)},
    )
    seen = Picture(
        cars={"7": {"gap": Laps(3), "last": (5, Mark.PB), "best": (5, Mark.SB)}},
        order=["7"],
        session={"elapsed": Clock(1, 2, False)},
    )
    assert diff(known, seen) == Changed(seen.cars | {}, session={"elapsed": Clock(1, 2, False)})
    check_pair(known, seen)


@pytest.mark.parametrize(
    "seen",
    [
        Picture(cars={"1": {}}, order=[]),
        Picture(cars={"1": {}}, order=["1", "1"]),
        Picture(cars={"1": {}, "2": {}}, order=["1", "1"]),
        Picture(cars={}, order=["1"]),
        Picture(cars={"1": {}, "2": {}}, order=["1", "3"]),
        Picture(cars={" 1": {}}, order=[" 1"]),
        Picture(cars={"": {}}, order=[""]),
        Picture(cars={"__proto__": {}}, order=["__proto__"]),
        Picture(cars={"x" * 33: {}}, order=["x" * 33]),
        Picture(cars={"e\u0301": {}}, order=["e\u0301"]),
        Picture(cars={7: {}}, order=[7]),
        Picture(cars={"1": []}, order=["1"]),
        Picture(cars={"1": {"Bad Name": 1}}, order=["1"]),
        Picture(cars={str(n): {} for n in range(201)}, order=[str(n) for n in range(201)]),
    ],
)
def test_a_picture_that_is_none_is_refused_whole(seen):
    with pytest.raises(BadValue):
        diff(Picture(), seen)


def test_the_order_alone_is_checked_when_only_it_differs():
    with pytest.raises(BadValue, match="order"):
        diff(GRID, Picture(cars=GRID.cars, order=list("12344")))
