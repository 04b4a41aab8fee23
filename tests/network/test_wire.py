"""The messages of the wire: what is written is read back, and nothing else is read."""

import json
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livetiming.events.codec import MAX_LINE
from livetiming.events.model import MAX_INTEGER, Clock
from livetiming.network.wire import (
    Announcement,
    Answer,
    BadMessage,
    Beacon,
    Continued,
    Entry,
    FeedSeen,
    Idle,
    Lines,
    Listing,
    Page,
    Recorded,
    RecordedStatus,
    RowsChanged,
    SnapshotAnswer,
    Standing,
    Tables,
    listed,
    portions,
    read_announcement,
    read_answer,
    read_continued,
    read_listing,
    read_message,
    read_page,
    read_recorded,
    read_rows,
    read_snapshot,
    read_tables,
    row_portions,
    write_analysis,
    write_announcement,
    write_answer,
    write_beacon,
    write_continued,
    write_lines,
    write_listing,
    write_recorded,
    write_rows,
    write_snapshot_answer,
)
from tests.six_lines import TAIL

CHAIN = "21c1005b6e19d274"
SESSION = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
SNAPSHOT = TAIL.split(b"\n", maxsplit=1)[0]

numbers = st.integers(0, MAX_INTEGER)
nexts = st.integers(1, MAX_INTEGER)
chains = st.binary(min_size=8, max_size=8)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")))
line = words.map(str.encode)
lines = st.lists(line, min_size=1, max_size=5).map(tuple)
counts = st.integers(0, 10**6)
values = st.none() | st.booleans() | numbers | words | st.floats(-1e6, 1e6)
rows = st.lists(values, max_size=5)
clocks = st.builds(Clock, st.integers(0, 10**12), numbers, st.booleans())


def entries(kind, **more):
    return st.builds(
        kind,
        session=st.just(SESSION),
        writer=numbers,
        next_seq=nexts,
        recorded=st.none() | numbers,
        name=words,
        description=words,
        class_=st.just("demo"),
        kind=st.just("race"),
        venue=st.none() | words,
        timezone=st.none() | words,
        started_at=numbers,
        cars=numbers,
        flag=st.just("green"),
        elapsed=st.none() | clocks,
        remaining=st.none() | clocks,
        feed=st.none() | st.builds(FeedSeen, st.just("live"), numbers),
        seen_at=st.none() | numbers,
        analysis=st.booleans(),
        forked=st.booleans(),
        **more,
    )


announcements = entries(
    Announcement,
    hidden=st.booleans(),
    do_not_record=st.booleans(),
    instance=words,
    chain=chains.map(bytes.hex),
    status=st.sampled_from(Standing),
)


def over_the_wire(value):
    """What WAMP makes of arguments."""
    return json.loads(json.dumps(value))


# there and back


@given(st.builds(Lines, numbers, nexts, chains, lines))
def test_lines_are_read_back(message):
    assert read_message(over_the_wire(write_lines(message))) == message


@given(st.builds(Beacon, numbers, nexts, chains, numbers, st.none() | numbers))
def test_a_beacon_is_read_back(beacon):
    assert read_message(over_the_wire(write_beacon(beacon))) == beacon


@given(st.builds(Answer, numbers, nexts, nexts, chains, lines | st.just(())))
def test_an_answer_is_read_back(answer):
    assert read_answer(over_the_wire(write_answer(answer))) == answer


@given(st.builds(Continued, numbers, nexts, lines | st.just(())))
def test_what_continues_a_log_is_read_back(continued):
    assert read_continued(over_the_wire(write_continued(continued))) == continued


@given(
    st.builds(SnapshotAnswer, numbers, nexts, numbers, st.none() | numbers, st.just(SNAPSHOT)),
)
def test_a_snapshot_is_read_back_with_its_line_as_it_was(answer):
    assert read_snapshot(over_the_wire(write_snapshot_answer(answer))) == answer


@given(st.builds(Recorded, numbers, numbers, chains, st.sampled_from(RecordedStatus)))
def test_how_far_is_recorded_is_read_back(recorded):
    assert read_recorded(over_the_wire(write_recorded(recorded))) == recorded


@given(
    st.builds(
        RowsChanged,
        numbers,
        numbers,
        st.dictionaries(words, st.lists(st.tuples(counts, rows), max_size=3), max_size=3),
    )
)
def test_rows_that_changed_are_read_back(changed):
    assert read_rows(over_the_wire(write_rows(changed))) == changed


@given(
    st.builds(
        Page,
        numbers,
        numbers,
        counts,
        words,
        st.lists(words, max_size=3).map(tuple),
        st.lists(rows, max_size=3),
        counts,
    )
)
def test_a_page_is_read_back(page):
    found = read_page(over_the_wire(write_analysis(page)))
    assert {name: getattr(found, name) for name in Page.__struct_fields__} == {
        name: getattr(page, name) for name in Page.__struct_fields__
    }


@given(
    st.builds(
        Tables, numbers, numbers, counts, st.dictionaries(words, st.none() | counts, max_size=3)
    )
)
def test_which_tables_there_are_is_read_back(tables):
    assert read_tables(over_the_wire(write_analysis(tables))) == tables


@given(
    st.dictionaries(
        st.sampled_from(["laps", "stops", "flags"]),
        st.lists(st.tuples(counts, st.binary(max_size=200)), min_size=1),
    ),
    st.integers(1, 600),
)
def test_rows_are_cut_into_messages_that_fit_unless_one_row_alone_is_longer(tables, size):
    texts = {
        name: [(number, json.dumps(text.hex()).encode()) for number, text in pairs]
        for name, pairs in tables.items()
    }
    given_rows = [(name, *pair) for name, pairs in texts.items() for pair in pairs]
    portions_of = list(row_portions(given_rows, size))
    cut = [(name, n, bytes(row)) for each in portions_of for name in each for n, row in each[name]]
    assert cut == given_rows
    for portion in portions_of:
        _, _, text = write_rows(RowsChanged(1, 1, portion))
        alone = sum(map(len, portion.values())) == 1
        assert alone or len(text.encode()) <= size


@given(announcements)
def test_an_announcement_is_read_back(said):
    found = read_announcement(over_the_wire(write_announcement(said)))
    assert found == said
    assert found.id == SESSION
    assert found.end.hex() == said.chain


def test_a_service_without_a_session_is_read_back():
    idle = Idle(session=None, class_="demo", instance="main")
    assert write_announcement(idle) == '{"session":null,"class":"demo","instance":"main"}'
    assert read_announcement(write_announcement(idle)) == idle


@given(numbers, st.lists(entries(Entry), max_size=3))
def test_a_listing_is_read_back(at, sessions):
    listing = Listing(at=at, sessions=tuple(sessions))
    assert read_listing(over_the_wire(write_listing(listing))) == listing


@given(announcements)
def test_what_is_listed_of_an_announcement_is_no_more_than_viewers_may_know(said):
    entry = listed(said)
    fields = json.loads(write_listing(Listing(at=1, sessions=(entry,))))["sessions"][0]
    assert fields.keys().isdisjoint({"hidden", "do_not_record", "instance", "chain", "status"})
    assert all(getattr(entry, name) == getattr(said, name) for name in Entry.__struct_fields__)


# what is refused

LINE = '{"seq":1}\n'
MESSAGES = [
    (),
    (1,),
    (1, 1, CHAIN),
    (1, 1, CHAIN, LINE, 1),
    (1, 1, CHAIN, LINE, 1, 1),
    (1, 1, CHAIN, "", 1),
    (1, 1, CHAIN, "", 1, 1, 1),
    (1, 1, CHAIN, ""),
    (1, 1, CHAIN, "no line feed"),
    (1, 1, CHAIN, "x" * (MAX_LINE + 1) + "\n"),
    (1, 1, CHAIN, "\ud800\n"),
    (1, 0, CHAIN, LINE),
    (1, -1, CHAIN, LINE),
    (-1, 1, CHAIN, LINE),
    (MAX_INTEGER + 1, 1, CHAIN, LINE),
    (1, MAX_INTEGER + 1, CHAIN, LINE),
    (True, 1, CHAIN, LINE),
    (1, True, CHAIN, LINE),
    (1.0, 1, CHAIN, LINE),
    ("1", 1, CHAIN, LINE),
    (1, 1, CHAIN.upper(), LINE),
    (1, 1, CHAIN[:-1], LINE),
    (1, 1, CHAIN + "0", LINE),
    (1, 1, "x" * 16, LINE),
    (1, 1, None, LINE),
    (1, 1, CHAIN, b"x\n"),
    (1, 1, CHAIN, "", -1, 1),
    (1, 1, CHAIN, "", 1, -1),
    (1, 1, CHAIN, "", 1, "1"),
    (1, 1, CHAIN, "", None, 1),
    (1, 1, CHAIN, "", True, None),
    (1, 1, CHAIN, "", 1, True),
    ({}, [], None, ()),
    ([1, 1, CHAIN, LINE],),
]


@pytest.mark.parametrize("args", MESSAGES, ids=lambda args: repr(args)[:50])
def test_what_is_no_message_is_refused(args):
    with pytest.raises(BadMessage):
        read_message(args)


RECORDED = [
    (),
    (1, 1, CHAIN),
    (1, 1, CHAIN, "ok", 1),
    (1, 1, CHAIN, "well"),
    (1, 1, CHAIN, None),
    (1, -1, CHAIN, "ok"),
    (-1, 1, CHAIN, "ok"),
    (True, 1, CHAIN, "ok"),
    (1, True, CHAIN, "ok"),
    (1, MAX_INTEGER + 1, CHAIN, "ok"),
    (1, 1, "", "ok"),
    (1, 1, CHAIN.upper(), "ok"),
    ("1", 1, CHAIN, "ok"),
    (1, 1.5, CHAIN, "ok"),
]


@pytest.mark.parametrize("args", RECORDED, ids=lambda args: repr(args)[:50])
def test_what_does_not_say_how_far_is_recorded_is_refused(args):
    with pytest.raises(BadMessage):
        read_recorded(args)


GOOD = {
    read_answer: write_answer(Answer(1, 2, 1, bytes(8), (b'{"seq":1}',))),
    read_continued: write_continued(Continued(1, 2, (b'{"seq":2}',))),
    read_snapshot: write_snapshot_answer(SnapshotAnswer(1, 1, 1, None, SNAPSHOT)),
    read_announcement: write_announcement(
        Announcement(
            session=SESSION,
            writer=1,
            next_seq=2,
            recorded=None,
            name="x",
            description="x",
            class_="demo",
            kind="race",
            started_at=1,
            cars=1,
            flag="none",
            feed=None,
            seen_at=None,
            analysis=True,
            hidden=False,
            do_not_record=False,
            instance="main",
            chain=CHAIN,
            status=Standing.LIVE,
        )
    ),
}
READERS = pytest.mark.parametrize("read", GOOD, ids=lambda read: read.__name__)


NO_ANSWER = (None, 1, b"{}", [], "", "{", "null", "[]", "{}", '{"x":1}', "\ud800", "[" * 5000)


@READERS
@pytest.mark.parametrize("text", NO_ANSWER, ids=lambda text: repr(text)[:20])
def test_an_answer_that_is_none_is_refused(read, text):
    with pytest.raises(BadMessage):
        read(text)


@READERS
def test_a_good_answer_without_one_of_its_fields_or_with_another_kind_of_it_is_refused(read):
    good = json.loads(GOOD[read])
    read(json.dumps(good, separators=(",", ":")))
    for field in good:
        for wrong in ({"x": 1}, [1], 1.5, True, -1):
            if wrong is True and isinstance(good[field], bool):
                continue
            bad = {**good, field: wrong}
            with pytest.raises(BadMessage):
                read(json.dumps(bad, separators=(",", ":")))
        missing = {name: value for name, value in good.items() if name != field}
        with pytest.raises(BadMessage):
            read(json.dumps(missing, separators=(",", ":")))


@READERS
def test_unknown_fields_are_of_a_newer_version_and_passed_over(read):
    good = {**json.loads(GOOD[read]), "newer": [1, 2]}
    assert read(json.dumps(good, separators=(",", ":"))) == read(GOOD[read])


@given(st.text() | st.binary().map(lambda b: b.decode("latin-1")))
def test_no_text_does_more_than_be_refused(text):
    for read in (*GOOD, read_listing):
        with pytest.raises(BadMessage):
            read(text)


@given(
    st.lists(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(CHAIN),
        max_size=7,
    )
)
def test_no_arguments_do_more_than_be_refused(args):
    for read in (read_message, read_recorded):
        try:
            read(args)
        except BadMessage:
            continue


@pytest.mark.parametrize("session", ["", "x", SESSION.upper(), SESSION + "0", "../" + SESSION])
def test_a_session_that_is_none_is_refused(session):
    bad = {**json.loads(GOOD[read_announcement]), "session": session}
    with pytest.raises(BadMessage):
        read_announcement(json.dumps(bad))


# portions


@given(
    st.lists(st.binary(max_size=30), max_size=40),
    st.integers(1, 100),
    st.integers(1, 10),
)
def test_portions_are_all_the_lines_in_order_each_as_big_as_fits(given_lines, size, number):
    cut = list(portions(given_lines, size, number))
    assert [line for portion in cut for line in portion] == given_lines
    for portion, after in zip_longest(cut, cut[1:]):
        room = size - sum(len(line) + 1 for line in portion)
        assert portion
        assert len(portion) <= number
        assert len(portion) == 1 or room >= 0
        if after is not None:
            assert len(portion) == number or room < len(after[0]) + 1
