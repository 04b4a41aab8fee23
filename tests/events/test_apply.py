"""The fold: what each event does, and where a log is damaged."""

import copy

import pytest

from livetiming.errors import BadState
from livetiming.events import (
    Changed,
    Closed,
    CloseReason,
    Event,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Passed,
    Posted,
    State,
    Unknown,
    apply,
)
from livetiming.events.state import canonical
from tests.events import make_vectors
from tests.events.checks import AT


def fold(*payloads):
    state = State()
    for seq, payload in enumerate(payloads, 1):
        state = apply(state, Event(seq, AT + seq, payload))
    return state


def grid(*cars):
    return Changed({car: {"num": car} for car in cars}, order=(0, cars))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Changed(removed=("9",)), "'9' leaves"),
        (Changed(removed=("1", "1")), "'1' leaves"),
        (Changed({"9": {}}), "a new car needs a place"),
        (Changed({"9": {}}, ("1",)), "a new car needs a place"),
        (Changed({"1": {}}, ("1",)), "a new car needs a place"),
        (Changed({"9": {}}, order=(0, ("2", "1"))), "each once"),
        (Changed(order=(0, ("1", "1"))), "each once"),
        (Changed(order=(0, ("2",))), "each once"),
        (Changed(order=(1, ("9",))), "each once"),
        (Changed(order=(1, ("2", "1"))), "each once"),
        (Changed(order=(1, ("2", "9"))), "each once"),
        (Changed(order=(2, ("1",))), "each once"),
        (Changed({"9": {}}, order=(3, ("9",))), "place 3 of 2"),
        (Changed(removed=("1",), order=(0, ("1", "2"))), "each once"),
    ],
)
def test_a_change_that_does_not_fit_means_damage_and_says_why(change, said):
    with pytest.raises(BadState, match=said):
        fold(grid("1", "2"), change)


def test_removals_come_first_then_cells_then_the_order_then_the_session():
    state = fold(
        grid("1", "2", "3"),
        Changed({"1": {"laps": 1}, "3": {"num": None}}, ("1",), (0, ("1", "3", "2")), {"air": 1}),
    )
    assert state.order == ["1", "3", "2"]
    assert state.cars == {"1": {"laps": 1}, "2": {"num": "2"}, "3": {}}
    assert state.session == {"air": 1}


def test_clearing_what_is_not_there_is_no_damage():
    state = fold(Changed({"1": {"laps": None}}, order=(0, ("1",)), session={"air": None}))
    assert (state.cars, state.session) == ({"1": {}}, {})


def test_an_order_may_begin_right_behind_the_last_car_and_run_past_the_end():
    state = fold(grid("1"), Changed({"2": {}, "3": {}}, order=(1, ("3", "2"))))
    assert state.order == ["1", "3", "2"]


def test_an_event_is_not_changed_by_what_follows_it():
    first = grid("1")
    before = copy.deepcopy(first)
    fold(first, Changed({"1": {"num": None, "laps": 2}}), Changed(removed=("1",)))
    assert first == before


def test_crossings_and_unknown_events_fold_to_nothing():
    before = canonical(fold(grid("1")))
    after = fold(grid("1"), Passed("9", "finish", 3), Unknown("weather", b"{}"))
    assert canonical(after) == before


def test_the_last_hundred_messages_stay_the_oldest_first():
    state = fold(*(Posted(category="c", text=f"{n}", origin=Origin.DERIVED) for n in range(103)))
    assert [message.text for message in state.messages] == [str(n) for n in range(3, 103)]
    assert state.messages[0].at == AT + 4


def test_a_description_replaces_the_earlier_one_and_touches_nothing_else():
    full, short = make_vectors.FULL, make_vectors.DESCRIBED
    state = fold(full, grid("1"), Changed({"1": {"gap": Laps(1)}}), short)
    assert state.described == fold(short).described
    assert state.described.venue is None
    assert state.cars == {"1": {"num": "1", "gap": Laps(1)}}


def test_the_writer_is_the_newest_opening():
    described, resumed = make_vectors.DESCRIBED, make_vectors.RESUMED
    assert fold(described).writer == described.writer
    assert fold(described).described.writer is None
    assert fold(described, make_vectors.FULL).writer == described.writer
    assert fold(described, resumed).writer == resumed.writer
    assert fold(described, Feed(FeedStatus.LIVE, None, 5)).writer == described.writer


def test_a_closed_session_opens_again_only_when_resumed():
    closed = Closed(CloseReason.STOPPED, "e" * 32)
    state = fold(closed)
    assert (state.closed.at, state.closed.reason, state.closed.next) == (
        *(AT + 1, CloseReason.STOPPED, "e" * 32),
    )
    assert fold(closed, Feed(FeedStatus.LIVE)).closed is not None
    assert fold(closed, make_vectors.FULL).closed is not None
    assert fold(closed, make_vectors.RESUMED).closed is None


def test_the_feed_is_as_it_was_last_said():
    state = fold(Feed(FeedStatus.LOST, "hung up"), Feed(FeedStatus.LIVE))
    assert (state.feed.status, state.feed.at, state.feed.reason) == (FeedStatus.LIVE, AT + 2, None)
