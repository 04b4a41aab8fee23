"""`examples/plugin`: built, installed into an environment of its own, and run there."""

import json
import re
import shutil
import signal
import subprocess
import sys

import pytest

from livetiming.errors import LivetimingError
from livetiming.events import Passed, Versions
from tests.cli.programs import ROOT, Running, environment, wait_for
from tests.examples.separate import NOT_SOURCE, Separate, build_wheel
from tests.services.stage import events, kinds

PLUGIN = ROOT / "examples" / "plugin"
RACE = PLUGIN / "tests" / "fixtures" / "race_with_a_pit_stop.txt"


@pytest.fixture(scope="module")
def separate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("separate")
    separate = Separate(folder)
    separate.install(build_wheel(PLUGIN, folder))
    return separate


def crossings(folder):
    logs = (folder / "livetiming-data" / "state").glob("*.jsonl")
    happened = [event.payload for log in logs if log.stat().st_size for event in events(log)]
    return [payload for payload in happened if isinstance(payload, Passed)]


def has_crossings(folder, count):
    """A log that is being written may be read in the middle of a line."""
    try:
        return len(crossings(folder)) == count
    except LivetimingError:
        return False


def test_it_is_listed_where_it_is_installed_with_its_own_version(separate, tmp_path):
    ended = separate.run("livetiming-plugins", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert re.search(
        r"^apex +Apex Timing \(karting\) +verified: documentation +--url --private$",
        ended.stdout,
        re.M,
    )
    listed = separate.run("livetiming-plugins", "--json", cwd=tmp_path).stdout.splitlines()
    (apex,) = [each for each in map(json.loads, listed) if each["class"] == "apex"]
    assert apex["version"] == "1.2.0"
    assert apex["attribution"] == "Apex Timing"
    assert apex["stale_after_s"] == 60
    assert apex["schedulable"] == ["url"]


def test_it_runs_there_as_a_service_on_a_capture(separate, tmp_path):
    ended = separate.run(
        "livetiming-service", "apex", "--from", RACE, "--speed", 10_000, cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    (log,) = (tmp_path / "livetiming-data" / "state").glob("*.jsonl")
    happened = events(log)
    assert happened[0].payload.name == "Night Cup"
    assert happened[0].payload.versions.plugin == "1.2.0"
    assert kinds(happened)[-1] == "closed ended"
    assert len(crossings(tmp_path)) == 7


def test_its_captures_are_imported_there(separate, tmp_path):
    ended = separate.run(
        "livetiming-rectool", "import", "apex", RACE, "--out", "logs", "--json", cwd=tmp_path
    )
    assert ended.returncode == 3, ended.stderr
    assert ended.stderr.splitlines() == [
        "skipped: unknown key: 'light'",
        "skipped: unknown text in last: 'soon'",
    ]
    imported = json.loads(ended.stdout)
    assert (imported["class"], imported["cars"], imported["skipped"]) == ("apex", 3, 2)
    assert events(tmp_path / imported["path"])[0].payload.versions == Versions("0.1.0", "1.2.0")


def test_its_own_tests_pass_there_over_what_is_installed(separate, tmp_path):
    """Only the tests are copied, so that what they import is the wheel."""
    shutil.copytree(PLUGIN / "tests", tmp_path / "tests", ignore=NOT_SOURCE)
    ended = separate.run("python", "-m", "pytest", "-q", "-W", "error", "tests", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert int(re.search(r"(\d+) passed", ended.stdout)[1]) > 40
    assert "skipped" not in ended.stdout


def test_it_follows_a_live_feed_over_a_real_websocket(separate, tmp_path):
    server = [sys.executable, "-m", "tests.examples.apex_server", RACE]
    with subprocess.Popen(
        server, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as venue:
        url = f"ws://127.0.0.1:{venue.stdout.readline().strip()}/"
        command = [separate.bin / "livetiming-service", "apex", "--url", url, "--private"]
        with Running(tmp_path, command, separate.environment()) as service:
            wait_for(lambda: venue.poll() is not None, "the end of what the venue sends")
            wait_for(lambda: has_crossings(tmp_path, 7), "the last lap")
            service.process.send_signal(signal.SIGINT)
            assert service.process.wait(30) == 0, service.said
        assert venue.wait() == 0
    assert "Traceback" not in service.said


def test_a_private_address_is_refused_where_nobody_allowed_it(separate, tmp_path):
    command = [separate.bin / "livetiming-service", "apex", "--url", "ws://127.0.0.1:9/"]
    with Running(tmp_path, command, separate.environment()) as service:
        wait_for(lambda: "feed lost" in service.said, "a word")
        assert "public" in service.said
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(30) == 0


def test_its_live_feed_is_asked_for_by_its_one_option(separate, tmp_path):
    ended = separate.run("livetiming-service", "apex", cwd=tmp_path)
    assert ended.returncode == 2
    assert "--url is required" in ended.stderr
