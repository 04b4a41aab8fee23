"""`export`: tables for other tools."""

import csv
import importlib.util
import io
import json

import pytest

from livetiming.analyses.tables import EXPORTED
from tests.cli.rectool.conftest import one_line

HAS_ARROW = importlib.util.find_spec("pyarrow") is not None


def exported(rectool, *args):
    result = rectool("export", *args)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout_bytes


def table(rectool, log, name):
    text = exported(rectool, log, "--to", "csv", "--table", name).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_goes_to_standard_output_as_csv(rectool, recording):
    text = exported(rectool, recording, "--to", "csv", "--table", "laps")
    assert text.startswith(b"car,num,class,team,lap,time_us,")
    assert text.count(b"\r\n") == text.count(b"\n")
    laps = table(rectool, recording, "laps")
    assert len(laps) == 62 * 6
    (first,) = [lap for lap in laps if (lap["car"], lap["lap"]) == ("1", "2")]
    assert (first["num"], first["team"]) == ("001", "Équipe Longue-Durée 1")
    assert first["time_us"] == "100130000"


def test_laps_are_exported_where_no_table_is_named(rectool, recording):
    named = exported(rectool, recording, "--to", "csv", "--table", "laps")
    assert exported(rectool, recording, "--to", "csv") == named


def test_json_lines_and_csv_have_the_same_rows(rectool, recording):
    for name in EXPORTED:
        text = exported(rectool, recording, "--to", "jsonl", "--table", name).decode()
        found = [json.loads(line) for line in text.split("\n")[:-1]]
        rows = table(rectool, recording, name)
        assert len(found) == len(rows) > 0
        assert list(found[0]) == list(rows[0])
        numbers = [
            (row[key], value)
            for row, told in zip(rows, found, strict=True)
            for key, value in told.items()
            if value is None or type(value) is int
        ]
        assert all(text == ("" if value is None else str(value)) for text, value in numbers)
        assert numbers


def test_the_events_are_the_lines_of_the_log(rectool, recording):
    lines = rectool("replay", recording).stdout.splitlines()
    rows = table(rectool, recording, "events")
    assert [row["line"] for row in rows] == lines
    assert [int(row["seq"]) for row in rows] == list(range(1, 619))


def test_all_tables_go_to_a_folder_that_is_made(rectool, recording, tmp_path):
    out = tmp_path / "some" / "race"
    result = rectool("export", recording, "--to", "csv", "--table", "all", "--out", out)
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == sorted(f"{n}.csv" for n in EXPORTED)
    for name in EXPORTED:
        alone = exported(rectool, recording, "--to", "csv", "--table", name)
        assert (out / f"{name}.csv").read_bytes() == alone


def test_one_table_goes_to_a_file_or_into_a_folder_that_is_there(rectool, recording, tmp_path):
    (tmp_path / "there").mkdir()
    for out, path in (("x.txt", "x.txt"), ("there", "there/stops.jsonl")):
        args = ("--to", "jsonl", "--table", "stops", "--out", tmp_path / out)
        assert rectool("export", recording, *args).exit_code == 0
        assert (tmp_path / path).read_bytes()


def test_all_tables_need_a_folder(rectool, recording):
    result = rectool("export", recording, "--to", "csv", "--table", "all")
    assert result.exit_code == 2
    assert "name a folder with --out" in one_line(result)


def test_a_log_that_turns_out_damaged_leaves_no_file(rectool, recording, tmp_path):
    data = bytearray(recording.read_bytes())
    data[200] ^= 1
    recording.write_bytes(data)
    out = tmp_path / "out"
    result = rectool("export", recording, "--to", "csv", "--table", "events", "--out", out)
    assert result.exit_code == 1
    assert "damaged" in one_line(result)
    assert list(tmp_path.glob("out*")) == []


def test_the_log_itself_is_never_written_over(rectool, recording, growing_race):
    for log in (recording, growing_race, growing_race.with_name(growing_race.name + ".zst")):
        before = log.read_bytes()
        result = rectool("export", log, "--to", "csv", "--out", log)
        assert result.exit_code == 2
        assert "is the log itself" in one_line(result)
        assert log.read_bytes() == before


@pytest.mark.skipif(HAS_ARROW, reason="the extra `export` is installed")
def test_parquet_without_the_extra_says_how_to_get_it(rectool, recording, tmp_path):
    result = rectool("export", recording, "--to", "parquet", "--out", tmp_path / "laps.parquet")
    assert result.exit_code == 1
    assert one_line(result).endswith("install it with: pip install 'livetiming[export]'")
    assert not (tmp_path / "laps.parquet").exists()


@pytest.mark.skipif(not HAS_ARROW, reason="the extra `export` is not installed")
def test_parquet_has_the_rows_of_the_json_lines(rectool, recording, tmp_path):
    from pyarrow import parquet

    args = ("--to", "parquet", "--table", "all", "--out", tmp_path / "race")
    assert rectool("export", recording, *args).exit_code == 0
    for name in EXPORTED:
        text = exported(rectool, recording, "--to", "jsonl", "--table", name).decode()
        found = parquet.read_table(tmp_path / "race" / f"{name}.parquet").to_pylist()
        assert found == [json.loads(line) for line in text.split("\n")[:-1]]
