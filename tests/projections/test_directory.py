"""What the directory's log adds up to."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livetiming.errors import BadState
from livetiming.events.codec import decode
from livetiming.events.log import RealDisk, Seq, Status, open_log_of, open_reader_of, verify
from livetiming.projections.directory import (
    DIRECTORY,
    FOLD,
    LISTED,
    UNLISTED,
    OnAir,
    as_json,
    canonical,
    from_json,
    write_line,
)

A, B = "a" * 32, "b" * 32


def line(seq, tag, **fields):
    return write_line(seq, 1_000 + seq, tag, json.dumps(fields, separators=(",", ":")).encode())


def folded(*lines):
    state = FOLD.start()
    for each in lines:
        FOLD.apply(state, decode(each))
    return state


def test_what_was_listed_is_on_air_until_it_is_unlisted():
    lines = [
        line(1, LISTED, session=A, name="WEC", hidden=False),
        line(2, LISTED, session=B, name="NLS", hidden=True),
    ]
    assert list(folded(*lines).sessions) == [A, B]
    assert list(folded(*lines, line(3, UNLISTED, session=A, reason="gone")).sessions) == [B]


def test_a_session_that_is_listed_again_keeps_its_place_with_what_is_new():
    state = folded(
        line(1, LISTED, session=A, name="WEC", hidden=False),
        line(2, LISTED, session=B, name="NLS", hidden=False),
        line(3, LISTED, session=A, name="ELMS", hidden=False),
    )
    assert [each["name"] for each in state.sessions.values()] == ["ELMS", "NLS"]


def test_fields_and_events_of_a_later_version_are_kept_and_passed_over():
    state = folded(
        line(1, LISTED, session=A, hidden=False, colour="red"),
        line(2, "starred", session=A),
    )
    assert state.sessions[A]["colour"] == "red"


@pytest.mark.parametrize(
    "wrong",
    [
        line(1, UNLISTED, session=A, reason="gone"),
        line(1, LISTED, session="../etc", hidden=False),
        line(1, LISTED, hidden=False),
    ],
)
def test_what_does_not_fit_is_damage(wrong):
    with pytest.raises(BadState):
        folded(wrong)


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"[]", b"{}", b'{"sessions":3}', b'{"sessions":[3]}', b'{"sessions":[{}]}'),
        b'{"sessions":[{"session":"%s"},{"session":"%s"}]}' % (A.encode(), A.encode()),
    ],
)
def test_a_state_of_another_shape_is_refused(text):
    with pytest.raises(BadState):
        from_json(text)


_sessions = st.sampled_from([f"{n:032x}" for n in range(6)])
_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@given(st.lists(st.tuples(st.booleans(), _sessions, _texts), max_size=30))
def test_a_state_is_read_as_it_was_written(steps):
    state, seq = OnAir(), 0
    for comes, session, name in steps:
        if comes or session in state.sessions:
            seq += 1
            tag, more = (LISTED, {"hidden": False}) if comes else (UNLISTED, {"reason": "gone"})
            FOLD.apply(state, decode(line(seq, tag, session=session, name=name, **more)))
    again = from_json(as_json(state))
    assert list(again.sessions.items()) == list(state.sessions.items())
    assert canonical(again) == canonical(state)


def test_it_is_a_log_of_the_usual_form(tmp_path):
    disk = RealDisk()
    with_log = open_log_of(FOLD, disk, tmp_path, DIRECTORY).log
    for number in range(1, 400):
        tag = LISTED if number % 2 else UNLISTED
        filler = {"name": "x" * 900} if number % 2 else {"reason": "gone"}
        with_log.append_line(line(number, tag, session=A, **filler))
        if number % 5 == 0:
            with_log.commit(with_log.take())
    while group := with_log.take():
        with_log.commit(group)
    with_log.close()
    path = tmp_path / DIRECTORY
    verdict = verify(disk, path, FOLD)
    assert (verdict.status, verdict.events) == (Status.WHOLE, 399)
    assert verify(disk, path).status is Status.WHOLE, "tools for sessions read it too"
    with open_reader_of(FOLD, disk, path) as reader:
        assert reader.frames > 0
        assert list(reader.at(Seq(299)).state.sessions) == [A]
        assert list(reader.at(Seq(300)).state.sessions) == []
    again = open_log_of(FOLD, disk, tmp_path, DIRECTORY).log
    assert (again.place.seq, list(again.state.sessions)) == (399, [A])
    again.close()
