"""`analyse`: the overview, and the document."""

import json

import pytest

from livetiming.projections.analysis import TABLES, VERSION
from tests.cli import race
from tests.cli.rectool.conftest import one_line


def analysed(rectool, *args):
    result = rectool("analyse", *args, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    return json.loads(line)


def rows(document, name):
    table = document["tables"][name]
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_the_json_is_the_document_and_one_line(rectool, recording):
    document = analysed(rectool, recording)
    assert list(document) == ["analysis", "source", "tables"]
    assert document["analysis"] == VERSION
    assert document["source"]["session"] == race.SESSION
    assert document["source"]["seq"] == 618
    assert list(document["tables"]) == list(TABLES)
    assert len(rows(document, "classification")) == 62


def test_a_growing_log_and_its_recording_say_the_same(rectool, recording, growing_race):
    assert analysed(rectool, recording) == analysed(rectool, growing_race)


@pytest.mark.parametrize(
    ("time", "laps", "at"),
    [
        ("lap:2", 2, race.START + 100_000),
        ("+250.5", 3, race.START + 250_500),
        ("seq:1", None, race.START),
        (f"@{race.START // 1000 + 310}", 4, race.START + 310_000),
    ],
)
def test_as_of_a_time_it_is_what_was_known_then(rectool, recording, time, laps, at):
    document = analysed(rectool, recording, "--as-of", time)
    assert document["source"]["at"] == at
    classified = rows(document, "classification")
    assert [row["laps"] for row in classified[:1]] == ([] if laps is None else [laps])
    assert all(row["known_at"] <= at for row in rows(document, "laps"))


def test_people_get_classification_fastest_laps_stops_and_flags(rectool, recording):
    result = rectool("analyse", recording)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout
    lines = result.stdout.splitlines()
    assert lines[0] == "WEC · 6 Hours of Testing"
    for title in ("Classification", "Fastest laps", "Stops", "Flags"):
        assert title in lines
    winner = lines[lines.index("Classification") + 2].split()
    assert winner[:3] == ["1", "001", "HYPERCAR"]
    flags = lines[lines.index("Flags") :]
    assert any(line.startswith("FULL COURSE YELLOW") for line in flags)


def test_a_narrow_terminal_gets_narrow_lines(rectool, recording):
    result = rectool("analyse", recording, width=60)
    assert max(map(len, result.stdout.splitlines())) <= 60


def test_a_log_in_which_nothing_has_happened_says_so(rectool, growing):
    result = rectool("analyse", growing, "--as-of", "seq:1")
    assert result.exit_code == 0
    assert result.stdout.count("none\n") == 4


def test_a_lap_that_nobody_drove_is_one_line(rectool, growing):
    result = rectool("analyse", growing, "--as-of", "lap:99")
    assert result.exit_code == 1
    assert "the leader has 47 laps" in one_line(result)


def test_a_wrong_time_is_wrong_usage(rectool, growing):
    result = rectool("analyse", growing, "--as-of", "soon")
    assert result.exit_code == 2
    assert "'soon' is no time" in one_line(result)
