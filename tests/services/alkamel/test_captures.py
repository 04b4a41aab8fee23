"""Lap-by-lap files become frames: in which order, when, and of which files."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from livetiming.errors import BadCapture
from livetiming.events import Passed
from livetiming.services import CaptureHints
from livetiming.services.alkamel import PLUGIN, captures
from livetiming.services.alkamel.captures import read_captures
from livetiming.services.capture import CaptureWriter, read_frames
from tests.services.alkamel.imports import imported
from tests.services.stage import events, last

HEADER = (
    "NUMBER; DRIVER_NUMBER; LAP_NUMBER; LAP_TIME; CROSSING_FINISH_LINE_IN_PIT; ELAPSED; HOUR;"
    "DRIVER_NAME;TEAM;FLAG_AT_FL;"
)
PARIS = CaptureHints(date(2025, 6, 14), ZoneInfo("Europe/Paris"))


def row(number, lap, lap_time, elapsed, hour, team="Team"):
    return f"{number};1;{lap};{lap_time};;{elapsed};{hour};Ada STONE;{team};GF;"


def file(folder, name, *rows, header=HEADER, end="\n", encoding="utf-8"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((end.join([header, *rows]) + end).encode(encoding))
    return path


def frames(*paths, hints=PARIS):
    return list(read_captures(paths, hints))


def instants(found):
    zone = ZoneInfo("Europe/Paris")
    return [
        datetime.fromtimestamp(frame.at / 1000, zone).strftime("%d %H:%M:%S") for frame in found
    ]


RACE = (
    row("1", 1, "1:40.000", "1:40.000", "23:58:40.000"),
    row("1", 2, "1:30.000", "3:10.000", "00:00:10.000"),
    row("2", 1, "1:41.000", "1:41.000", "23:58:41.000"),
    row("2", 2, "1:28.000", "3:09.000", "00:00:09.000"),
)


def test_rows_come_in_the_order_of_the_crossings_over_midnight(tmp_path):
    found = frames(file(tmp_path, "race.csv", *RACE))
    assert [frame.channel for frame in found] == ["file", *["csv"] * 5]
    assert [frame.data for frame in found[:2]] == ["race.csv", HEADER]
    assert [frame.data.split(";")[0::2][:2] for frame in found[2:]] == [
        ["1", "1"], ["2", "1"], ["2", "2"], ["1", "2"],
    ]  # fmt: skip
    assert instants(found) == [
        *["14 23:57:00"] * 2, "14 23:58:40", "14 23:58:41", "15 00:00:09", "15 00:00:10",
    ]  # fmt: skip


def test_a_frame_is_the_rows_own_text(tmp_path):
    found = frames(file(tmp_path, "race.csv", *RACE))
    assert sorted(frame.data for frame in found[2:]) == sorted(RACE)


def test_rows_of_one_instant_come_as_they_stand_in_the_file(tmp_path):
    rows = [row(n, 1, "1:40.000", "1:40.000", "12:01:40.000") for n in ("9", "3", "5")]
    assert [frame.data for frame in frames(file(tmp_path, "x.csv", *rows))[2:]] == rows


def test_a_day_goes_by_where_a_session_is_longer_than_one(tmp_path):
    rows = [
        row("1", n, "5:00:00.000", f"{5 * n}:00:00.000", f"{(16 + 5 * n) % 24:02d}:00:00.000")
        for n in range(1, 7)
    ]
    found = instants(frames(file(tmp_path, "race.csv", *rows)))
    assert found[2:] == [
        "14 21:00:00", "15 02:00:00", "15 07:00:00", "15 12:00:00", "15 17:00:00", "15 22:00:00",
    ]  # fmt: skip


def test_a_row_without_time_elapsed_is_dated_by_the_time_of_day(tmp_path):
    rows = [*RACE[:1], row("1", 2, "1:30.000", "", "00:00:10.000"), *RACE[2:]]
    assert "15 00:00:10" in instants(frames(file(tmp_path, "race.csv", *rows)))


def test_a_row_without_any_time_comes_with_the_row_before_it(tmp_path):
    rows = [*RACE[:1], "1;garbage", *RACE[1:]]
    found = frames(file(tmp_path, "race.csv", *rows))
    assert [frame.data for frame in found[2:4]] == [RACE[0], "1;garbage"]
    assert found[2].at == found[3].at


def test_one_wrong_time_of_day_does_not_move_the_start(tmp_path):
    rows = [row("1", 1, "1:40.000", "1:40.000", "03:00:00.000"), *RACE[1:]]
    assert instants(frames(file(tmp_path, "race.csv", *rows)))[0] == "14 23:57:00"


def test_a_file_without_times_of_day_begins_at_midnight(tmp_path):
    rows = [row("1", 1, "1:40.000", "1:40.000", "")]
    assert instants(frames(file(tmp_path, "x.csv", *rows))) == [*["14 00:00:00"] * 2, "14 00:01:40"]


def test_without_a_date_it_is_the_first_day_of_2000(tmp_path):
    path = file(tmp_path, "race.csv", *RACE)
    found = frames(path, hints=CaptureHints(None, ZoneInfo("UTC")))
    assert datetime.fromtimestamp(found[0].at / 1000, UTC) == datetime(
        2000, 1, 1, 23, 57, tzinfo=UTC
    )


def test_when_the_clocks_are_put_back_time_goes_on(tmp_path):
    """26 October 2025 in Paris: the hour from 02:00 comes twice."""
    rows = [
        row("1", 1, "2:00:00.000", "2:00:00.000", "03:00:00.000"),
        row("1", 2, "2:00:00.000", "4:00:00.000", "05:00:00.000"),
    ]
    hints = CaptureHints(date(2025, 10, 26), ZoneInfo("Europe/Paris"))
    found = frames(file(tmp_path, "race.csv", *rows), hints=hints)
    assert [(frame.at - found[0].at) // 3_600_000 for frame in found[2:]] == [2, 4]


@pytest.mark.parametrize(
    ("names", "highest"),
    [
        (("23_Analysis_Race_Hour 1.CSV", "23_Analysis_Race_Hour 2.CSV"), 1),
        (("23_Analysis_Race_Hour 10.CSV", "23_Analysis_Race_Hour 9.CSV"), 0),
        (("01_Hour 1/23_Time Cards_Race.CSV", "02_Hour 2/23_Time Cards_Race.CSV"), 1),
        (("a_Hour_1.csv", "a_hour_3.csv", "a_Hour 2.csv"), 1),
    ],
)
def test_of_the_hours_of_a_session_the_highest_is_read(tmp_path, names, highest):
    paths = [file(tmp_path, name, RACE[count]) for count, name in enumerate(names)]
    assert frames(*paths) == frames(paths[highest])


def test_hours_in_any_order_give_one_session(tmp_path):
    one = file(tmp_path, "23_Analysis_Race_Hour 1.CSV", *RACE[:1])
    two = file(tmp_path, "23_Analysis_Race_Hour 2.CSV", *RACE)
    assert frames(one, two) == frames(two, one) == frames(two) == frames(tmp_path)


def test_sessions_are_told_apart_by_their_names(tmp_path):
    noon = [row("1", 1, "1:40.000", "1:40.000", "12:01:40.000")]
    paths = [
        file(tmp_path, "23_Analysis_Free Practice 1.CSV", *noon),
        file(tmp_path, "23_Analysis_Race.CSV", *RACE),
    ]
    logs, _ = imported(paths, tmp_path, PARIS)
    described = [last(log).state.described for log in logs]
    assert [(each.description, each.kind) for each in described] == [
        ("Free Practice 1", "practice"), ("Race", "race"),
    ]  # fmt: skip
    assert len({each.key for each in described}) == 2


def test_a_file_that_would_begin_before_the_one_before_ended_begins_a_day_later(tmp_path):
    first = file(tmp_path, "one/23_Analysis_Race.CSV", *RACE)
    second = file(tmp_path, "two/23_Analysis_Race.CSV", *RACE)
    found = [frame for frame in frames(first, second) if frame.channel == "file"]
    assert instants(found) == ["14 23:57:00", "15 23:57:00"]
    logs, _ = imported([first, second], tmp_path, PARIS)
    assert len(logs) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_are_read_in_their_encoding(tmp_path, encoding, end):
    rows = [row("1", 1, "1:40.000", "1:40.000", "12:01:40.000", team="Équipe Alméras")]
    path = file(tmp_path, "race.csv", *rows, end=end, encoding=encoding)
    assert [frame.data for frame in frames(path)[1:]] == [HEADER, *rows]


@pytest.mark.parametrize("content", [b"", b"{}", b"POSITION;NUMBER;TEAM\n1;7;x\n", b"\xff" * 99])
def test_what_is_no_lap_by_lap_file_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "03_Results.CSV"
    path.write_bytes(content)
    with pytest.raises(BadCapture, match=r"03_Results\.CSV: is no lap-by-lap file"):
        frames(path)


def test_a_file_that_is_too_long_to_be_held_is_refused(tmp_path):
    path = file(tmp_path, "race.csv", *RACE)
    with path.open("ab") as grown:
        grown.truncate(captures.MAX_FILE + 1)
    with pytest.raises(BadCapture, match=f"expected at most {captures.MAX_FILE}"):
        frames(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BadCapture, match=r"gone\.csv: cannot be read"):
        frames(tmp_path / "gone.csv")


def test_a_capture_of_ours_gives_the_same_events_as_the_file(tmp_path):
    """A frame holds what stands in the file, so the parser does the parsing in both."""
    path = file(tmp_path, "race.csv", *RACE)
    writer = CaptureWriter(tmp_path / "ours.jsonl", "alkamel", 0)
    for frame in frames(path):
        writer.add(frame)
    writer.close()
    assert list(read_frames(PLUGIN, "alkamel", [tmp_path / "ours.jsonl"], PARIS)) == frames(path)


def test_each_damaged_row_costs_one_row(tmp_path):
    rows = [*RACE, "3;1;1;1:42.000;;1:42", row("", 1, "1:40.000", "1:43.000", "23:58:43.000"),
            row("4", "x", "1:40.000", "1:43.000", "23:58:43.000"),
            row("5", 1, "soon", "1:44.000", "23:58:44.000"),
            row("6", 1, "1:45.000", "1:45.000", "23:58:45.000")]  # fmt: skip
    (log,), reported = imported([file(tmp_path, "race.csv", *rows)], tmp_path, PARIS)
    passed = [event.payload for event in events(log) if isinstance(event.payload, Passed)]
    assert [(each.car, each.lap) for each in passed] == [
        ("1", 1), ("2", 1), ("6", 1), ("2", 2), ("1", 2),
    ]  # fmt: skip
    assert len(reported) == 1, "one kind of trouble is told once"
