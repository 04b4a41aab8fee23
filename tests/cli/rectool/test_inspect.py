import json

from tests import six_lines
from tests.cli import race
from tests.cli.rectool.conftest import one_line


def test_json_is_exactly_what_the_schema_says(rectool, growing):
    result = rectool("inspect", growing, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert list(found.items()) == [
        ("session", six_lines.SESSION),
        ("form", "growing"),
        ("status", "whole"),
        ("name", "WEC"),
        ("description", "Race"),
        ("class", "rmonitor"),
        ("kind", "race"),
        ("first_at", 1781445600000),
        ("last_at", 1781445612250),
        ("events", 6),
        ("types", {"described": 1, "changed": 2, "passed": 1, "posted": 1, "closed": 1}),
        ("frames", 1),
        ("cars", 3),
        ("flags", [["green", 1781445600250, 1781445612250]]),
        ("size", len(six_lines.TAIL)),
        ("raw_size", sum(six_lines.SIZES) + 6),
        ("chain", six_lines.CHAINS[5]),
        ("closed", {"at": 1781445612250, "reason": "finished"}),
        ("versions", {"livetiming": "0.1.0"}),
    ]


def test_flags_are_periods_that_follow_each_other(rectool, recording):
    found = json.loads(rectool("inspect", recording, "--json").stdout)
    start, fcy, end = race.START + 250, race.START + 250_000, race.START + 601_000
    assert found["flags"] == [["green", start, fcy], ["fcy", fcy, end]]
    assert (found["form"], found["events"], found["cars"]) == ("sealed", 618, 62)
    assert found["size"] == recording.stat().st_size


def test_a_growing_log_weighs_what_its_files_do(rectool, growing_race):
    found = json.loads(rectool("inspect", growing_race, "--json").stdout)
    body = growing_race.with_suffix(".jsonl.zst")
    assert found["size"] == growing_race.stat().st_size + body.stat().st_size
    assert found["frames"] == 3


def test_a_torn_log_is_exit_3(rectool, growing):
    growing.write_bytes(six_lines.TAIL[:-30])
    result = rectool("inspect", growing, "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["status"] == "torn"


def test_a_log_that_says_nothing_yet_has_no_description(rectool, growing):
    growing.write_bytes(six_lines.TAIL.splitlines(keepends=True)[0])
    result = rectool("inspect", growing, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["events"], found["name"], found["first_at"], found["versions"]) == (
        0,
        None,
        None,
        None,
    )
    assert rectool("inspect", growing).exit_code == 0


def test_a_later_frame_that_is_damaged_leaves_what_is_before_it(rectool, growing_race):
    body = growing_race.with_suffix(".jsonl.zst")
    data = bytearray(body.read_bytes())
    data[-200] ^= 1  # in the second frame; the tail begins after it
    body.write_bytes(data)
    result = rectool("inspect", growing_race, "--json")
    assert result.exit_code == 1
    assert "damaged" in result.stderr


def test_a_log_that_cannot_be_opened_is_one_line(rectool, recording):
    recording.write_bytes(recording.read_bytes()[:-1] + b"x")
    result = rectool("inspect", recording)
    assert result.exit_code == 1
    assert "damaged" in one_line(result)


def test_people_get_a_summary(rectool, recording):
    text = rectool("inspect", recording).stdout
    for words in ("WEC", "6 Hours of Testing", "sealed, whole", "618: 1 described", "fcy 0:05:51"):
        assert words in text
