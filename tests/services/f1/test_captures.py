"""Stored feeds as they lie in archives: whole, in parts, without dates, and damaged."""

import json
import random
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from livetiming.errors import BadCapture
from livetiming.services import CaptureHints
from livetiming.services.f1.captures import read_captures
from tests.services.f1 import told

FIXTURES = Path(__file__).parent / "fixtures"
HINTS = CaptureHints(None, ZoneInfo("UTC"))
NOON = 1_781_438_400_000
"""2026-06-14, 12:00 UTC."""
STATE = json.dumps({"Heartbeat": {"Utc": "2026-06-14T12:00:00.5Z"}, "LapCount": {}})


def at_noon(second):
    return json.dumps(["LapCount", {}, f"2026-06-14T12:00:{second:02}.25Z"])


def frames(path, hints=HINTS):
    return list(read_captures([path], hints))


@pytest.mark.parametrize("name", ["qualifying_part_begins", "race_with_safety_car_and_pit_stop"])
def test_a_file_is_read_with_the_state_beside_it(name):
    folder = FIXTURES / name
    assert frames(folder / "live.txt") == frames(folder)
    assert len(frames(folder / "subscribe.txt")) == 1


def test_the_state_comes_when_its_recorder_had_it(tmp_path):
    (tmp_path / "subscribe.txt").write_text(STATE)
    (tmp_path / "live.txt").write_text(at_noon(3) + "\n" + at_noon(4) + "\n")
    assert [frame.at - NOON for frame in frames(tmp_path)] == [3250, 3250, 4250]


def test_a_state_alone_is_of_its_heartbeat(tmp_path):
    (tmp_path / "subscribe.txt").write_text(STATE)
    assert [frame.at - NOON for frame in frames(tmp_path)] == [500]


def test_time_never_goes_back_and_lines_stay_in_their_order(tmp_path):
    lines = [at_noon(5), at_noon(3), "['no', 'time'", at_noon(7)]
    (tmp_path / "live.txt").write_text("\n".join(lines))
    read = frames(tmp_path)
    assert [frame.at - NOON for frame in read] == [5250, 5250, 5250, 7250]
    assert [frame.data for frame in read] == lines


def test_one_damaged_time_does_not_take_the_others_along(tmp_path):
    far = json.dumps(["LapCount", {}, "9026-06-14T12:00:06.25Z"])
    (tmp_path / "live.txt").write_text("\n".join([at_noon(5), far, at_noon(7)]))
    assert [frame.at - NOON for frame in frames(tmp_path)] == [5250, 5250, 7250]


def test_a_break_of_days_is_believed_at_its_second_line(tmp_path):
    later = [json.dumps(["LapCount", {}, f"2026-06-20T12:00:0{n}Z"]) for n in (1, 2)]
    (tmp_path / "live.txt").write_text("\n".join([at_noon(5), *later]))
    six_days = 6 * 86_400_000
    assert [frame.at - NOON for frame in frames(tmp_path)] == [5250, 5250, six_days + 2000]


def archive(folder, **topics):
    for name, lines in topics.items():
        (folder / f"{name}.jsonStream").write_text("\ufeff" + "\r\n".join(lines), newline="")


def test_an_archive_comes_in_the_order_of_its_times(tmp_path):
    archive(
        tmp_path,
        TimingData=["00:00:01.000{}", "00:00:03.000{}"],
        LapCount=["00:00:01.000{}", "00:00:02.000{}"],
        Heartbeat=['00:00:02.500{"Utc":"2026-06-14T12:00:02.1Z"}'],
    )
    read = [(frame.at - NOON, frame.channel) for frame in frames(tmp_path)]
    assert read == [
        (600, "TimingData"),
        (600, "LapCount"),
        (1600, "LapCount"),
        (2100, "Heartbeat"),
        (2600, "TimingData"),
    ]


@pytest.mark.parametrize(
    ("content", "start"),
    [
        ('{"StartDate":"2026-06-14T14:00:00","GmtOffset":"02:00:00"}', NOON),
        ('{"StartDate":"2026-06-14T07:30:00","GmtOffset":"-04:30:00"}', NOON),
    ],
)
def test_an_archive_without_utc_starts_when_it_was_meant_to(tmp_path, content, start):
    archive(
        tmp_path,
        SessionInfo=["00:00:00.000" + content],
        SessionStatus=['00:00:02.000{"Status":"Inactive"}', '00:01:00.000{"Status":"Started"}'],
    )
    assert frames(tmp_path)[-1].at == start


def test_an_archive_without_any_date_is_of_the_day_that_the_user_says(tmp_path):
    archive(tmp_path, TimingData=["00:00:01.000{}"])
    hints = CaptureHints(date(2026, 6, 14), ZoneInfo("Europe/Stockholm"))
    assert frames(tmp_path, hints)[0].at == NOON - 14 * 3_600_000 + 1000
    assert frames(tmp_path)[0].at == 946_684_801_000


@pytest.mark.parametrize("stem", ["timing_data", "TimingData", "CarData.z"])
@pytest.mark.parametrize("ending", ["raw", "txt", "jsonStream"])
def test_a_file_of_an_archive_is_named_by_its_topic(tmp_path, stem, ending):
    path = tmp_path / f"{stem}.{ending}"
    path.write_text("00:00:01.000{}\n")
    assert [frame.channel for frame in frames(path)] == [stem.replace("timing_data", "TimingData")]


def test_a_folder_may_hold_other_files(tmp_path):
    (tmp_path / "live.txt").write_text(at_noon(5))
    (tmp_path / "README.md").write_text("# a session")
    (tmp_path / "notes.txt").write_text("it rained")
    (tmp_path / "Index.json").write_text('{"Feeds":{"LapCount":{"StreamPath":"x"}}}')
    assert len(frames(tmp_path)) == 1


@pytest.mark.parametrize("content", ["", "it rained\n", "00:00:01.000{}\n", '{"a": {}}', "[1]"])
def test_another_file_is_no_capture(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_text(content)
    with pytest.raises(BadCapture, match=r"notes\.txt"):
        frames(path)
    with pytest.raises(BadCapture, match="no file in it"):
        frames(tmp_path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadCapture, match="cannot be read"):
        frames(tmp_path / "live.txt")


def test_a_damaged_capture_is_read_or_is_none(tmp_path):
    chance = random.Random(20_090_127)
    sources = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
    for source in sources * 10:
        content = bytearray(source.read_bytes())
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path = tmp_path / source.name
        path.write_bytes(content[: chance.randrange(len(content) + 1)])
        try:
            times = [frame.at for frame in frames(path)]
        except BadCapture:
            continue
        assert times == sorted(times)


def test_lines_of_either_signalr_are_a_capture(tmp_path):
    path = tmp_path / "records.txt"
    path.write_text("\n".join([told.core_state(LapCount={}), told.core("LapCount", {})]))
    assert len(frames(path)) == 2
    path.write_text(told.classic("LapCount", {}))
    assert len(frames(path)) == 1


def test_folder_comes_after_folder_each_with_its_own_state(tmp_path):
    for day in ("14", "15"):
        folder = tmp_path / day
        folder.mkdir()
        for name, text in (("subscribe.txt", STATE), ("live.txt", at_noon(3))):
            (folder / name).write_text(text.replace("06-14", f"06-{day}"))
    read = read_captures([tmp_path / "14", tmp_path / "15"], HINTS)
    day = 86_400_000
    assert [(frame.at - NOON, frame.data[0]) for frame in read] == [
        (3250, "{"),
        (3250, "["),
        (3250 + day, "{"),
        (3250 + day, "["),
    ]
