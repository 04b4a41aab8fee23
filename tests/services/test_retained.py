"""Logs that nobody writes any more: handed over by whatever starts next in their folder."""

import pytest

from livetiming.events import SessionId
from livetiming.events.log import RealDisk, open_log
from livetiming.network.names import NO_SUCH_PROCEDURE, UNKNOWN_SESSION, log_procedure
from livetiming.network.wire import Standing
from livetiming.services.recorded import is_recorded, recorded_path
from livetiming.services.retained import LOOK_S
from livetiming.services.terms import Terms
from tests.services.on_air import Broadcast, settle
from tests.services.stage import Stage, laps, last, seen


@pytest.fixture
def left(tmp_path):
    """A log that was closed off the air."""
    stage = Stage(tmp_path).start()
    stage.frame(seen(), laps(1))
    stage.frame(laps(2))
    stage.stop()
    return tmp_path / stage.sessions()[0]


def next_service(folder, **more):
    air = Broadcast(folder, begin=False, seed=5, **more)
    air.stage.advance(0.3)
    return air


def test_the_next_service_tells_of_a_log_that_was_left(left):
    air = next_service(left.parent)
    end = last(left)
    said = air.last
    assert said.status is Standing.RETAINED
    assert (said.session, said.writer) == (left.name, end.state.writer)
    assert (said.next_seq, said.end) == (end.place.seq + 1, end.place.chain)
    assert said.instance == "main"
    assert said.name == "WEC"


def test_a_log_that_was_left_is_read_to_who_asks_and_told_of_until_it_is_recorded(left):
    air = next_service(left.parent)
    writer, end = air.last.writer, last(left).place
    answer = air.listener.log(left.name, writer, 2, 2)
    assert (answer.from_seq, answer.next_seq, len(answer.lines)) == (2, end.seq + 1, 2)
    told = len(air.listener.sessions)
    air.stage.advance(22, 0.5)
    assert len(air.listener.sessions) == told + 2
    air.listener.recorded(left.name, writer, 2, air.listener.log(left.name, writer, 3).chain)
    air.listener.recorded(left.name, writer, end.seq, bytes(8))
    air.stage.advance(10, 0.5)
    assert air.last.recorded == 2
    air.listener.all_recorded(left.name)
    assert is_recorded(RealDisk(), left.parent, SessionId(left.name), end)
    assert air.listener.ask(log_procedure(left.name, writer), 1, 1) == NO_SUCH_PROCEDURE
    told = len(air.listener.sessions)
    air.stage.advance(60, 0.5)
    assert len(air.listener.sessions) == told


def test_a_log_that_is_recorded_is_told_of_no_more_by_the_next_service(left):
    air = next_service(left.parent)
    air.listener.all_recorded(left.name)
    air.stage.stop()
    again = next_service(left.parent)
    again.stage.advance(60, 0.5)
    assert again.listener.sessions == []


def test_a_log_that_went_on_since_it_was_recorded_is_told_of_again(left):
    air = next_service(left.parent)
    air.listener.all_recorded(left.name)
    air.stage.stop()
    later = Stage(left.parent, seed=9, initial=left).start()
    later.stop()
    again = next_service(left.parent)
    assert again.last.next_seq == last(left).place.seq + 1


def test_a_killed_service_s_log_is_told_of_too_when_it_is_held_no_more(tmp_path):
    stage = Stage(tmp_path).start()
    stage.frame(seen(), laps(1))
    air = next_service(tmp_path)
    assert air.listener.sessions == []
    stage.service.restart()
    air.stage.advance(LOOK_S + 1, 0.5)
    assert air.last.status is Standing.RETAINED


def test_a_log_that_somebody_goes_on_in_is_handed_over_no_more(left):
    air = next_service(left.parent)
    writer = air.last.writer
    opened = open_log(RealDisk(), left.parent, SessionId(left.name)).log
    assert air.listener.ask(log_procedure(left.name, writer), 1, 1) == UNKNOWN_SESSION
    assert air.listener.ask(log_procedure(left.name, writer), 1, 1) == NO_SUCH_PROCEDURE
    opened.close()
    air.stage.advance(LOOK_S + 1, 0.5)
    assert air.last.status is Standing.RETAINED


def test_a_log_that_went_on_unseen_is_not_answered_from(left):
    air = next_service(left.parent)
    writer = air.last.writer
    Stage(left.parent, seed=9, initial=left).start().stop()
    assert air.listener.ask(log_procedure(left.name, writer), 1, 1) == UNKNOWN_SESSION
    air.stage.advance(LOOK_S + 1, 0.5)
    assert air.last.writer == last(left).state.writer > writer


def test_of_two_services_of_a_folder_one_hands_over_and_then_the_other(left):
    first = next_service(left.parent)
    second = next_service(left.parent, router=first.router)
    first.listener.announced.clear()
    first.stage.advance(60, 0.5)
    assert {each.session for each in first.listener.sessions} == {left.name}
    assert 5 <= len(first.listener.sessions) <= 7
    first.stage.stop()
    first.listener.announced.clear()
    first.stage.advance(LOOK_S + 12, 0.5)
    assert first.listener.sessions
    assert second.stage.code is None


def test_what_nobody_is_to_record_is_told_of_to_nobody(tmp_path):
    stage = Stage(tmp_path, terms=Terms(class_="x", do_not_record=True)).start()
    stage.frame(seen(), laps(1))
    stage.service.restart()
    air = next_service(tmp_path)
    air.stage.advance(60, 0.5)
    assert air.listener.sessions == []


@pytest.mark.parametrize("text", [b"", b"junk", b'{"seq":1}', b'{"seq":5,"chain":"00"}'])
def test_a_note_that_cannot_be_read_is_none(left, text):
    recorded_path(left.parent, SessionId(left.name)).write_bytes(text)
    assert next_service(left.parent).last.status is Standing.RETAINED


def test_a_damaged_log_is_told_of_once_in_the_log_file_and_left_as_it_is(left, said):
    path = left.with_name(f"{left.name}.jsonl")
    text = path.read_bytes()
    path.write_bytes(text.replace(b'"WEC"', b'"WEX"'))
    air = next_service(left.parent)
    air.stage.advance(100, 0.5)
    assert air.listener.sessions == []
    assert len([words for level, words in said if "left as it is" in words]) == 1
    assert path.read_bytes() == text.replace(b'"WEC"', b'"WEX"')


def test_a_torn_log_is_mended_before_it_is_told_of(left):
    path = left.with_name(f"{left.name}.jsonl")
    end = last(left).place
    with path.open("ab") as file:
        file.write(b'{"seq":99,"at":1,"ty')
    air = next_service(left.parent)
    assert air.last.next_seq == end.seq + 1
    assert list(left.parent.glob("*.torn-*"))


def test_strangers_files_are_passed_over(tmp_path):
    for name in ("directory.jsonl", "x.jsonl", f"{'a' * 32}~2.jsonl", f"{'b' * 32}.jsonl"):
        (tmp_path / name).write_bytes(b"")
    air = next_service(tmp_path)
    settle(air.router, 1)
    assert air.listener.sessions == []
