"""`livetiming up`, as a newcomer runs it."""

import json
import os
import signal
import socket
import stat
from pathlib import Path

import pytest

from livetiming.events.log import Form, RealDisk, Status, verify
from tests.cli.programs import run, wait_for
from tests.cli.whole_system import COMPONENTS, WholeSystem, lines_of
from tests.components.test_supervisor import is_alive
from tests.network.running import free_port

pytestmark = pytest.mark.timeout(300)


def listed(system, session):
    """Whether the directory lists it alone, soon: one that was killed first hears who is there."""
    for _ in range(20):
        shown = system.run("livetiming-directory", "--at", "2100-01-01T00:00:00Z", "--json")
        sessions = json.loads(shown.stdout)["sessions"] if shown.stdout else []
        if [each["session"] for each in sessions] == [session]:
            return True
        system.grows()
    return False


def test_the_demo_survives_the_death_of_each_part_and_leaves_one_whole_recording(tmp_path):
    with WholeSystem(tmp_path, "--demo") as system:
        system.says(f"live timing: {system.url}").says("recording to")
        status, page = system.get()
        assert (status, "<html" in page) == (200, True)
        system.grows()
        for name in COMPONENTS:
            system.kill(name)
            told = "demo" if name == "service" else name
            system.says(f"{told} was killed by SIGKILL; started again in 0.2 s")
            system.grows()
        system.says("listening on", times=2)
        log = system.log()
        assert listed(system, log.name)
        assert system.interrupt().ended() == 0, system.said
    (recording,) = (tmp_path / "livetiming-data" / "recordings").iterdir()
    verdict = verify(RealDisk(), recording)
    assert (verdict.status, verdict.form) == (Status.WHOLE, Form.SEALED)
    assert lines_of(recording) == lines_of(log)
    assert b'"type":"closed","reason":"stopped"' in lines_of(recording)[-1]
    assert system.said.splitlines()[-1] == (
        f"recorded: livetiming-data/recordings/{recording.name} ({verdict.events} events, whole)"
    )
    steps = ("closing the session …", "ending the dvr …", "ending the directory …")
    places = [system.said.index(step) for step in (*steps, "ending the router …")]
    assert places == sorted(places)
    assert "Traceback" not in system.said


def test_an_end_right_after_the_start_leaves_a_recording_too(tmp_path):
    with WholeSystem(tmp_path, "--demo") as system:
        system.says("live timing: ").says("recording to")
        assert system.interrupt().ended() == 0, system.said
    assert "events, whole)" in system.said.splitlines()[-1]


def test_a_service_of_another_shell_joins_and_is_recorded_after_up_has_no_demo(tmp_path):
    with WholeSystem(tmp_path, LIVETIMING_MIN_RECORDING_S="0") as system:
        system.says("live timing: ")
        ended = system.run(
            "livetiming-service", "demo", "--duration-s", 60, "--pace", 60, "--linger", 0
        )
        assert ended.returncode == 0, ended.stderr
        recordings = system.data / "recordings"
        (recording,) = wait_for(lambda: list(recordings.glob("*.zst")), "a recording", 60)
        own = system.data / "state" / recording.name[-42:-10]
        assert lines_of(recording) == lines_of(own)
        assert system.interrupt(signal.SIGTERM).ended() == 0, system.said
    assert "recorded" not in system.said


def test_a_second_ctrl_c_gives_up_and_leaves_nobody(tmp_path):
    with WholeSystem(tmp_path, "--demo") as system:
        system.says("live timing: ").says("recording to")
        pids = wait_for(lambda: len(system.pids()) == 4 and system.pids(), "four children")
        os.kill(pids["dvr"], signal.SIGSTOP)  # so that the end would take long
        system.interrupt().says("closing the session")
        system.interrupt()
        assert system.ended(10) == 1
        assert "given up" in system.said
    wait_for(lambda: not any(map(is_alive, pids.values())), "their end")


@pytest.mark.reliability
def test_a_killed_one_leaves_nobody_and_the_next_start_takes_over(tmp_path):
    with WholeSystem(tmp_path, "--demo") as first:
        first.says("live timing: ").says("recording to").grows()
        pids, log = first.pids(), first.log()
        assert len(pids) == 4
        first.interrupt(signal.SIGKILL).ended()
        wait_for(lambda: not any(map(is_alive, pids.values())), "their end")
    recordings = first.data / "recordings"
    with WholeSystem(tmp_path, "--demo", port=first.port, LIVETIMING_GONE_S="20") as second:
        second.says("live timing: ").says("recording to")

        def sealed():
            return list(recordings.glob(f"*_{log.name}.jsonl.zst"))

        (recording,) = wait_for(sealed, "the recording of what was left behind", 90)
        assert lines_of(recording) == lines_of(log)
        assert second.interrupt().ended() == 0, second.said
    assert len(list(recordings.iterdir())) == 2


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("livetiming", "up", cwd=tmp_path, LIVETIMING_LISTEN=f"127.0.0.1:{port}")
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert str(port) in line
    assert "in use" in line


def test_a_second_one_in_the_same_folder_is_told_in_one_line(tmp_path):
    with WholeSystem(tmp_path) as first:
        first.says("live timing: ")
        ended = first.run("livetiming", "up")
        assert ended.returncode == 75
        (line,) = ended.stderr.splitlines()
        assert "runs here already" in line


def test_nobody_tells_the_secret(tmp_path):
    """Not in command lines, nor in what is said, logged, recorded or answered."""
    canary = "a-canary-that-must-be-seen-nowhere-0123456789"
    with WholeSystem(
        tmp_path, "--demo", LIVETIMING_SHARED_SECRET=canary, LIVETIMING_LOG_DIR="logs"
    ) as system:
        system.says("live timing: ").says("recording to").grows()
        system.kill("router")
        system.says("listening on", times=2)
        told = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
        told += [text.encode() for text in map(str, (system.get(), system.get("ws")))]
        assert system.interrupt().ended() == 0, system.said
    told += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(told) > 20
    assert not [text for text in told if canary.encode() in text]


def test_a_secret_of_its_own_is_made_once_and_read_by_nobody_else(tmp_path):
    port = free_port()
    secret = tmp_path / "livetiming-data" / "state" / "secret"
    texts = []
    for _ in range(2):
        with WholeSystem(tmp_path, port=port) as system:
            system.says("live timing: ")
            texts.append(secret.read_text())
            assert system.interrupt().ended() == 0
    assert texts[0] == texts[1]
    assert len(texts[0].strip()) == 64
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert [path.name for path in secret.parent.glob("secret*")] == ["secret"]
    assert texts[0].strip() not in system.said


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"LIVETIMING_SHARED_SECRET": "short"}, "32 characters"),
        ({"LIVETIMING_RECORDINGS_DIR": "livetiming-data/state"}, "name another folder"),
        ({"LIVETIMING_LISTEN": "8080"}, "HOST:PORT"),
        ({"LIVETIMING_STATE_DIR": "file"}, "LIVETIMING_STATE_DIR"),
    ],
)
def test_what_is_set_wrong_is_told_in_one_line_before_anything_starts(tmp_path, variables, word):
    (tmp_path / "file").write_text("no folder")
    listen = {"LIVETIMING_LISTEN": f"127.0.0.1:{free_port()}"}
    ended = run("livetiming", "up", cwd=tmp_path, **{**listen, **variables})
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert word in line
