"""`livetiming-directory` as its users run it."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from livetiming.events.log import RealDisk, open_log_of
from livetiming.projections.directory import DIRECTORY, FOLD, LISTED, UNLISTED, write_line
from tests.cli.programs import BIN, environment, run, wait_for
from tests.network.running import SECRET, running_router

A, B = "a" * 32, "b" * 32
START_AT = 1_781_445_600_000


@pytest.fixture
def state(tmp_path):
    """The log of a directory that was once: A from 0 s on, B hidden from 10 s on, no A from 20."""
    folder = tmp_path / "livetiming-data" / "state"
    folder.mkdir(parents=True)
    log = open_log_of(FOLD, RealDisk(), folder, DIRECTORY).log
    entries = [
        (0, LISTED, {"session": A, "name": "WEC", "class": "demo", "hidden": False}),
        (10, LISTED, {"session": B, "name": "NLS", "class": "demo", "hidden": True}),
        (20, UNLISTED, {"session": A, "reason": "gone"}),
    ]
    for seq, (second, tag, fields) in enumerate(entries, 1):
        text = json.dumps(
            {**fields, "started_at": START_AT} if tag == LISTED else fields, separators=(",", ":")
        )
        log.append_line(write_line(seq, START_AT + second * 1000, tag, text.encode()))
    log.commit(log.take())
    log.close()
    return tmp_path


def sessions(folder, when):
    ended = run("livetiming-directory", "--at", when, "--json", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return [each["session"] for each in json.loads(ended.stdout)["sessions"]]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-06-14T13:59:59Z", []),
        ("2026-06-14T14:00:00Z", [A]),
        ("@1781445615.5", [A, B]),
        ("+12", [A, B]),
        ("+0:00:30", [B]),
        ("seq:1", [A]),
        ("2030-01-01T00:00:00Z", [B]),
    ],
)
def test_what_was_on_air_is_printed_for_any_moment(state, when, expected):
    assert sessions(state, when) == expected


def test_it_is_printed_for_people_with_what_is_hidden_marked(state):
    shown = run("livetiming-directory", "--at", "+12", cwd=state).stdout.splitlines()
    assert shown[0] == "2026-06-14T14:00:12.000Z"
    assert shown[1].endswith("demo  WEC")
    assert shown[2].endswith("NLS  (hidden)")


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("--at", "lap:3"), 1, "no laps"),
        (("--at", "yesterday"), 2, "write for example"),
        (("--json",), 2, "--at"),
        ((), 2, "LIVETIMING_SHARED_SECRET"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(state, args, code, word):
    ended = run("livetiming-directory", *args, cwd=state)
    assert ended.returncode == code
    assert len(ended.stderr.splitlines()) == 1
    assert word in ended.stderr


def test_without_a_log_there_is_nothing_to_print(tmp_path):
    ended = run("livetiming-directory", "--at", "seq:1", cwd=tmp_path)
    assert ended.returncode == 1
    assert "there is no log here" in ended.stderr


def test_tools_for_sessions_read_its_log(state):
    path = state / "livetiming-data" / "state" / DIRECTORY
    ended = run("livetiming-rectool", "verify", path, "--json", cwd=state)
    assert json.loads(ended.stdout)["status"] == "whole", ended.stderr
    lines = run("livetiming-rectool", "replay", path, cwd=state).stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == [LISTED, LISTED, UNLISTED]


def test_of_two_on_one_folder_the_second_is_told_so_and_the_first_ends_on_a_signal(tmp_path):
    settings = {"LIVETIMING_SHARED_SECRET": SECRET, "LIVETIMING_ROUTER": "ws://127.0.0.1:1/ws"}
    first = subprocess.Popen(
        [BIN / "livetiming-directory"],
        cwd=tmp_path,
        env=environment(**settings),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lock = tmp_path / "livetiming-data" / "state" / f"{DIRECTORY}.jsonl"
        wait_for(lock.exists, "its log")
        second = run("livetiming-directory", cwd=tmp_path, **settings)
        assert second.returncode == 75
        assert len(second.stderr.splitlines()) == 1
        wait_for(lambda: _catches(first.pid, signal.SIGTERM), "its handler")
        first.terminate()
        assert first.wait(20) == 0
        assert "Traceback" not in first.stderr.read()
    finally:
        first.kill()
        first.wait()
        first.stderr.close()


def _catches(pid, number):
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line for line in status if line.startswith("SigCgt"))
    return int(caught.split()[1], 16) >> (number - 1) & 1


def test_a_real_service_is_listed_by_a_real_directory_over_a_real_router(tmp_path):
    with running_router(tmp_path / "router") as router:
        settings = {"LIVETIMING_SHARED_SECRET": SECRET, "LIVETIMING_ROUTER": router.url}
        programs = [
            subprocess.Popen(
                [BIN / name, *args],
                cwd=tmp_path,
                env=environment(**settings),
                stderr=subprocess.DEVNULL,
            )
            for name, *args in (
                ("livetiming-directory",),
                ("livetiming-service", "demo", "--uuid", A, "-d", "A race"),
            )
        ]
        try:
            wait_for(lambda: _on_air(tmp_path) == [A], "the session in the list", 60)
        finally:
            for program in programs:
                os.kill(program.pid, signal.SIGKILL)
                program.wait()


def _on_air(folder):
    ended = run("livetiming-directory", "--at", "2100-01-01T00:00:00Z", "--json", cwd=folder)
    found = json.loads(ended.stdout)["sessions"] if ended.returncode == 0 else []
    return [each["session"] for each in found if each["description"] == "A race"]
