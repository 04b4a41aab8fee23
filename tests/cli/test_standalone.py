"""`livetiming-service --standalone`: seen, though nothing else runs."""

import os
import signal
import socket
import urllib.request

import pytest

from tests.cli.programs import Service, run, wait_for
from tests.cli.whole_system import children
from tests.components.test_supervisor import is_alive
from tests.network.running import free_port

pytestmark = pytest.mark.timeout(180)
ID = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"


def page(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return answer.status
    except OSError:
        return 0


def on_air(folder):
    return ID in run("livetiming-directory", "--at", "2100-01-01T00:00:00Z", cwd=folder).stdout


def test_it_has_a_router_a_website_and_a_directory_of_its_own_that_end_with_it(tmp_path):
    port = free_port()
    settings = {"LIVETIMING_LISTEN": f"127.0.0.1:{port}"}
    with Service(tmp_path, "demo", "--standalone", "--uuid", ID, **settings) as service:
        wait_for(lambda: page(port) == 200, "the website", 60)
        wait_for(lambda: on_air(tmp_path), "the session in the list", 60)
        router = children(service.process.pid)["router"]
        os.kill(router, signal.SIGKILL)
        wait_for(lambda: "was killed by SIGKILL; started again" in service.said, "that it is told")
        router = wait_for(lambda: children(service.process.pid).get("router"), "another router")
        wait_for(lambda: page(port) == 200, "the website again", 60)
        service.signal(signal.SIGINT)
        wait_for(lambda: "staying until it is recorded" in service.said, "the end")
        service.signal(signal.SIGINT)
        assert service.ended(60) == 0, service.said
        assert not is_alive(router)
    assert "Traceback" not in service.said


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = "{}:{}".format(*taken.getsockname())
        ended = run(
            "livetiming-service", "demo", "--standalone", cwd=tmp_path, LIVETIMING_LISTEN=listen
        )
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert listen in line
