"""`livetiming-router` as an operator runs it."""

import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from livetiming.network.router.child import FILES
from livetiming.network.router.configuration import Limits
from tests.cli.programs import BIN, environment, run, wait_for
from tests.network.raw import HungUp, RawClient
from tests.network.running import (
    SECRET,
    RunningRouter,
    free_port,
    is_running,
    running_router,
)


@pytest.fixture(scope="module")
def router(tmp_path_factory):
    """A router whose Crossbar the tests kill; each leaves it listening."""
    with running_router(tmp_path_factory.mktemp("killed")) as running:
        yield running


def births(router):
    return router.said.count("listening on")


def test_crossbar_is_started_again_when_it_is_killed(router):
    before = births(router)
    with RawClient(router.port) as viewer:
        viewer.join()
        router.kill()
        with pytest.raises(HungUp):
            viewer.message()
    router.restarted(before)
    with RawClient(router.port) as viewer:
        assert viewer.join()["authrole"] == "anonymous"
    assert "; again in " in router.said


@pytest.mark.reliability
def test_a_crash_loop_is_told_with_what_crossbar_said(router):
    before = births(router)
    configuration = router.state_dir / "router" / "config.json"
    good = configuration.read_bytes()
    configuration.write_text("{")
    router.kill_worker()
    wait_for(lambda: "does not seem to be proper JSON" in router.said, "the reason")
    assert "Crossbar ended with exit code 1; again in " in router.said
    configuration.write_bytes(good)
    router.restarted(before)


def test_crossbar_may_hold_as_many_connections_as_it_takes(router):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for pid in router.crossbar_pids():
        limits = Path(f"/proc/{pid}/limits").read_text()
        (line,) = (line for line in limits.splitlines() if "Max open files" in line)
        assert int(line.split()[3]) == min(FILES, most) > Limits().connections


def test_who_runs_it_is_told_where_it_listens(router):
    assert f"livetiming-router: listening on {router.http}/\n" in router.said


def test_another_router_does_not_get_the_port(router, tmp_path):
    other = run(
        "livetiming-router",
        cwd=tmp_path,
        LIVETIMING_LISTEN=f"127.0.0.1:{router.port}",
        LIVETIMING_SHARED_SECRET=SECRET,
    )
    why = f"127.0.0.1:{router.port}: Address already in use"
    do = "name another address by LIVETIMING_LISTEN"
    line = f"livetiming-router: cannot listen on {why}; {do}\n"
    assert (other.returncode, other.stdout, other.stderr) == (1, "", line)


def test_another_router_does_not_get_the_folder(router):
    other = run(
        "livetiming-router",
        cwd=router.folder,
        LIVETIMING_LISTEN=f"127.0.0.1:{free_port()}",
        LIVETIMING_SHARED_SECRET=SECRET,
    )
    assert other.returncode == 1
    assert other.stderr.startswith("livetiming-router: another livetiming-router runs in ")
    assert router.is_healthy()


def test_crossbar_is_gone_when_the_router_is_killed_and_another_can_start(tmp_path):
    router = RunningRouter(tmp_path)
    try:
        pids = wait_for(lambda: len(pids := router.crossbar_pids()) > 1 and pids, "a worker")
        router.signal(signal.SIGKILL).ended()
        again = RunningRouter(tmp_path, port=router.port)
        try:
            wait_for(again.crossbar_pids, "another Crossbar")
            wait_for(lambda: not any(map(is_running, pids)), "the first one's end")
        finally:
            again.end()
        assert again.said == ""
    finally:
        router.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order_even_while_it_starts(tmp_path, number):
    router = RunningRouter(tmp_path)
    try:
        pids = wait_for(router.crossbar_pids, "Crossbar")
        assert router.signal(number).ended() == 0
        wait_for(lambda: not any(map(is_running, pids)), "Crossbar's end", 5)
        assert router.said == ""
    finally:
        router.end()


def test_without_crossbar_it_says_what_to_install(tmp_path):
    program = (
        "import sys; sys.modules['crossbar'] = None; "
        "from livetiming.cli.router import main; sys.argv = ['livetiming-router']; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(LIVETIMING_SHARED_SECRET=SECRET),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    line = "Crossbar is not installed; install it with: pip install 'livetiming[router]'\n"
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"livetiming-router: {line}"


@pytest.mark.parametrize("secret", [None, "", "short", "x" * 31])
def test_without_a_long_secret_it_does_not_listen(tmp_path, secret):
    port = free_port()
    given = {} if secret is None else {"LIVETIMING_SHARED_SECRET": secret}
    ended = run("livetiming-router", cwd=tmp_path, LIVETIMING_LISTEN=f"127.0.0.1:{port}", **given)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("livetiming-router: LIVETIMING_SHARED_SECRET: expected ")
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "livetiming-data").exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_host_of_another_machine_is_refused(tmp_path):
    ended = run(
        "livetiming-router",
        cwd=tmp_path,
        LIVETIMING_LISTEN="192.0.2.1:8080",
        LIVETIMING_SHARED_SECRET=SECRET,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("livetiming-router: cannot listen on 192.0.2.1:8080")
    assert ended.stderr.count("\n") == 1


def test_its_help_is_short():
    helped = run("livetiming-router", "--help", cwd=BIN)
    assert helped.returncode == 0
    assert "LIVETIMING_LISTEN" in helped.stdout


def test_the_end_of_one_that_listens_is_quiet(tmp_path):
    with running_router(tmp_path) as router:
        assert router.signal(signal.SIGTERM).ended() == 0
        assert router.said == f"livetiming-router: listening on {router.http}/\n"


@pytest.mark.reliability
@pytest.mark.timeout(300)
def test_ten_deaths_in_a_row_are_the_end(tmp_path):
    with running_router(tmp_path) as router:
        (router.state_dir / "router" / "config.json").write_text("{")
        router.kill()
        assert router.ended(300) == 1
        assert "10 times now; giving up; it said: " in router.said
