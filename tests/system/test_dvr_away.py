"""What a service published while the dvr was down is recorded, though the service never returns."""

import pytest

from tests.cli.programs import wait_for
from tests.system.comparing import is_recorded, recording_of
from tests.system.parts import DemoService
from tests.system.running import RACE, SESSION, System

OTHER = "6f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
GONE_S = 3
"""So soon a session without a service is sealed here."""

pytestmark = pytest.mark.timeout(300)


def lose(service, lines):
    """Let a service publish some more, then kill it for good."""
    service.has(service.seq + lines)
    service.kill()
    return service.seq


def test_the_dvr_takes_the_rest_from_the_folder_of_the_lost_service(tmp_path):
    with System(tmp_path, gone_s=GONE_S) as system:
        system.service.has(10)
        wait_for(lambda: any((tmp_path / "livetiming-data/temp").glob("*.jsonl")), "a dvr")
        system.dvr.kill()
        lines = lose(system.service, 30)
        system.dvr.start()
        assert is_recorded(system.service.log, recording_of(tmp_path, SESSION)) == lines
        system.check_said()


def test_the_dvr_takes_the_rest_from_the_next_service_on_the_machine_of_the_lost_one(tmp_path):
    with System(tmp_path, gone_s=GONE_S) as system:
        elsewhere = {**system.environment, "LIVETIMING_STATE_DIR": str(tmp_path / "elsewhere")}
        lost = DemoService(tmp_path, elsewhere, OTHER, *RACE, name="lost")
        lost.start().has(10)
        system.dvr.kill()
        lines = lose(lost, 30)
        system.dvr.start()
        third = "7f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
        following = DemoService(tmp_path, elsewhere, third, *RACE, name="following")
        try:
            following.start()
            assert is_recorded(lost.log, recording_of(tmp_path, OTHER)) == lines
        finally:
            following.clean_up()
        system.check_said()


def test_a_session_that_the_dvr_never_heard_of_is_recorded_all_the_same(tmp_path):
    with System(tmp_path, gone_s=GONE_S) as system:
        system.dvr.kill()
        lines = lose(system.service.has(3), 30)
        system.dvr.start()
        following = DemoService(tmp_path, system.environment, OTHER, *RACE, name="following")
        try:
            following.start()
            assert is_recorded(system.service.log, recording_of(tmp_path, SESSION)) == lines
        finally:
            following.clean_up()
        system.check_said()


@pytest.mark.reliability
@pytest.mark.parametrize("number", range(10))
@pytest.mark.parametrize(
    "check",
    [
        test_the_dvr_takes_the_rest_from_the_folder_of_the_lost_service,
        test_the_dvr_takes_the_rest_from_the_next_service_on_the_machine_of_the_lost_one,
        test_a_session_that_the_dvr_never_heard_of_is_recorded_all_the_same,
    ],
    ids=["folder", "next service", "never heard of"],
)
def test_it_is_so_every_time(tmp_path, check, number):
    check(tmp_path)
