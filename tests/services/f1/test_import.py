"""Stored feeds through the console command, as a user imports them."""

import json
import subprocess
import sys
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
RECTOOL = Path(sys.executable).with_name("livetiming-rectool")


def run(*arguments):
    done = subprocess.run(
        [RECTOOL, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_folder_is_imported_with_its_state(tmp_path):
    folder = FIXTURES / "race_with_safety_car_and_pit_stop"
    code, told = run("import", "f1", folder, "--out", tmp_path, "--json")
    (session,) = told
    assert code == 0
    assert (session["name"], session["description"]) == ("Lakemoor Grand Prix", "Race")
    assert (session["key"], session["cars"], session["skipped"]) == ("12", 3, 0)
    code, (shown,) = run("show", session["path"], "--json")
    assert [car["id"] for car in shown["cars"]] == ["7", "12", "30"]
    assert shown["closed"]["reason"] == "finished"


def test_damaged_lines_are_counted_and_the_rest_is_imported(tmp_path):
    code, told = run("import", "f1", FIXTURES / "damaged_lines.txt", "--out", tmp_path, "--json")
    assert code == 3
    assert told[0]["skipped"] == 13
    assert told[0]["cars"] == 2


def test_several_sessions_of_one_feed_are_several_recordings(tmp_path):
    code, told = run("import", "f1", FIXTURES / "session_change.jsonl", "--out", tmp_path, "--json")
    assert code == 0
    assert [session["key"] for session in told] == ["15", "18", "19"]
