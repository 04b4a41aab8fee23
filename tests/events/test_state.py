"""The state as snapshots hold it."""

import json
import random

import pytest

from livetiming.errors import BadState
from livetiming.events import Event, State, apply, state_hash
from livetiming.events.state import as_json, canonical, from_json
from tests.events import make_vectors, sessions
from tests.events.checks import AT, typed

RICH = make_vectors.folded(
    make_vectors.FULL,
    make_vectors.grid("7", "007", "ü"),
    make_vectors.post("x", style="red", car="7"),
    make_vectors.RESUMED,
    make_vectors.CLOSED,
)


def test_a_state_is_written_as_it_was_read():
    rng = random.Random(7)
    state = State()
    for seq, payload in enumerate(sessions.payloads(rng, 400), 1):
        state = apply(state, Event(seq, AT + seq, payload))
        if seq % 4 == 0:
            again = from_json(as_json(state))
            assert as_json(again) == as_json(state)
            assert typed(again) == typed(state)
            assert state_hash(again) == state_hash(state)


def test_the_start_is_written_in_full():
    assert as_json(State()) == (
        b'{"described":null,"session":{},"cars":[],"messages":[],'
        b'"feed":null,"closed":null,"writer":null}'
    )


def test_cars_are_written_in_order_with_their_id_first():
    cars = json.loads(as_json(RICH))["cars"]
    assert [list(car) for car in cars] == [["id", "num", "laps"]] * 3
    assert [car["id"] for car in cars] == ["7", "007", "ü"]


def test_the_canonical_text_sorts_keys_at_every_level_and_has_no_blanks():
    def sorted_keys(value):
        if isinstance(value, dict):
            return list(value) == sorted(value) and all(map(sorted_keys, value.values()))
        return all(map(sorted_keys, value)) if isinstance(value, list) else True

    text = canonical(RICH)
    assert sorted_keys(json.loads(text))
    assert text.decode() == json.dumps(
        json.loads(text), ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )


def test_a_new_reader_of_a_state_cannot_change_the_old_one():
    again = from_json(as_json(RICH))
    again.cars["7"]["laps"] = 5
    again.messages.clear()
    assert RICH.cars["7"]["laps"] == 1
    assert len(RICH.messages) == 1


def test_unknown_fields_of_a_snapshot_are_left_behind():
    stored = json.loads(as_json(RICH))
    stored["later"] = stored["feed"]["later"] = stored["described"]["later"] = {"a": None}
    stored["messages"][0]["later"] = [1]
    assert as_json(from_json(json.dumps(stored).encode())) == as_json(RICH)


def _with(path, value):
    stored = json.loads(as_json(RICH))
    *parents, last = path
    place = stored
    for key in parents:
        place = place[key]
    place[last] = value
    return json.dumps(stored, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("cars",), [{"id": "7"}, {"id": "7"}]),
        (("cars",), [{"num": "7"}]),
        (("cars",), [{"id": 7}]),
        (("cars",), [{"id": ["7", "pb"]}]),
        (("cars",), [{"id": ""}]),
        (("cars",), [{"id": "__proto__"}]),
        (("cars",), [{"id": "x" * 33}]),
        (("cars",), {"7": {}}),
        (("cars", 0, "num"), None),
        (("cars", 0, "num"), True),
        (("cars", 0, "num"), 21.0),
        (("cars", 0, "num"), 2**53),
        (("cars", 0, "__proto__"), 1),
        (("cars", 0, "Num"), 1),
        (("session", "air"), None),
        (("session", "air"), [1]),
        (("session", "air"), 1.23456),
        (("session", "id"), 1),
        (("described", "rate"), 1.0),
        (("described", "session"), "x"),
        (("described", "venue"), None),
        (("described", "versions", "plugin"), None),
        (("described", "columns", 0, "description"), None),
        (("messages", 0, "style"), None),
        (("messages", 0, "origin"), "us"),
        (("feed", "reason"), None),
        (("feed", "status"), "fine"),
        (("closed", "next"), None),
        (("closed", "reason"), "bored"),
        (("writer",), "me"),
        (("writer",), 2**53),
        (("writer",), -(2**53)),
        (("writer",), 1.5),
        (("messages", 0, "at"), 2**53),
        (("messages", 0, "at"), -(2**53)),
        (("messages", 0, "at"), 1.0),
        (("messages", 0, "at"), None),
        (("messages", 0, "car"), ""),
        (("messages", 0, "car"), "__proto__"),
        (("messages", 0, "car"), "x" * 33),
        (("messages", 0, "car"), None),
        (("feed", "at"), 2**53),
        (("closed", "at"), 2**53),
        (("closed", "at"), "1"),
        (("closed", "next"), "x"),
        (("later",), [[[[[[[[1]]]]]]]]),
    ],
)
def test_a_state_of_another_shape_is_refused(path, value):
    with pytest.raises(BadState):
        from_json(_with(path, value))


@pytest.mark.parametrize(
    "text", [b"", b"null", b"[]", b"{}", b"{", b"\xff", b'{"x":' + b"[" * 90_000]
)
def test_what_is_no_state_is_refused(text):
    with pytest.raises(BadState):
        from_json(text)


def test_half_a_character_in_a_key_is_refused():
    with pytest.raises(BadState):
        from_json(as_json(RICH).replace("ü".encode(), b"\xfc"))
    with pytest.raises(BadState):
        from_json(as_json(RICH).replace(b'"num":"7"', b'"n\xfcm":"7"'))


def test_a_key_twice_is_refused():
    twice = as_json(State()).replace(b'"writer":null', b'"writer":1,"writer":null')
    with pytest.raises(BadState, match="twice"):
        from_json(twice)
