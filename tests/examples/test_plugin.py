"""`examples/plugin`: built, installed into an environment of its own, and run there."""

import json
import re
import shutil

import pytest

from livetiming.events import Versions
from tests.cli.programs import ROOT
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


def test_it_is_listed_where_it_is_installed_with_its_own_version(separate, tmp_path):
    ended = separate.run("livetiming-plugins", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout
    assert re.search(
        r"^apex +Apex Timing \(karting\) +verified: documentation +--url$", ended.stdout, re.M
    )
    listed = separate.run("livetiming-plugins", "--json", cwd=tmp_path).stdout.splitlines()
    (apex,) = [each for each in map(json.loads, listed) if each["class"] == "apex"]
    assert apex["version"] == "1.2.0"
    assert apex["attribution"] == "Apex Timing"
    assert apex["stale_after_s"] == 60


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
    assert sum(kind.startswith("passed") for kind in kinds(happened)) == 7


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


def test_its_live_feed_is_asked_for_by_its_one_option(separate, tmp_path):
    ended = separate.run("livetiming-service", "apex", cwd=tmp_path)
    assert ended.returncode == 2
    assert "--url is required" in ended.stderr
