"""Reliability row 10: bad values never enter a log or a browser."""

import json
import math
import random
import re
from enum import IntEnum

import msgspec
import pytest
from hypothesis import given

from livetiming.errors import BadValue
from livetiming.events import (
    Attribution,
    Changed,
    Clock,
    Closed,
    CloseReason,
    Event,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Passed,
    Posted,
    SessionId,
    Style,
    Versions,
    car_id,
    decode,
    encode,
)
from livetiming.events.log import Folded
from livetiming.events.log import number as next_event
from livetiming.events.model import MAX_INTEGER
from livetiming.events.plain import integer, number, shown, text
from livetiming.events.values import cell, clean, column_cell, name, session_value
from livetiming.racing import Column, ColumnType, Flag, Mark
from tests.events import make_vectors, node, sessions, strategies
from tests.events.checks import AT, typed

SESSION = SessionId("a" * 32)
HUGE = 10**5000
"""Python refuses to write it: no message may try."""


def named(value):
    """A name for a test: no address in memory, so that each process finds the same ones."""
    return re.sub(r" at 0x\w+", "", shown(value))


NO_NUMBERS = [
    *(math.nan, math.inf, -math.inf, 1e400, True, False, None, "1", b"1", [1], {}, object()),
    *(2**53, -(2**53), 2**53 + 1, 10**20, HUGE, -HUGE, 1e300, 2.0**53, 1_000_000_000.5),
]


class Place(IntEnum):
    FIRST = 1


class Name(str):
    __slots__ = ()


class Speed(float):
    """As numpy's numbers are: a float, and yet none that an encoder knows."""


@pytest.mark.parametrize("value", NO_NUMBERS, ids=named)
def test_what_is_no_exact_number_is_refused(value):
    with pytest.raises(BadValue):
        number(value)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (21.0, 21),
        (-0.0, 0),
        (-0.00001, 0),
        (1.23456, 1.2346),
        (0.1 + 0.2, 0.3),
        (999999999.99999, 10**9),
        (1e15, 10**15),
        (2.0**53 - 1, MAX_INTEGER),
        (-MAX_INTEGER, -MAX_INTEGER),
        (Place.FIRST, 1),
        (Speed(1.5), 1.5),
        (Speed(2), 2),
    ],
)
def test_a_number_is_an_exact_integer_or_has_four_decimals(value, kept):
    assert typed(number(value)) == typed(kept)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (" a ", "a"),
        ("a\x00\x1f\x7f\x85b", "ab"),
        ("a\u2028\u2029b", "ab"),
        ("\ud800a\udfff", "a"),
        ("e\u0301", "é"),
        ("\u1e9b\u0323", "ẛ̣"),
        ("\u00a0\u3000a\u2003", "a"),
        ("\x00 a", "a"),
        ("é" * 300, "é" * 256),
        ("a" * 255 + " b", "a" * 255),
        ("🏁" * 257, "🏁" * 256),
        ("", None),
        (" \t\n", None),
        ("\u2028", None),
        (Flag.RED, "red"),
    ],
)
def test_a_text_is_composed_trimmed_cut_and_free_of_control_characters(value, kept):
    assert typed(text(value)) == typed(kept)


@pytest.mark.parametrize("value", [1, None, True, b"a", ["a"], {"a": 1}, HUGE], ids=named)
def test_what_is_no_text_is_refused(value):
    with pytest.raises(BadValue):
        text(value)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "piece", ["a", "é", " ", "\x00", "\u0301\u0323", "\ud800", "e\u0301", "🏁"]
)
def test_ten_megabytes_of_text_cost_no_time(piece):
    value = piece * (10_000_000 // len(piece))
    assert len(text(value) or "") <= 256
    assert len(text("a" + value) or "") <= 256


@strategies.REPRODUCIBLE
@given(strategies.st.text(max_size=300))
def test_cleaning_a_text_twice_is_cleaning_it_once(value):
    once = text(value)
    assert once is None or (text(once) == once and 1 <= len(once) <= 256)


@pytest.mark.parametrize("value", [1.0, True, "1", None, 2**53, HUGE], ids=named)
def test_an_integer_is_no_other_number(value):
    with pytest.raises(BadValue, match="lap"):
        integer("lap", value)


@pytest.mark.parametrize(
    "value",
    [
        *(True, [1], {}, b"x", object(), HUGE, math.nan),
        *((1,), (1, "pb", 2), (1, "fast"), (1, None), (1, []), ((1, "pb"), "pb"), (True, "pb")),
        *((math.inf, "pb"), [1, "pb"], Laps(0), Laps(-1), Laps(True), Laps(1.0), Laps(2**53)),
        *(Clock(1, 2, True), {"laps": 1}, (Laps(0), "pb"), [[[[[[[[[1]]]]]]]]], (HUGE, "pb")),
    ],
    ids=named,
)
def test_what_is_no_cell_is_refused_by_the_name_of_its_column(value):
    with pytest.raises(BadValue, match=r"^best"):
        column_cell("best", value)


def test_a_cell_is_cleaned_with_its_mark():
    assert typed(cell((" a ", "sb"))) == typed(("a", Mark.SB))
    assert typed(cell((21.0, Mark.OLD))) == typed((21, Mark.OLD))
    assert cell((" ", "sb")) is None
    assert cell(Laps(3)) == Laps(3)


@pytest.mark.parametrize("value", ["RUN", "running", 1, ("run", Mark.PB), Laps(1), "run\u200b"])
def test_a_state_is_one_of_its_words(value):
    with pytest.raises(BadValue, match=r"^state"):
        column_cell("state", value)
    assert column_cell("state", " run ") == "run"
    assert column_cell("state", "") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("flag", value) for value in ("GREEN", "plaid", "", 1, True, [], Clock(1, 2, True))),
        *(("elapsed", value) for value in (1, "1", True, Laps(1), {"value_us": 1})),
        ("elapsed", Clock(1.0, 2, True)),
        ("elapsed", Clock(1, 2.5, True)),
        ("remaining", Clock(1, 2, 1)),
        ("remaining", Clock(2**53, 2, True)),
        ("remaining", Clock(HUGE, 2, True)),
        *(("laps", value) for value in ("3", 3.5, True, Clock(1, 2, True), math.nan)),
        *(("air", value) for value in (True, [1], (1, "pb"), Laps(1), Clock(1, 2, True), HUGE)),
    ],
    ids=named,
)
def test_what_is_no_value_of_a_session_field_is_refused_by_its_name(field, value):
    with pytest.raises(BadValue, match=rf"^{field}"):
        session_value(field, value)


def test_session_values_are_cleaned():
    assert typed(session_value("flag", Flag.RED)) == typed("red")
    assert typed(session_value("laps", 12.0)) == typed(12)
    assert typed(session_value("air", 21.0)) == typed(21)
    assert session_value("part", " ") is None
    assert session_value("elapsed", None) is None


@pytest.mark.parametrize(
    "value",
    ["", "id", "constructor", "prototype", "__proto__", "Num", "1st", "a b", "x" * 33, 7, None],
)
def test_a_name_is_short_and_plain_and_no_word_of_javascript(value):
    with pytest.raises(BadValue):
        name(value)


def test_a_name_ends_where_it_ends():
    with pytest.raises(BadValue):
        name("num\n")
    with pytest.raises(BadValue):
        SessionId("0" * 32 + "\n")


@pytest.mark.parametrize(
    "key", ["", " ", "\x00", "__proto__", " constructor ", "x" * 33, 7, None, b"7"]
)
def test_what_can_be_no_car_id_is_refused(key):
    with pytest.raises(BadValue):
        car_id(key)


@pytest.mark.parametrize("key", sessions.IDS)
def test_the_provider_s_own_key_is_the_car_id(key):
    assert car_id(key) == key


def change(**fields):
    return Changed(**{"session": {"air": 1}, **fields})


DESCRIBED = msgspec.structs.replace(make_vectors.FULL, writer=AT)


def described(**fields):
    return msgspec.structs.replace(DESCRIBED, **fields)


def posted(**fields):
    return Posted(**{"category": "c", "text": "t", "origin": Origin.PROVIDER, **fields})


def _column(id_):
    return Column(id_, ColumnType.TEXT, "A")


BAD_EVENTS = {
    "nothing": Changed(),
    "empty parts": Changed({}, (), None, {}),
    "cars as a list": change(cars=["7"]),
    "cells as a list": change(cars={"7": ["x"]}),
    "no cells": change(cars={"7": None}),
    "a car id as number": change(cars={7: {"x": 1}}),
    "an unclean car id": change(cars={" 7": {"x": 1}}),
    "removed as text": change(removed="77"),
    "removed as numbers": change(removed=(7,)),
    "an order before the first place": change(order=(-1, ("7",))),
    "an order from True": change(order=(True, ("7",))),
    "an order from 0.0": change(order=(0.0, ("7",))),
    "an order as list": change(order=[0, ["7"]]),
    "an order of text": change(order=(0, "77")),
    "an order of none": change(order=(0, ())),
    "session as list": change(session=[1]),
    "nested junk": change(cars={"7": {"x": {"a": [1, {"b": 2}]}}}),
    "a description of nobody": described(session="x"),
    "a negative writer": described(writer=-1),
    "a writer past 2^53": described(writer=2**53),
    "a writer as fraction": described(writer=1.5),
    "a writer True": described(writer=True),
    "a foreign class": described(class_="../x"),
    "a class as number": described(class_=1),
    "an unknown kind": described(kind="sprint"),
    "no kind": described(kind=None),
    "a name as number": described(name=1),
    "a key as number": described(key=32),
    "columns as text": described(columns="num"),
    "a column of an unknown type": described(columns=(Column("a", "html", "A"),)),
    "a column without a title": described(columns=(Column("a", ColumnType.TEXT, " "),)),
    "a column named id": described(columns=(_column("id"),)),
    "a column twice": described(columns=(_column("a"),) * 2),
    "65 columns": described(
        columns=tuple(Column(f"a{n}", ColumnType.TEXT, "A") for n in range(65))
    ),
    "a track column that is a session field": described(
        track=(Column("flag", ColumnType.TEXT, "A"),)
    ),
    "hidden in words": described(hidden="no"),
    "hidden as number": described(hidden=0),
    "analysis None": described(analysis=None),
    "rate NaN": described(rate=math.nan),
    "rate True": described(rate=True),
    "rate in words": described(rate="fast"),
    "a rate past 2^53": described(rate=HUGE),
    "continues no session": described(continues="x"),
    "made from no session": described(made_from=("x",)),
    "made from text": described(made_from="0" * 32),
    "an attribution of http": described(attribution=Attribution("t", "http://example.org")),
    "an attribution of javascript": described(attribution=Attribution("t", "javascript:alert(1)")),
    "an attribution of no text": described(attribution=Attribution(" ")),
    "an attribution as text": described(attribution="t"),
    "no version": described(versions=Versions("")),
    "versions as text": described(versions="1"),
    "a crossing of nobody": Passed("", "finish"),
    "a crossing of car 7 as number": Passed(7, "finish"),
    "a crossing of no line": Passed("7", "Start / Finish"),
    "a lap that is none": Passed("7", "finish", 1.5),
    "a lap True": Passed("7", "finish", True),
    "a lap past 2^53": Passed("7", "finish", 2**53),
    "a lap beyond writing": Passed("7", "finish", HUGE),
    "a lap time NaN": Passed("7", "finish", 1, math.nan),
    "a driver as list": Passed("7", "finish", driver=["a"]),
    "no category": posted(category=" "),
    "no text": posted(text="\u2028"),
    "text as number": posted(text=7),
    "a style of its own": posted(style="loud"),
    "a style as number": posted(style=1),
    "an unknown origin": posted(origin="us"),
    "a car that is none": posted(car="__proto__"),
    "an unknown status": Feed("fine"),
    "resumed without its writer": Feed(FeedStatus.RESUMED, None, None, (1, 2), 0),
    "resumed without what was before": Feed(FeedStatus.RESUMED, None, 1, None, 0),
    "resumed without what it adopted": Feed(FeedStatus.RESUMED, None, 1, (1, 2), None),
    "live with a writer": Feed(FeedStatus.LIVE, None, 1),
    "adopted below nothing": Feed(FeedStatus.RESUMED, None, 1, (1, 2), -1),
    "three before": Feed(FeedStatus.RESUMED, None, 1, (1, 2, 3), 0),
    "a writer before past 2^53": Feed(FeedStatus.RESUMED, None, 1, (2**53, 2), 0),
    "an unknown reason": Closed("bored"),
    "next no session": Closed(CloseReason.MOVED, "x"),
    "something else": "closed",
    "nobody": None,
}


@pytest.mark.parametrize("what", BAD_EVENTS)
def test_an_event_is_refused_with(what):
    with pytest.raises(BadValue):
        clean(BAD_EVENTS[what])


def test_words_become_the_enums_they_stand_for():
    assert clean(Feed("live")) == Feed(FeedStatus.LIVE)
    assert type(clean(Closed("moved")).reason) is CloseReason


def test_texts_and_numbers_of_their_own_class_become_plain_ones():
    session = SessionId("e" * 32)
    cleaned = clean(
        described(session=session, continues=session, rate=Speed(2), writer=Place.FIRST)
    )
    plain = described(session="e" * 32, continues="e" * 32, rate=2, writer=1)
    assert typed(cleaned) == typed(clean(plain)) == typed(plain)
    assert typed(clean(Closed(CloseReason.MOVED, session))) == typed(
        Closed(CloseReason.MOVED, "e" * 32)
    )
    change = Changed({SessionId("e" * 32): {Name("x"): SessionId("e" * 32)}})
    assert decode(encode(Event(1, AT, clean(change)))).payload == clean(change)


@pytest.mark.parametrize("style", [*Flag, *Style])
def test_a_message_may_look_like_a_flag_or_a_style(style):
    assert clean(posted(style=style)).style == style


def test_texts_in_events_are_cleaned():
    assert clean(posted(category="x" * 40, text=" e\u0301\x00 ")) == posted(
        category="x" * 32, text="é"
    )
    assert clean(Feed(FeedStatus.LOST, " ")) == Feed(FeedStatus.LOST)
    assert clean(described(name=" a\u2028 ", key=" ", venue="")) == described(
        name="a", key=None, venue=None
    )


def test_cleaning_what_is_clean_changes_nothing():
    rng = random.Random(10)
    for payload in sessions.payloads(rng, 500):
        assert typed(clean(payload)) == typed(payload)


def generated(count):
    """Lines of whatever passes of the values that a careless parser could make."""
    rng = random.Random(10)
    lines = []
    while len(lines) < count:
        field = rng.choice(["air", "laps", "flag", "part", "elapsed"])
        for payload in (
            Changed({"7": {"x": _any(rng), "gap": _any(rng)}}),
            Changed(session={field: _any(rng)}),
            posted(text=_any(rng), category=_any(rng)),
            Passed("7", "finish", _any(rng), driver=_any(rng)),
        ):
            try:
                payload = _with_order(payload)
                _, line = next_event(Folded(SESSION), payload, _any_at(rng), _any_at(rng))
                lines.append((line, payload))
            except BadValue:
                continue
    return lines


def _with_order(payload):
    """What stands in an empty log."""
    if isinstance(payload, Changed) and payload.cars:
        return msgspec.structs.replace(payload, order=(0, ("7",)))
    return payload


def _any_at(rng):
    if rng.randrange(4):
        return AT
    return rng.choice(
        [None, 0, -1, 1.5, "1", True, 2**53, 2**53 - 1, -(2**53), rng.getrandbits(64)]
    )


def _any(rng):
    match rng.randrange(6):
        case 0:
            return rng.choice(NO_NUMBERS)
        case 1:
            return (_any(rng), rng.choice([*Mark, "fast", None]))
        case 2:
            return "".join(
                chr(rng.choice([rng.randrange(0x3000), rng.randrange(0x110000)])) for _ in range(5)
            )
        case 3:
            return rng.choice([Laps(rng.randrange(-1, 3)), Clock(rng.randrange(9), 2, True)])
        case 4:
            return rng.uniform(-1, 1) * 10 ** rng.randrange(-8, 20)
        case _:
            return rng.choice([*sessions.TEXTS, *sessions.NUMBERS])


def check_generated(count):
    lines = generated(count)
    read = node.parsed_again([line for line, _ in lines])
    for (line, payload), again in zip(lines, read, strict=True):
        assert again.encode() == line, payload
        assert json.loads(again) == json.loads(line)
        assert encode(decode(line)) == line
        assert typed(decode(line).payload) == typed(clean(payload))


def test_whatever_passes_is_read_alike_by_javascript():
    check_generated(500)


@pytest.mark.reliability
def test_five_thousand_values_that_pass_are_read_alike_by_javascript():
    check_generated(5_000)
