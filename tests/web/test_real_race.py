"""The whole path: a service's log, the router, the follower in a browser."""

import os
import signal
import time

import pytest

from livetiming.events import state_hash
from livetiming.events.log import RealDisk, Seq, open_reader
from tests.cli.programs import Service
from tests.network.running import running_router
from tests.web.conftest import SESSION, WARNINGS
from tests.web.viewer import Viewer, hash_of


def on_air(router, folder, *args):
    """The demo race, on the air of a router."""
    folder.mkdir(exist_ok=True)
    where = {"LIVETIMING_ROUTER": router.url, "LIVETIMING_SHARED_SECRET": router.secret}
    return Service(folder, "demo", "--cars=20", *args, PYTHONWARNINGS=WARNINGS, **where)


def is_true(viewer, path):
    """Whether the page shows what the log has at the same line; how many lines those are."""
    shown = viewer.canonical()
    with open_reader(RealDisk(), path) as reader:
        state = reader.at(Seq(shown["seq"])).state
    assert shown["writer"] == state.writer
    assert hash_of(shown) == state_hash(state)
    return shown["seq"]


def more_than(seq):
    return lambda shown: shown is not None and shown["seq"] > seq


def check_moments(router, folder, viewer, moments, *, kills=()):
    """See at many moments that the page tells what the log tells, whatever dies in between."""
    with on_air(router, folder, f"--uuid={SESSION}", "--pace=5") as service:
        service.has(3)
        viewer.open(f"{router.http}/#/timing/{SESSION}")
        seq = 0
        for moment in range(moments):
            if moment in kills:
                starts = router.said.count("listening on")
                router.kill()
                router.restarted(starts)
            viewer.wait_for(Viewer.canonical, more_than(seq))
            seq = is_true(viewer, service.path(SESSION))


def test_the_page_and_the_log_have_one_state(router, tmp_path, viewer):
    check_moments(router, tmp_path / "service", viewer, 10)


@pytest.mark.reliability
def test_the_page_and_the_log_have_one_state_though_the_router_dies(tmp_path, website, viewer):
    with running_router(tmp_path / "router") as router:
        check_moments(router, tmp_path / "service", viewer, 100, kills=range(10, 100, 10))


def test_a_service_that_is_killed_and_resumed_goes_on_the_page(router, tmp_path, viewer):
    race = f"--start-at={int(time.time())}"
    with on_air(router, tmp_path / "service", f"--uuid={SESSION}", race) as service:
        service.has(10)
        viewer.open(f"{router.http}/#/timing/{SESSION}")
        first = viewer.wait_for(Viewer.canonical, more_than(5))
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait()
    log = service.path(SESSION)
    with on_air(router, tmp_path / "service", f"--initial-state={log}", race):
        newer = viewer.wait_for(
            Viewer.canonical, lambda shown: shown["writer"] > first["writer"], 60
        )
        viewer.wait_for(Viewer.canonical, more_than(newer["seq"]))
        is_true(viewer, log)
        viewer.wait_for(lambda page: page.text(".lamp"), "LIVE")


def test_a_session_that_is_stopped_ends_on_the_page(router, tmp_path, viewer):
    with on_air(router, tmp_path / "service", f"--uuid={SESSION}") as service:
        service.has(5)
        viewer.open(f"{router.http}/#/timing/{SESSION}")
        viewer.wait_for(lambda page: page.text(".lamp"), "LIVE")
        service.signal(signal.SIGINT)
        viewer.wait_for(lambda page: page.text(".lamp"), "ENDED")
        assert "operator" in viewer.text(".sentence")
