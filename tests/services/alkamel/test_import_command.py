"""`livetiming-rectool import alkamel`, as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
RECTOOL = Path(sys.executable).parent / "livetiming-rectool"


def run(folder, *captures):
    where = ["--out", folder, "--date", "2025-06-14", "--tz", "Europe/Paris", "--json"]
    command = [RECTOOL, "import", "alkamel", *captures, *where]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_hours_of_a_race_become_one_log_and_the_same_one_each_time(tmp_path):
    hours = sorted((FIXTURES / "hourly_files").iterdir())
    first, again = run(tmp_path / "1", *hours), run(tmp_path / "2", *hours)
    assert (first.returncode, first.stderr) == (0, "")
    said = json.loads(first.stdout)
    assert (said["description"], said["cars"], said["skipped"]) == ("Race", 2, 0)
    assert said["first_at"] == 1_749_891_600_000, "11:00 in Paris"
    path = Path(said["path"])
    assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()
    assert again.returncode == 0


def test_damage_is_counted_and_told_by_the_exit_code(tmp_path):
    done = run(tmp_path, FIXTURES / "damaged_row.csv")
    assert done.returncode == 3
    assert json.loads(done.stdout)["skipped"] == 5
    assert "expected 30 fields, got 11" in done.stderr


def test_what_is_no_lap_by_lap_file_is_named(tmp_path):
    path = tmp_path / "03_Results_Race.CSV"
    path.write_text("POSITION;NUMBER;TEAM\n1;7;Team\n")
    done = run(tmp_path / "logs", path)
    assert done.returncode == 1
    assert "03_Results_Race.CSV: is no lap-by-lap file" in done.stderr
