"""`rebuild`: stored analyses are made again, and what changed is told."""

import json
import os
import pty
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from livetiming.analyses import read_head, read_stored, write_stored
from livetiming.cli.rectool import rebuild
from livetiming.events.log import RealDisk
from livetiming.projections.analysis import VERSION
from tests.analyses.logs import OTHER, grow
from tests.cli import race

DISK = RealDisk()


@pytest.fixture
def folders(tmp_path, monkeypatch, made_once):
    """A deployment with two recordings."""
    for name in ("recordings", "analysis", "temp", "state"):
        (tmp_path / name).mkdir()
    for variable, name in (
        ("LIVETIMING_RECORDINGS_DIR", "recordings"),
        ("LIVETIMING_ANALYSIS_DIR", "analysis"),
        ("LIVETIMING_RECORDINGS_TEMP_DIR", "temp"),
        ("LIVETIMING_STATE_DIR", "state"),
    ):
        monkeypatch.setenv(variable, str(tmp_path / name))
    recording = tmp_path / "recordings" / f"2026-06-14_1400_wec_race_{race.SESSION}.jsonl.zst"
    recording.write_bytes((made_once / "race.jsonl.zst").read_bytes())
    seal_race(tmp_path, OTHER, cars=5, laps=3)
    return tmp_path


def seal_race(folder, session, **size):
    growing = grow(folder / f"grown {size}", race.happenings(**size), session)
    race.seal(growing, folder / "recordings" / f"2026-06-14_1400_other_race_{session}.jsonl.zst")


def analysis(folders, session=race.SESSION):
    return folders / "analysis" / f"{session}.analysis.json.zst"


def found(folders):
    return sorted(path.name for path in (folders / "analysis").iterdir())


def rebuilt(rectool, *args, code=0):
    result = rectool("rebuild", *args, "--json")
    assert result.exit_code == code
    return [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def make_older(path, change):
    """Store an analysis as an earlier version of the program would have."""
    stored = read_stored(DISK, path)
    tables = msgspec.to_builtins(stored.tables)
    change(tables)
    told = {"analysis": VERSION - 1, "source": stored.source, "tables": tables}
    write_stored(DISK, path, msgspec.json.encode(told))


def test_missing_ones_are_made_and_each_recording_is_told(rectool, folders):
    made, said = rebuilt(rectool)
    assert said == "2 made, 0 left as they were, 0 skipped\n"
    assert found(folders) == [analysis(folders).name, analysis(folders, OTHER).name]
    by_session = {each["session"]: each for each in made}
    assert by_session[race.SESSION]["before"] is None
    assert by_session[race.SESSION]["cars"] == {"added": 62, "removed": 0, "changed": 0}
    assert by_session[race.SESSION]["laps"]["added"] == 62 * 6
    assert by_session[OTHER]["laps"]["added"] > 0


def test_what_is_stored_is_what_analyse_prints(rectool, folders):
    rebuilt(rectool)
    (recording,) = (folders / "recordings").glob("*wec*")
    printed = json.loads(rectool("analyse", recording, "--json").stdout)
    assert msgspec.to_builtins(read_stored(DISK, analysis(folders))) == printed


def test_one_that_is_of_this_version_and_of_all_of_its_recording_is_left(rectool, folders):
    rebuilt(rectool)
    before = analysis(folders).stat().st_ino
    assert rebuilt(rectool) == ([], "0 made, 2 left as they were, 0 skipped\n")
    assert analysis(folders).stat().st_ino == before


def test_all_are_made_again_where_that_is_asked_for(rectool, folders):
    rebuilt(rectool)
    before = analysis(folders).read_bytes()
    made, _ = rebuilt(rectool, "--all")
    nothing = {"added": 0, "removed": 0, "changed": 0}
    assert [each["laps"] for each in made] == [nothing, nothing]
    assert analysis(folders).read_bytes() == before


def test_one_of_an_earlier_version_is_made_again_and_its_changes_are_told(rectool, folders):
    rebuilt(rectool)

    def change(tables):
        laps, cars = tables["laps"], tables["entries"]
        laps["rows"][0][laps["columns"].index("time_us")] += 1
        del laps["rows"][1:3]
        cars["rows"].append(["extra", *cars["rows"][-1][1:]])

    make_older(analysis(folders), change)
    (made,), said = rebuilt(rectool)
    assert said == "1 made, 1 left as they were, 0 skipped\n"
    assert (made["before"], made["analysis"]) == (VERSION - 1, VERSION)
    assert made["laps"] == {"added": 2, "removed": 0, "changed": 1}
    assert made["cars"] == {"added": 0, "removed": 1, "changed": 0}
    assert made["stops"] == {"added": 0, "removed": 0, "changed": 0}
    assert read_head(DISK, analysis(folders)).version == VERSION


def test_people_read_what_changed_in_a_line(rectool, folders):
    rebuilt(rectool)
    make_older(analysis(folders), lambda tables: tables["laps"]["rows"].pop())
    result = rectool("rebuild")
    name = f"2026-06-14_1400_wec_race_{race.SESSION}.jsonl.zst"
    assert result.stdout == f"{name}: version {VERSION - 1} to {VERSION}: laps +1\n"


def test_one_that_cannot_be_read_is_made_again(rectool, folders):
    rebuilt(rectool)
    analysis(folders).write_bytes(b"half")
    (made,), _ = rebuilt(rectool)
    assert made["before"] is None
    assert read_head(DISK, analysis(folders)).version == VERSION


def test_one_of_less_than_its_recording_has_is_made_again(rectool, folders):
    rebuilt(rectool)
    seal_race(folders, OTHER, cars=5, laps=4)
    (made,), _ = rebuilt(rectool)
    assert made["session"] == OTHER
    assert made["laps"]["added"] > 0


def test_a_damaged_recording_is_skipped_and_told(rectool, folders):
    (recording,) = (folders / "recordings").glob("*wec*")
    data = bytearray(recording.read_bytes())
    data[200] ^= 1
    recording.write_bytes(data)
    made, said = rebuilt(rectool, code=3)
    assert [each["session"] for each in made] == [OTHER]
    assert f"skipped: {recording}: damaged at byte 0" in said
    assert "1 made, 0 left as they were, 1 skipped" in said


def test_a_session_that_is_not_to_be_analysed_has_none(rectool, folders):
    what = list(race.happenings(cars=5, laps=3))
    what.insert(1, (race.START, race.described(analysis=False)))
    session = "a" * 32
    race.seal(
        grow(folders / "unwanted", what, session),
        folders / "recordings" / f"2026-06-14_1400_x_y_{session}.jsonl.zst",
    )
    write_stored(DISK, analysis(folders, session), b"{}")
    made, _ = rebuilt(rectool)
    assert session not in {each["session"] for each in made}
    assert analysis(folders, session).name not in found(folders)


def test_a_second_history_has_its_own(rectool, folders):
    (recording,) = (folders / "recordings").glob("*wec*")
    recording.rename(recording.with_name(recording.name.replace(race.SESSION, f"{race.SESSION}~2")))
    rebuilt(rectool)
    assert f"{race.SESSION}~2.analysis.json.zst" in found(folders)


def test_other_files_are_left_alone(rectool, folders):
    for name in ("notes.txt", "race.jsonl.zst", f"{'b' * 32}.jsonl.zst.part"):
        (folders / "recordings" / name).write_text("no recording")
    _, said = rebuilt(rectool)
    assert said == "2 made, 0 left as they were, 0 skipped\n"


def test_two_do_not_rebuild_at_once(rectool, folders):
    lock = DISK.lock(folders / "analysis" / rebuild.LOCK)
    result = rectool("rebuild")
    assert result.exit_code == 1
    assert "being rebuilt here already" in result.stderr
    lock.close()
    assert rectool("rebuild").exit_code == 0


def test_what_a_killed_one_left_goes(rectool, folders):
    left = folders / "analysis" / f"{'c' * 32}.analysis.json.zst{rebuild.PART}"
    left.write_bytes(b"half")
    rebuilt(rectool)
    assert not left.exists()


def test_ctrl_c_leaves_nothing_half_written(folders):
    (recording,) = (folders / "recordings").glob("*wec*")
    for number in range(40):
        name = recording.name.replace(race.SESSION, f"{number:032x}")
        recording.with_name(name).write_bytes(recording.read_bytes())
    with subprocess.Popen(
        [sys.executable, "-m", "livetiming.cli.rectool", "rebuild"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""
    names = found(folders)
    assert 0 < len(names) < 42
    assert all(name.endswith(".analysis.json.zst") for name in names)
    for name in names:
        assert read_stored(DISK, folders / "analysis" / name).version == VERSION


def test_a_terminal_gets_a_bar(folders):
    main, other = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "livetiming.cli.rectool", "rebuild"],
        stdout=other,
        stderr=other,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(other)
        seen = _all_of(main)
        assert process.wait(60) == 0
    assert "2/2" in seen or "1/2" in seen
    assert f"{OTHER}.jsonl.zst: new: cars +5" in seen
    assert "2 made, 0 left as they were, 0 skipped" in seen


def _all_of(descriptor):
    seen, until = b"", time.monotonic() + 60
    while time.monotonic() < until:
        try:
            part = os.read(descriptor, 4096)
        except OSError:  # Linux's word for the end of a terminal
            break
        if not part:
            break
        seen += part
    os.close(descriptor)
    return seen.decode()
