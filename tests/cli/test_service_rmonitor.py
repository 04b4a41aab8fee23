"""`livetiming-service rmonitor` on a real server that plays a capture, hangs up, and goes on."""

import os
import signal
from pathlib import Path

import pytest

from livetiming.events import Clock
from livetiming.events.log import RealDisk, Status, verify
from tests.cli.programs import Service, wait_for
from tests.services.rmonitor_server import FIXTURES, RMonitorServer, frames_of, imported
from tests.services.stage import as_table, kinds

LONGEST_S = 900
"""A capture of ten minutes may be played at its own pace."""
ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LIVETIMING_DATA", ROOT.parent / "shared" / "data")) / "rmonitor"
ENDURANCE = DATA / "endurance_8h_start.txt"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no captures in {DATA}: set LIVETIMING_DATA to the folder of them"
)


def shown(state):
    """Cars, order and session of a state, and which clocks it has."""
    clocks = sorted(f for f, value in state.session.items() if isinstance(value, Clock))
    return as_table(state), clocks


def follow(path, folder, speed):
    """Follow a capture that a server plays and drops twice; the service is killed in between."""
    frames = frames_of(path)
    with RMonitorServer(frames, speed, drops=(0.3, 0.6)) as server:
        args = ("rmonitor", "--host", "127.0.0.1", "--port", server.port)
        with Service(folder, *args) as first:
            wait_for(lambda: server.accepted >= 2, "a second connection", LONGEST_S)
            first.has(first.seq() + 1).signal(signal.SIGKILL).ended()
        killed_at = first.seq()
        with Service(folder, *args, "-s", first.path()) as second:
            wait_for(lambda: server.done.is_set() or second.process.poll(), "the end", LONGEST_S)
            (wanted,) = imported(path, folder / "imported")
            wait_for(lambda: shown(second.state()) == shown(wanted) or _told(second), "the state")
            assert second.stopped() == 0, second.said
    return server, killed_at, second, wanted


def _told(service):
    """Whether the service has nothing more to say: its log stands still for a second."""
    before = service.seq()
    try:
        wait_for(lambda: service.seq() > before, "", 1)
    except AssertionError:
        return True
    return False


def check(path, folder, speed):
    server, killed_at, service, wanted = follow(path, folder, speed)
    assert len(service.sessions()) == 1
    assert server.accepted == 4
    found = kinds(service.events())
    resumed = [n for n, kind in enumerate(found) if kind == "feed resumed"]
    assert len(resumed) == 1
    assert resumed[0] >= killed_at
    assert found.count("feed lost") == 2
    assert found[-1] == "closed stopped"
    assert verify(RealDisk(), service.path()).status is Status.WHOLE
    assert shown(service.state()) == shown(wanted)


def test_a_real_server_is_followed_over_breaks_and_a_kill_to_the_same_end(tmp_path):
    check(FIXTURES / "race_to_the_flag.txt", tmp_path, 40)


@needs_data
def test_the_start_of_an_endurance_race_is_followed_to_the_same_end_as_its_import(tmp_path):
    check(ENDURANCE, tmp_path, 200)


@needs_data
@pytest.mark.reliability
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("speed", [1, 30, 2000])
def test_the_start_of_an_endurance_race_is_followed_at_any_pace(tmp_path, speed):
    check(ENDURANCE, tmp_path, speed)
