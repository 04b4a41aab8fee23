"""A disk that refuses, logs that are damaged, junk, lines nobody has, sessions nobody may keep."""

import errno
import json
from random import Random

import pytest

from livetiming.errors import LogLocked
from livetiming.events.log import open_log
from livetiming.network import names
from livetiming.network.wire import Lines, RecordedStatus, Standing, write_lines
from tests.components.dvr.stage import FOLDERS, IDS, START_AT, Stage
from tests.events.log import synthetic


class Refusing:
    """Makes a disk refuse what concerns one session."""

    def __init__(self, disk, session=None, number=errno.ENOSPC):
        self.disk, self.session, self.number = disk, session, number
        self.plain = disk.append
        disk.append = self.append

    def append(self, path):
        file = self.plain(path)
        if self.session is None or path.name.startswith(self.session):
            refusing = self

            class File:
                def __getattr__(self, name):
                    return getattr(file, name)

                def write(self, data):
                    refusing.refuse()

                def rewrite(self, offset, data):
                    refusing.refuse()

                def sync(self):
                    refusing.refuse()

            return File()
        return file

    def refuse(self):
        raise OSError(self.number, "told to fail")

    def relent(self):
        self.disk.append = self.plain


def two_sessions():
    stage = Stage().start()
    first, second = stage.service(0), stage.service(1)
    stage.until(lambda: first.is_recorded and second.is_recorded)
    return stage, first, second


def pause(stage, service, session=IDS[0], number=errno.ENOSPC):
    """The disk refuses a session; whose log is opened again by then."""
    refusing = Refusing(stage.disk, session, number)
    for history in stage.dvr._histories():
        if history._where.session == session:
            history._writer._file = refusing.append(history._where.paths.tail)
    return refusing


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_full_disk_pauses_one_session_and_loses_nothing(number, said):
    stage, first, second = two_sessions()
    refusing = pause(stage, first, number=number)
    first.go_on(1)
    stage.until(lambda: first.recorded.status is RecordedStatus.PAUSED, 2)
    before = first.recorded.seq
    for _ in range(10):
        first.go_on(3)
        second.go_on(3)
        stage.wait(2)
    assert first.recorded.seq == before
    stage.until(lambda: second.is_recorded, 2)
    refusing.relent()
    stage.until(lambda: first.is_recorded, 6)
    assert stage.growing(IDS[0]) == first.history.lines
    assert stage.growing(IDS[1]) == second.history.lines
    texts = [event["log_format"] for event in said if event["log_level"].name == "error"]
    assert texts.count("recording is paused: {reason}") == 1
    assert len(texts) <= 2, "the heads of that session may be refused too, once"


def test_a_paused_session_is_still_answered_for():
    stage, first, _ = two_sessions()
    pause(stage, first)
    first.go_on(1)
    stage.until(lambda: first.recorded.status is RecordedStatus.PAUSED, 2)
    answer = json.loads(stage.ask(names.events_procedure(IDS[0]), 1, 500))
    assert answer["next_seq"] == first.published


def _failing_calls(number, seed, *, sticky):
    """Record while the n-th call to the disk fails, and all after it for a while."""
    stage = Stage(seed)
    stage.disk.failing = range(number, number + (60 if sticky else 1))
    try:
        stage.start()
    except Exception:
        stage.disk.kill()
        stage.disk.heal()
        stage.start()
    service, other = stage.service(0), stage.service(1)
    for _ in range(8):
        service.go_on(2, after_ms=100_000)
        other.go_on(1)
        stage.wait(1)
    service.close()
    stage.wait(10)
    failed = bool(stage.disk.failed)
    stage.disk.heal()
    stage.until(lambda: service.is_recorded and other.is_recorded, 40)
    stage.until(lambda: stage.recordings() and IDS[0] not in str(stage.growing_files()), 90)
    assert list(stage.recordings().values()) == [service.history.lines]
    assert stage.growing(IDS[1]) == other.history.lines
    return failed


@pytest.mark.parametrize("sticky", [False, True])
def test_whichever_call_to_the_disk_fails_nothing_is_lost(sticky, said):
    assert [_failing_calls(number, 1, sticky=sticky) for number in range(1, 180, 11)]


@pytest.mark.reliability
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("sticky", [False, True])
def test_whichever_of_all_calls_to_the_disk_fails_nothing_is_lost(sticky):
    number = 1
    while _failing_calls(number, number, sticky=sticky):
        number += 1
    assert number > 150


def test_a_damaged_log_is_left_as_it_is_and_the_session_recorded_beside_it(said):
    stage, first, second = two_sessions()
    stage.kill()
    path = FOLDERS.temp / f"{IDS[0]}.jsonl"
    inode = stage.disk.names[path]
    inode.seen[len(inode.seen) // 2] ^= 8
    damaged = bytes(inode.seen)
    first.go_on(3)
    second.go_on(3)
    stage.start()
    stage.until(lambda: first.is_recorded and second.is_recorded)
    assert bytes(stage.disk.names[path].seen) == damaged
    assert stage.growing(IDS[0], 2) == first.history.lines
    assert [event["log_level"].name for event in said].count("critical") == 1


def test_junk_is_dropped_and_said_once_for_each_kind(said):
    stage, first, _ = two_sessions()
    junk = stage.router.connect("junk")
    topic = names.events_topic(IDS[0])
    for _ in range(20):
        for text in ("{}", "[]", "x", '{"session":"1"}', None, 7):
            junk.publish(names.ANNOUNCE, text)
        junk.publish(names.ANNOUNCE)
        junk.publish(topic, 1, 2, 3)
        junk.publish(topic, START_AT, first.published + 1, "0" * 16, "junk\n")
        junk.publish(topic, -1, 1, "0" * 16, "", 1, 1)
        stage.wait(0.1)
    first.go_on(2)
    stage.until(lambda: first.is_recorded)
    assert stage.growing() == first.history.lines
    warnings = [event for event in said if event["log_level"].name == "warn"]
    assert len(warnings) == 2
    assert sum(stage.dvr._reports.counts.values()) == 20 * 10


def test_forged_lines_do_not_enter_and_are_counted():
    stage, first, _ = two_sessions()
    forger = stage.router.connect("forger")
    for number in range(30):
        at = number % first.history.n
        forged = first.history.copy(max(1, at), Random(number))
        forged.add_some(1)
        chain = forged.chains[forged.n - 1]
        message = Lines(START_AT, forged.n, chain, (forged.lines[-1],))
        forger.publish(names.events_topic(IDS[0]), *write_lines(message))
        first.go_on(1)
        stage.wait(0.7)
    stage.until(lambda: first.is_recorded)
    assert stage.growing() == first.history.lines
    assert stage.dvr_histories() == [1]
    assert stage.dvr._recordings[IDS[0]].replica.source(START_AT).forged > 5


def test_lines_behind_a_hole_of_a_writer_that_is_gone_are_kept_beside_the_log(said):
    stage, first, _ = two_sessions()
    stage.cut()
    first.go_on(3)
    stage.heal()
    first.answers = False
    had, lines = stage.growing(), first.history.lines
    first.history.add_some(2)
    first.publish()
    stage.wait(0.3)
    first.die()
    stage.wait(20)
    rows = [json.loads(line) for line in stage.read(f"{IDS[0]}.loose").splitlines()]
    assert [row[:2] for row in rows] == [
        [START_AT, first.history.n - 1],
        [START_AT, first.history.n],
    ]
    assert [row[3].encode() for row in rows] == lines[-2:]
    gap = (START_AT, len(had) + 1, first.history.n, first.history.chains[-1])
    assert [(session, tuple(gap)) for session, gap in stage.dvr.gaps()] == [(IDS[0], gap)]
    stage.wait(90)
    assert [event["log_level"].name for event in said].count("critical") == 1
    stage.kill()
    stage.start()
    stage.wait(5)
    assert [tuple(gap) for _, gap in stage.dvr.gaps()] == [gap]


def test_a_gap_is_closed_when_the_log_turns_up_again():
    stage, first, _ = two_sessions()
    stage.cut()
    first.go_on(3)
    stage.heal()
    first.answers = False
    first.beacon()
    stage.wait(100)
    assert stage.dvr.gaps()
    first.answers = True
    stage.until(lambda: first.is_recorded)
    assert stage.dvr.gaps() == []
    stage.wait(2)
    assert stage.growing_files() == [f"{IDS[0]}.jsonl", f"{IDS[1]}.jsonl"]
    assert not [name for name in stage.files(FOLDERS.temp) if name.endswith(".heard")]


def test_a_session_that_nobody_may_keep_is_not_written_at_all():
    stage = Stage()
    stage.start()
    writes = stage.disk.changing_calls
    service = stage.service(do_not_record=True)
    service.go_on(5)
    service.close()
    stage.wait(30)
    assert stage.disk.changing_calls == writes
    assert stage.ask(names.snapshot_procedure(IDS[0]), None).value.error == names.UNKNOWN_SESSION


def test_a_session_is_thrown_away_when_it_turns_out_that_nobody_may_keep_it():
    stage = Stage().start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    described = service.history.described
    fields = {name: getattr(described, name) for name in described.__struct_fields__}
    service.history.add(type(described)(**{**fields, "do_not_record": True, "writer": None}))
    service.publish()
    stage.until(lambda: stage.files(FOLDERS.temp) == ["dvr.lock"])
    stage.wait(1)
    told = len(service.told)
    service.go_on(5)
    service.close()
    stage.wait(30)
    assert (stage.files(FOLDERS.temp), stage.recordings()) == (["dvr.lock"], {})
    assert len(service.told) == told


def test_an_announcement_is_enough_to_throw_a_recording_away():
    stage = Stage().start()
    service = stage.service()
    service.close()
    stage.until(lambda: stage.recordings())
    service.do_not_record = True
    service.announce()
    stage.until(lambda: not stage.recordings())


def test_a_hidden_session_is_recorded_and_answered_for_like_any_other():
    stage = Stage().start()
    service = stage.service(hidden=True)
    stage.until(lambda: service.is_recorded)
    assert json.loads(stage.ask(names.snapshot_procedure(IDS[0]), None))["writer"] == START_AT


def test_a_second_dvr_of_a_folder_does_not_start():
    stage = Stage().start()
    with pytest.raises(LogLocked, match="another dvr records here"):
        stage.second()
    stage.stop()
    stage.start()


def test_a_dvr_that_stops_finishes_what_it_is_writing_and_lets_go_of_everything():
    stage, first, second = two_sessions()
    stage.threads = []
    first.go_on(2)
    second.go_on(2)
    stage.wait(1)
    stopped: list = []
    stage.dvr.stop().addCallback(stopped.append)
    stage.wait(1)
    assert not stopped
    stage.release_threads()
    stage.wait(0.1)
    assert stopped
    stage.connection.close()
    assert stage.disk.locked == set()
    assert stage.growing() == first.history.lines
    assert open_log(stage.disk, FOLDERS.temp, IDS[1]).log.place.seq == second.history.n


def test_the_router_comes_and_goes_and_nothing_is_missing():
    stage, first, second = two_sessions()
    for _ in range(5):
        stage.router.kill()
        first.go_on(4)
        stage.wait(stage.rng.uniform(0.1, 40))
        stage.router.restart()
        second.go_on(2)
        stage.wait(stage.rng.uniform(0.1, 20))
    stage.until(lambda: first.is_recorded and second.is_recorded)
    assert stage.growing(IDS[0]) == first.history.lines
    assert stage.growing(IDS[1]) == second.history.lines


def test_a_writer_that_was_heard_long_ago_is_not_asked_any_more():
    stage, first, _ = two_sessions()
    first.answers = False
    stage.cut()
    first.go_on(3)
    stage.heal()
    first.beacon()
    stage.wait(1)
    first.beats.stop()
    first.announcing.stop()
    stage.wait(95)
    calls = len(stage.router.calls)
    stage.wait(100)
    assert len(stage.router.calls) == calls
    own = names.log_procedure(IDS[0], START_AT)
    assert 5 < [name for _, name, _ in stage.router.calls].count(own) < 20


def test_two_instances_of_a_standing_are_no_reason_to_be_told_twice():
    stage, first, _ = two_sessions()
    first.status = Standing.RETAINED
    first.told.clear()
    first.announce()
    first.announce()
    stage.wait(0.5)
    assert len(first.told) <= 1


def test_lines_of_a_length_that_a_log_takes_are_recorded():
    stage = Stage().start()
    service = stage.service()
    service.history.rng = Random(3)
    for _ in range(5):
        service.history.add(synthetic.payload(Random(4), service.history.folded.state, 15_000))
    service.publish()
    stage.until(lambda: service.is_recorded)
    assert stage.growing() == service.history.lines


def test_loose_lines_go_when_the_log_turned_up_after_all():
    stage, first, _ = two_sessions()
    stage.limits["gone_s"] = 60
    stage.kill()
    stage.start()
    stage.until(lambda: stage.growing() == first.history.lines)
    stage.cut()
    first.go_on(3)
    stage.heal()
    first.answers = False
    first.go_on(2)
    stage.wait(0.3)
    for each in (first.beats, first.announcing):
        each.stop()
    stage.wait(20)
    assert stage.read(f"{IDS[0]}.loose")
    first.answers = True
    first.beacon()
    stage.until(lambda: stage.growing() == first.history.lines)
    stage.until(lambda: IDS[0] not in str(stage.files(FOLDERS.temp)), 90)
    assert list(stage.recordings().values()) == [first.history.lines]


def test_a_damaged_log_goes_too_where_nobody_may_keep_the_session(said):
    stage, first, _ = two_sessions()
    stage.kill()
    inode = stage.disk.names[FOLDERS.temp / f"{IDS[0]}.jsonl"]
    inode.seen[len(inode.seen) // 2] ^= 8
    stage.start()
    stage.until(lambda: stage.dvr_histories() == [1, 2])
    first.do_not_record = True
    first.announce()
    stage.until(lambda: stage.dvr_histories() == [])


def test_while_a_log_is_read_its_session_is_not_called_unknown():
    stage, _, _ = two_sessions()
    stage.kill()
    stage.threads = []
    stage.start()
    stage.wait(0.5)
    assert stage.ask(names.snapshot_procedure(IDS[0]), None).value.error == names.BUSY
    stage.release_threads()
    stage.wait(0.5)
    assert json.loads(stage.ask(names.snapshot_procedure(IDS[0]), None))


def test_a_flood_in_a_writers_name_makes_the_dvr_ask_once_a_second_at_most():
    stage, first, _ = two_sessions()
    forger = stage.router.connect("forger")
    first.asked.clear()
    for number in range(200):
        forged = first.history.copy(2, Random(number))
        forged.add_some(1)
        message = Lines(START_AT, 3, forged.chains[2], (forged.lines[2],))
        forger.publish(names.events_topic(IDS[0]), *write_lines(message))
        stage.wait(0.05)
    assert 5 <= len(first.asked) <= 11
    assert stage.dvr_histories() == [1]
