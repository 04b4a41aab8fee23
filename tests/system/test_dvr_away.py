"""What a service published while the dvr was down is recorded, though the service never returns."""

from contextlib import contextmanager

import pytest

from livetiming.events.log import RealDisk, open_reader
from tests.cli.programs import wait_for
from tests.system.comparing import is_recorded, recording_of
from tests.system.parts import DemoService
from tests.system.running import RACE, SESSION, System

OTHER = "6f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
NEXT = "7f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
GONE_S = 3
"""So soon a session without a service is sealed here."""

pytestmark = pytest.mark.timeout(300)


def lose(service, lines):
    """Let a service publish some more, then kill it for good."""
    service.has(service.seq + lines)
    service.kill()
    return service.seq


@contextmanager
def following(system, environment):
    """The next service on the machine of the lost one, which has a session of its own."""
    service = DemoService(system.folder, environment, NEXT, *RACE, name="following")
    try:
        yield service.start()
    finally:
        service.clean_up()
    assert "Traceback" not in service.said


def is_complete(system, lost, lines):
    recording = recording_of(system.folder, lost.session, lines)
    assert is_recorded(lost.log, recording) == lines
    system.check_said()


@contextmanager
def lost_elsewhere(folder):
    """A service with a folder that is not the dvr's was lost while the dvr was down.

    Gives: the system, the environment on that machine, the service and how many lines it had.
    """
    with System(folder, gone_s=GONE_S) as system:
        elsewhere = {**system.environment, "LIVETIMING_STATE_DIR": str(folder / "elsewhere")}
        lost = DemoService(folder, elsewhere, OTHER, *RACE, name="lost")
        try:
            lost.start().has(10)
            wait_for(lambda: any(_temp(folder).glob(f"{OTHER}.jsonl")), "a dvr that records")
            system.dvr.kill()
            lines = lose(lost, 30)
        finally:
            lost.clean_up()
        system.dvr.start()
        yield system, elsewhere, lost, lines


def _temp(folder):
    return folder / "livetiming-data" / "temp"


def test_the_dvr_takes_the_rest_from_the_folder_of_the_lost_service(tmp_path):
    with System(tmp_path, gone_s=GONE_S) as system:
        system.service.has(10)
        wait_for(lambda: any(_temp(tmp_path).glob("*.jsonl")), "a dvr that records")
        system.dvr.kill()
        lines = lose(system.service, 30)
        system.dvr.start()
        is_complete(system, system.service, lines)


def test_the_dvr_takes_the_rest_from_the_next_service_on_the_machine_of_the_lost_one(tmp_path):
    with lost_elsewhere(tmp_path) as (system, elsewhere, lost, lines), following(system, elsewhere):
        is_complete(system, lost, lines)


def what_was_sealed_without_its_end_is_completed_when_the_rest_is_found(tmp_path):
    with lost_elsewhere(tmp_path) as (system, elsewhere, lost, lines):
        with open_reader(RealDisk(), recording_of(tmp_path, OTHER)) as sealed:
            assert sealed.last().seq < lines
        with following(system, elsewhere):
            is_complete(system, lost, lines)


def a_session_that_the_dvr_never_heard_of_is_recorded_all_the_same(tmp_path):
    with System(tmp_path, gone_s=GONE_S) as system:
        system.dvr.kill()
        for path in _temp(tmp_path).glob(f"{SESSION}*"):
            path.unlink()
        lines = lose(system.service.has(3), 30)
        system.dvr.start()
        with following(system, system.environment):
            is_complete(system, system.service, lines)


@pytest.mark.reliability
@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize(
    "check",
    [
        test_the_dvr_takes_the_rest_from_the_folder_of_the_lost_service,
        test_the_dvr_takes_the_rest_from_the_next_service_on_the_machine_of_the_lost_one,
        what_was_sealed_without_its_end_is_completed_when_the_rest_is_found,
        a_session_that_the_dvr_never_heard_of_is_recorded_all_the_same,
    ],
    ids=["folder", "next-service", "sealed-before", "never-heard-of"],
)
def test_what_was_published_while_the_dvr_was_down_is_recorded(tmp_path, check, number):
    check(tmp_path)
