"""Two histories of one session are both recorded, and the one on air is shown."""

from random import Random

from livetiming.network import names
from livetiming.network.wire import Standing, read_answer, read_snapshot
from tests.components.dvr.stage import FOLDERS, IDS, START_AT, Service, Stage
from tests.events.log import synthetic


def forked(stage, at=4, writer=START_AT + 5000):
    """A recorded service, and another that went on from an older copy of its log."""
    service = stage.service(lines=8)
    stage.until(lambda: service.is_recorded)
    other = service.history.copy(at, Random(77))
    other.add(synthetic.resumed(writer))
    other.add_some(3)
    return service, Service(stage, other, writer)


def test_a_history_that_fits_none_is_recorded_beside_the_first():
    stage = Stage().start()
    first, second = forked(stage)
    stage.until(lambda: second.is_recorded)
    first.go_on(3)
    second.go_on(2)
    stage.until(lambda: first.is_recorded and second.is_recorded)
    assert stage.growing(number=1) == first.history.lines
    assert stage.growing(number=2) == second.history.lines


def test_the_directory_is_told_of_a_second_history_each_time_that_the_session_is_announced():
    stage = Stage().start()
    told = []
    stage.router.connect("directory").subscribe(names.FORKED, lambda *args: told.append(args))
    first, second = forked(stage)
    stage.until(lambda: second.is_recorded)
    stage.wait(11)
    assert told[-1] == (IDS[0], 2)
    told.clear()
    stage.wait(11)
    assert told
    assert first.is_recorded


def test_after_a_restart_both_histories_go_on():
    stage = Stage().start()
    first, second = forked(stage)
    stage.until(lambda: second.is_recorded)
    stage.kill()
    first.go_on(3)
    second.go_on(2)
    stage.wait(1)
    stage.start()
    stage.until(lambda: first.is_recorded and second.is_recorded)
    assert stage.growing(number=1) == first.history.lines
    assert stage.growing(number=2) == second.history.lines


def test_the_history_on_air_is_shown_not_the_one_of_the_newest_writer():
    stage = Stage().start()
    first, second = forked(stage)
    stage.until(lambda: second.is_recorded)
    shown = read_snapshot(stage.ask(names.snapshot_procedure(IDS[0]), None))
    assert shown.writer == second.writer
    second.die()
    stage.wait(20)
    shown = read_snapshot(stage.ask(names.snapshot_procedure(IDS[0]), None))
    assert shown.writer == first.writer


def test_the_history_that_was_on_air_is_shown_after_a_restart_and_after_the_end():
    stage = Stage(gone_s=60).start()
    first, second = forked(stage)
    stage.until(lambda: second.is_recorded)
    second.die()
    stage.wait(20)
    first.die()
    stage.kill()
    stage.start()
    stage.wait(1)
    assert read_snapshot(stage.ask(names.snapshot_procedure(IDS[0]), None)).writer == first.writer
    stage.wait(200)
    assert len(stage.recordings()) == 2
    assert not stage.growing_files()
    assert read_snapshot(stage.ask(names.snapshot_procedure(IDS[0]), None)).writer == first.writer


def test_both_histories_are_sealed_with_the_number_of_the_second_in_its_name():
    stage = Stage(gone_s=60).start()
    first, second = forked(stage)
    stage.until(lambda: second.is_recorded)
    first.die()
    second.die()
    stage.wait(70)
    found = stage.recordings()
    assert sorted(name.rpartition("_")[2] for name in found) == [
        f"{IDS[0]}.jsonl.zst",
        f"{IDS[0]}~2.jsonl.zst",
    ]
    assert sorted(map(len, found.values())) == sorted([first.history.n, second.history.n])


def test_a_writer_that_contradicts_itself_is_told_what_it_said_before():
    stage = Stage().start()
    service = stage.service(lines=8)
    stage.until(lambda: service.is_recorded)
    chain, seq = service.history.chains[-1], service.published
    service.die()
    back = service.history.copy(5, Random(77))
    back.add_some(1)
    rolled = Service(stage, back)
    stage.until(lambda: rolled.told)
    stage.until(lambda: rolled.recorded[1:3] == (seq, chain), 5)
    stage.wait(15)
    assert rolled.recorded[1:3] == (seq, chain)
    stage.until(lambda: 2 in stage.dvr_histories())


def test_what_a_fenced_writer_hands_over_is_taken():
    stage = Stage().start()
    first, second = forked(stage)
    first.status = Standing.FENCED
    first.history.add_some(4)
    first.published = first.history.n
    first.announce()
    stage.until(lambda: first.is_recorded and second.is_recorded)
    assert stage.growing(number=1) == first.history.lines


def test_a_log_that_nobody_writes_is_taken_from_whoever_keeps_it():
    stage = Stage().start()
    service = stage.service(lines=8)
    service.status = Standing.RETAINED
    stage.until(lambda: service.is_recorded)
    assert stage.growing() == service.history.lines


def test_more_than_eight_histories_are_refused_with_an_alarm(said):
    stage = Stage().start()
    service = stage.service(lines=8)
    stage.until(lambda: service.is_recorded)
    others = []
    for number in range(8):
        other = service.history.copy(4, Random(number))
        other.add(synthetic.resumed(START_AT + 1000 + number))
        others.append(Service(stage, other, START_AT + 1000 + number))
        stage.wait(3)
    assert all(other.is_recorded for other in others[:7])
    assert not others[7].is_recorded
    alarms = [event for event in said if event["log_level"].name == "critical"]
    assert len(alarms) == 1
    service.go_on(3)
    stage.until(lambda: service.is_recorded)


def test_a_resuming_service_is_told_what_goes_on_from_its_copy():
    stage = Stage().start()
    first, second = forked(stage)
    stage.until(lambda: second.is_recorded)
    history = first.history
    got = stage.continued(IDS[0], 3, history.chains[3])
    assert got.newest_writer == second.writer
    assert (got.from_seq, got.lines) == (4, tuple(second.history.lines[3:]))
    got = stage.continued(IDS[0], 6, history.chains[6])
    assert (got.from_seq, got.lines) == (7, tuple(history.lines[6:]))
    got = stage.continued(IDS[0], 6, bytes(8))
    assert (got.newest_writer, got.lines) == (second.writer, ())
    assert stage.continued(IDS[5], 0, bytes(8)) == (0, 1, ())


def test_events_are_answered_as_by_the_service_itself():
    stage = Stage().start()
    service = stage.service(lines=700)
    stage.until(lambda: service.is_recorded)
    for first, limit in ((1, 500), (400, 10), (701, 500), (702, 500), (900, 1)):
        got = read_answer(stage.ask(names.events_procedure(IDS[0]), first, limit))
        assert got == read_answer(service.events(first, limit)), first
    assert FOLDERS.temp
