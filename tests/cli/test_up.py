"""`livetiming up --demo`, as a newcomer runs it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from livetiming.events.log import Form, RealDisk, Status, open_reader, verify

COMMAND = Path(sys.executable).with_name("livetiming")


@pytest.fixture
def environment(tmp_path):
    folders = {
        "LIVETIMING_STATE_DIR": str(tmp_path / "state"),
        "LIVETIMING_RECORDINGS_DIR": str(tmp_path / "recordings"),
    }
    return {**os.environ, **folders, "COLUMNS": "100"}


def run_until(signal_, marker, environment, folder):
    """Run the demo until its output shows `marker`, then end it by a signal."""
    with subprocess.Popen(
        [COMMAND, "up", "--demo"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        seen = []
        for line in process.stdout:
            seen.append(line)
            if marker in line:
                process.send_signal(signal_)
                break
        rest, said = process.communicate(timeout=60)
        return "".join(seen) + rest, said, process.returncode


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_shows_the_race_and_leaves_a_whole_recording_when_it_is_ended(
    how, environment, tmp_path
):
    shown, said, code = run_until(how, "Cars are on the grid", environment, tmp_path)
    assert code == 0, said
    assert "Laps" in shown
    (recording,) = (tmp_path / "recordings").iterdir()
    assert str(recording) in said
    verdict = verify(RealDisk(), recording)
    assert (verdict.status, verdict.form) == (Status.WHOLE, Form.SEALED)
    with open_reader(RealDisk(), recording) as reader:
        assert reader.last().state.closed.reason == "stopped"


def test_without_demo_there_is_nothing_to_run_yet(tmp_path):
    ended = subprocess.run([COMMAND, "up"], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "livetiming up --demo" in ended.stderr


def test_a_service_that_cannot_start_is_told_in_one_line(environment, tmp_path):
    (tmp_path / "state").write_text("no folder")
    ended = subprocess.run(
        [COMMAND, "up", "--demo"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "state" in ended.stderr


def test_an_end_before_anything_was_recorded_is_said_and_no_error(environment, tmp_path):
    with subprocess.Popen(
        [COMMAND, "up", "--demo"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        while not (tmp_path / "state").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 0, said
    assert said.splitlines()[-1].endswith(("before anything was recorded", "whole)"))
