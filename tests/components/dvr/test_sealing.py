"""What is over becomes a recording; a crash at any moment leaves the log or the recording."""

from random import Random

import pytest

from livetiming.network import names
from livetiming.network.connection import CallFailed
from livetiming.network.wire import Standing, read_answer, read_snapshot
from tests.components.dvr.stage import FOLDERS, IDS, START_AT, Service, Stage
from tests.events.log import synthetic

NAME = f"2026-06-14_1400_wec_race_{IDS[0]}.jsonl.zst"
MINUTES = 60_000


def sealed(stage=None, **described):
    """A session that was recorded to its end."""
    stage = (stage or Stage()).start()
    service = stage.service(**described)
    service.go_on(6, after_ms=2 * MINUTES)
    service.close()
    stage.until(lambda: stage.recordings() and not stage.growing_files())
    return stage, service


def test_a_recording_is_named_for_its_day_and_what_it_is():
    stage, service = sealed()
    assert stage.recordings() == {NAME: service.history.lines}


def test_the_name_of_a_session_never_leaves_the_folder():
    stage, _ = sealed(name="../../../etc/cron.d/ä é", description="\u2044..\u2044 \U0001f3c1")
    assert list(stage.recordings()) == [
        f"2026-06-14_1400_etc-cron-d-a-e_session_{IDS[0]}.jsonl.zst"
    ]
    assert {path.parent for path in stage.disk.names} == {FOLDERS.temp, FOLDERS.recordings}


def test_long_names_are_cut():
    stage, _ = sealed(name="x" * 300, description="é" * 300)
    assert list(stage.recordings()) == [f"2026-06-14_1400_{'x' * 48}_{'e' * 48}_{IDS[0]}.jsonl.zst"]


def test_a_session_shorter_than_wanted_is_dropped_and_its_writer_still_told():
    stage = Stage(min_recording_s=600).start()
    service = stage.service()
    service.close()
    stage.until(lambda: not stage.growing_files())
    assert stage.recordings() == {}
    service.told.clear()
    stage.wait(11)
    assert service.is_recorded
    assert stage.recordings() == {}


def test_a_dropped_session_that_goes_on_is_recorded_from_its_beginning():
    stage = Stage(min_recording_s=600).start()
    service = stage.service()
    service.close()
    stage.until(lambda: not stage.growing_files())
    service.history.add(synthetic.resumed(START_AT))
    service.go_on(10, after_ms=2 * MINUTES)
    service.status = Standing.LIVE
    stage.until(lambda: service.is_recorded)
    service.close()
    stage.until(lambda: stage.recordings() and not stage.growing_files())
    assert stage.recordings() == {NAME: service.history.lines}


def test_what_its_writer_is_still_to_hand_over_is_waited_for():
    stage = Stage().start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    service.answers = False
    service.history.close()
    service.history.add(service.history.described)
    service.published += 1
    service.publish()
    service.published = service.history.n
    stage.wait(30)
    assert not stage.recordings()
    service.answers = True
    stage.until(lambda: stage.recordings())
    assert stage.recordings() == {NAME: service.history.lines}


def reopened(stage, service, lines=3):
    """The session goes on after its end."""
    service.status = Standing.LIVE
    service.history.add(synthetic.resumed(START_AT))
    service.history.add_some(lines, after_ms=2 * MINUTES)
    service.history.add(service.history.described)
    service.publish()


def test_a_sealed_session_that_goes_on_is_sealed_again_over_the_old_file():
    stage, service = sealed()
    reopened(stage, service)
    stage.until(lambda: service.is_recorded)
    assert stage.growing() == service.history.lines
    service.close()
    stage.until(lambda: not stage.growing_files())
    assert stage.recordings() == {NAME: service.history.lines}


def test_it_keeps_the_name_of_its_file_though_it_is_described_otherwise_now():
    stage, service = sealed()
    stage.kill()
    fields = {name: getattr(service.history.described, name) for name in ("name", "session")}
    assert fields["session"] == IDS[0]
    service.history.described = type(service.history.described)(
        **{
            **{
                name: getattr(service.history.described, name)
                for name in service.history.described.__struct_fields__
            },
            "description": "Race two",
        }
    )
    reopened(stage, service)
    service.close()
    stage.start()
    stage.until(lambda: service.is_recorded)
    stage.until(lambda: not stage.growing_files())
    assert stage.recordings() == {NAME: service.history.lines}


def test_a_session_that_lacks_what_nobody_has_is_sealed_once(said):
    stage = Stage(gone_s=100).start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    lines = stage.growing()
    service.answers = False
    service.history.add_some(2)
    service.beacon()
    stage.wait(0.5)
    service.die()
    stage.wait(130)
    assert list(stage.recordings().values()) == [lines]
    assert [e["log_format"] for e in said if "sealed to" in e["log_format"]] == ["sealed to {path}"]


def test_a_sealed_session_that_is_only_announced_again_stays_as_it_is():
    stage, service = sealed()
    stage.kill()
    stage.start()
    stage.until(lambda: stage.connection.joined)
    service.told.clear()
    service.announce()
    stage.until(lambda: service.is_recorded)
    stage.wait(30)
    assert not stage.growing_files()


def test_a_sealed_session_is_answered_for_as_long_as_it_is_there():
    stage, service = sealed(Stage(gone_s=60))
    service.die()
    for _ in range(3):
        got = read_answer(stage.ask(names.events_procedure(IDS[0]), 2, 500))
        assert (got.writer, got.from_seq, got.next_seq) == (START_AT, 2, service.history.n + 1)
        assert got.lines == tuple(service.history.lines[1:])
        shown = read_snapshot(stage.ask(names.snapshot_procedure(IDS[0]), {"seq": 4}))
        assert b'"seq":4' in shown.snapshot
        stage.wait(50)


def test_what_cannot_be_answered_is_refused():
    stage, _ = sealed()

    def error(procedure, *args):
        got = stage.ask(procedure, *args).value
        assert isinstance(got, CallFailed)
        return got.error

    assert error(names.snapshot_procedure(IDS[3]), None) == names.UNKNOWN_SESSION
    assert error("livetiming.rpc.session.x.snapshot", None) == names.UNKNOWN_SESSION
    assert error(names.events_procedure(IDS[3]), 1, 1) == names.UNKNOWN_SESSION
    assert error(names.events_procedure(IDS[0]), 0, 1) == names.BAD_ARGUMENT
    assert error(names.events_procedure(IDS[0]), "1", 1) == names.BAD_ARGUMENT
    assert error(names.snapshot_procedure(IDS[0]), {"at": "x"}) == names.BAD_ARGUMENT
    assert error(names.analysis_procedure(IDS[3]), "", 0, 1) == names.UNKNOWN_SESSION
    assert error(names.analysis_procedure(IDS[0]), "lapse", 0, 1) == names.BAD_ARGUMENT
    assert error(f"livetiming.rpc.session.{IDS[0]}.other") == names.NO_SUCH_PROCEDURE
    assert error(names.CONTINUE, "x", 1, "0" * 16) == names.BAD_ARGUMENT
    assert error(names.CONTINUE, str(IDS[0]), 1, "z" * 16) == names.BAD_ARGUMENT


def test_what_the_services_own_log_has_more_is_taken_before_a_session_is_given_up():
    stage = Stage(gone_s=30).start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    service.die()
    service.history.add_some(1200)
    synthetic_log(stage.disk, service)
    stage.wait(40)
    assert stage.recordings() == {NAME: service.history.lines}


def test_a_services_own_log_of_another_history_is_left_alone():
    stage = Stage(gone_s=30).start()
    service = stage.service()
    stage.until(lambda: service.is_recorded)
    lines = list(service.history.lines)
    service.die()
    other = service.history.copy(3, Random(5))
    other.add_some(20)
    synthetic_log(stage.disk, Service(stage, other, START_AT + 1), announce=False)
    stage.wait(40)
    assert stage.recordings() == {NAME: lines}


def synthetic_log(disk, service, *, announce=True):
    """The service's own log on the dvr's machine; nobody is there any more."""
    from livetiming.events.log import open_log

    if not announce:
        service.die()
    log = open_log(disk, FOLDERS.state, service.history.session).log
    for line in service.history.lines:
        log.append_line(line)
    for _ in synthetic.commit_all(log):
        pass
    log.close()


# --- crashes


def strike(number, seed, prepare, act):
    """Have the power go at a change of the disk; give the stage and its service.

    Args:
        number: of the change.
        seed: decides what is left.
        prepare: makes them.
        act: begins what is struck.
    """
    stage, service = prepare()
    stage.disk.power_lost_at = stage.disk.changing_calls + number
    act(stage, service)
    for _ in range(40 * 20):
        if stage.struck:
            break
        stage.wait(0.05)
    return stage, service


def found_again(stage, service, seed, *, power):
    """A dvr comes back, and the service does not; what it leaves survives a loss of power.

    Returns: the recordings, and how much was called recorded before.
    """
    recorded = max((told.seq for told in service.told), default=0)
    if stage.struck and power:
        stage.disk = stage.disk.after_power_loss(Random(seed))
    else:
        stage.disk.kill()
    if not stage.struck:
        stage.kill()
    stage.struck = False
    service.die()
    stage.start()
    stage.wait(stage.limits["gone_s"] + 10)
    assert stage.growing_files() == []
    assert not [name for name in stage.files(FOLDERS.recordings) if name.endswith(".part")]
    found = stage.recordings()
    stage.kill()
    stage.disk = stage.disk.after_power_loss(Random(seed))
    assert stage.recordings() == found, "it was there, but not for good"
    return found, recorded


def growing():
    stage = Stage(gone_s=100).start()
    service = stage.service()
    service.go_on(6, after_ms=2 * MINUTES)
    stage.until(lambda: service.is_recorded)
    return stage, service


def ended():
    stage, service = sealed(Stage(gone_s=100))
    return stage, service


def go_on_and_close(stage, service):
    reopened(stage, service)
    service.close()


def every_strike(prepare, act, *, power, seeds=(0,)):
    """The power goes at each change of the disk in turn; each time one recording is found."""
    for seed in seeds:
        number = 0
        while True:
            number += 1
            stage, service = strike(number, seed, prepare, act)
            struck = stage.struck
            found, recorded = found_again(stage, service, seed, power=power)
            assert list(found) == [NAME], (number, found)
            lines = found[NAME]
            assert lines == service.history.lines[: len(lines)]
            assert len(lines) >= recorded, (number, len(lines), recorded)
            if not struck:
                break
    return number


def test_killed_at_any_moment_of_sealing_a_dvr_finds_the_log_or_the_recording():
    assert every_strike(growing, lambda _, service: service.close(), power=False) > 12


def test_after_a_loss_of_power_at_any_moment_of_sealing_too():
    assert every_strike(growing, lambda _, service: service.close(), power=True) > 12


def test_killed_at_any_moment_of_a_reopened_session_it_finds_all_that_was_called_recorded():
    assert every_strike(ended, go_on_and_close, power=False) > 25


def test_after_a_loss_of_power_at_any_moment_of_a_reopened_session_too():
    assert every_strike(ended, go_on_and_close, power=True) > 25


@pytest.mark.reliability
@pytest.mark.timeout(1200)
def test_after_losses_of_power_at_any_moment_of_either_in_many_ways():
    every_strike(growing, lambda _, service: service.close(), power=True, seeds=range(1, 31))
    every_strike(ended, go_on_and_close, power=True, seeds=range(1, 31))


def test_a_disk_that_refuses_the_recording_is_asked_again_and_the_log_stays():
    stage, service = growing()
    disk = stage.disk
    plain = disk.rename

    def rename(source, target):
        if target.parent == FOLDERS.recordings:
            raise OSError(28, "No space left on device")
        plain(source, target)

    disk.rename = rename
    service.close()
    stage.wait(30)
    assert stage.recordings() == {}
    assert stage.growing() == service.history.lines
    del disk.rename
    stage.until(lambda: stage.recordings(), 70)
    assert stage.recordings() == {NAME: service.history.lines}
