import json

import pytest

from livetiming.events.state import as_json
from tests import six_lines
from tests.cli.rectool.conftest import one_line

HEAD = ["session_id", "seq", "at", "chain"]
STATE = ["described", "session", "cars", "messages", "feed", "closed", "writer"]


def shown(rectool, *args):
    result = rectool("show", *args, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    return json.loads(line)


def test_json_has_the_moment_and_then_the_state(rectool, growing):
    found = shown(rectool, growing)
    assert list(found) == HEAD + STATE
    assert found["session_id"] == six_lines.SESSION
    assert (found["seq"], found["at"], found["chain"]) == (6, 1781445612250, six_lines.CHAINS[5])
    assert found["session"]["flag"] == "green"
    assert [car["id"] for car in found["cars"]] == ["40", "7", "92"]
    assert found["closed"] == {"at": 1781445612250, "reason": "finished"}


def test_its_keys_are_those_of_a_snapshot_line(rectool, growing):
    from livetiming.events.log import RealDisk, open_reader

    with open_reader(RealDisk(), growing) as reader:
        assert list(json.loads(as_json(reader.last().state))) == STATE


@pytest.mark.parametrize(
    ("time", "seq"),
    [
        ("@1781445600", 1),
        ("@1781445600.25", 2),
        ("@1781445601.2499", 2),
        ("2026-06-14T14:00:01.250Z", 5),
        ("2026-06-14T16:00:01.250+02:00", 5),
        ("2026-06-14 14:00:01", 2),
        ("+0", 1),
        ("+1.25", 5),
        ("+0:00:12.25", 6),
        ("seq:3", 3),
        ("seq:0", 0),
        ("seq:99", 6),
        ("lap:46", 2),
        ("lap:47", 4),
        ("@1", 0),
    ],
)
def test_a_time_finds_its_moment(rectool, growing, time, seq):
    assert shown(rectool, growing, time)["seq"] == seq


@pytest.mark.parametrize("time", ["yesterday", "@", "@x", "12", "seq:x", "lap:-1", "+", "seq:1 "])
def test_a_wrong_time_is_wrong_usage_with_an_example(rectool, growing, time):
    result = rectool("show", growing, time)
    assert result.exit_code == 2
    line = one_line(result)
    assert repr(time) in line
    assert "lap:12" in line


def test_a_lap_that_nobody_drove_says_how_many_there_are(rectool, growing):
    result = rectool("show", growing, "lap:48")
    assert result.exit_code == 1
    expected = "lap:48: the leader has 47 laps here at most, as in lap:47"
    assert one_line(result) == f"livetiming-rectool: {expected}"


def test_every_name_of_a_growing_log_leads_to_it(rectool, growing_race):
    stem = growing_race.with_suffix("")
    for name in (growing_race, stem, f"{stem}.jsonl.zst", f"{stem}.lock"):
        assert shown(rectool, name)["seq"] == 618


def test_a_recording_is_found_by_its_stem_too(rectool, recording):
    assert shown(rectool, str(recording).removesuffix(".jsonl.zst"), "seq:9")["seq"] == 9
    assert shown(rectool, str(recording).removesuffix(".zst"), "seq:9")["seq"] == 9


def test_people_get_a_table_of_all_cars(rectool, recording):
    result = rectool("show", recording, "lap:2")
    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if "Prototype 963" in line]
    assert len(rows) == 62
    assert "AT 2026-06-14 14:01:40Z  event" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_damaged_log_is_one_line_and_exit_1(rectool, recording):
    data = bytearray(recording.read_bytes())
    data[200] ^= 1
    recording.write_bytes(data)
    result = rectool("show", recording)
    assert result.exit_code == 1
    assert "damaged at byte 0" in one_line(result)


@pytest.mark.parametrize("time", ["@1", "seq:0"])
def test_a_moment_before_the_first_event_is_called_so(rectool, growing, time):
    result = rectool("show", growing, time)
    assert (result.exit_code, result.stderr) == (0, f"{time} is before the first event\n")
    assert rectool("show", growing, "seq:1").stderr == ""
