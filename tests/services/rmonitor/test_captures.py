"""How captures that lie in archives become frames with arrival times."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from livetiming.errors import BadCapture
from livetiming.services import CaptureHints, Frame
from livetiming.services.rmonitor.captures import read_captures
from tests.services.rmonitor.feed import heartbeat

NO_HINTS = CaptureHints(None, ZoneInfo("UTC"))
FLORIDA = CaptureHints(date(2009, 1, 27), ZoneInfo("America/New_York"))


@pytest.fixture
def capture(tmp_path):
    def read(*contents, hints=NO_HINTS):
        paths = [tmp_path / f"{number}.txt" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_captures(paths, hints))

    return read


def times(frames):
    return [
        f"{datetime.fromtimestamp(frame.at / 1000, UTC):%d %H:%M:%S.%f}"[:-3] for frame in frames
    ]


def test_stamps_are_utc_and_date_the_burst_after_them(capture):
    frames = capture(
        '##2025-04-26 13:58:48.222\n$B,1,"Race"\n$C,1,"GT"\n\n##2025-04-26 13:58:49.1\n'
    )
    at = round(datetime(2025, 4, 26, 13, 58, 48, 222000, UTC).timestamp() * 1000)
    assert frames[:2] == [Frame(at, "", b'$B,1,"Race"'), Frame(at, "", b'$C,1,"GT"')]


def test_a_stamp_may_name_a_kind(capture):
    frames = capture('##2025-04-26 13:58:48.222|rmonitor\n$B,1,"Race"\n')
    assert times(frames) == ["26 13:58:48.222"]


def test_lines_before_the_first_stamp_have_its_time(capture):
    frames = capture('$B,1,"Race"\n##2025-04-26 13:58:48.222\n$C,1,"GT"\n')
    assert times(frames) == ["26 13:58:48.222"] * 2


def test_stamps_that_go_back_do_not_take_time_back(capture):
    frames = capture("##2025-04-26 13:58:48.222\n$B\n##2025-04-26 13:58:47.000\n$C\n")
    assert times(frames) == ["26 13:58:48.222"] * 2


def test_a_stamp_that_is_cut_is_handed_on_to_be_counted(capture):
    frames = capture("##2025-04-26 13:58:48.222\n$B\n##2025-04")
    assert frames[-1].data == b"##2025-04"


def test_milliseconds_count_from_the_first_heartbeat(capture):
    frames = capture(
        f'0 {heartbeat(clock="22:11:25")}\n998 $B,1,"X"\n2000 $I,"22:11:27","27 Jun 20"\n'
    )
    assert times(frames) == ["27 22:11:25.000", "27 22:11:25.998", "27 22:11:27.000"]
    assert frames[1].data == b'$B,1,"X"'


def test_heartbeats_date_everything_where_there_are_no_stamps(capture):
    lines = [heartbeat(clock="08:00:05"), '$B,1,"X"', heartbeat(clock="08:00:06"), '$C,1,"Y"']
    frames = capture("\n".join(lines), hints=FLORIDA)
    assert times(frames) == ["27 13:00:05.000"] * 2 + ["27 13:00:06.000"] * 2


def test_lines_before_the_first_heartbeat_have_its_time(capture):
    frames = capture(f'$B,1,"X"\n{heartbeat(clock="08:00:05")}\n')
    assert frames[0].at == frames[1].at


def test_without_any_date_time_starts_in_2000(capture):
    frames = capture(heartbeat(clock="08:00:05"))
    assert frames[0].at == datetime(2000, 1, 1, 8, 0, 5, tzinfo=UTC).timestamp() * 1000


def test_heartbeats_may_pass_midnight(capture):
    clocks = ["23:59:58", "23:59:59", "00:00:00", "00:00:01"]
    frames = capture("\n".join(heartbeat(clock=clock) for clock in clocks), hints=FLORIDA)
    assert times(frames)[1:3] == ["28 04:59:59.000", "28 05:00:00.000"]


def test_a_clock_that_is_set_back_a_little_does_not_take_time_back(capture):
    frames = capture(
        "\n".join(heartbeat(clock=clock) for clock in ["10:00:10", "10:00:07", "10:00:11"])
    )
    assert times(frames) == ["01 10:00:10.000", "01 10:00:10.000", "01 10:00:11.000"]


def test_a_genuine_init_dates_what_came_before_it(capture):
    lines = [heartbeat(clock="23:59:59"), heartbeat(clock="00:00:01"), '$I,"00:00:02","27 Jan 09"']
    frames = capture("\n".join(lines))
    assert times(frames)[:2] == ["26 23:59:59.000", "27 00:00:01.000"]


def test_the_date_of_an_init_wins_over_the_hint(capture):
    lines = [heartbeat(clock="08:00:00"), '$I,"08:00:01","05 Mrz 17"']
    frames = capture("\n".join(lines), hints=FLORIDA)
    assert datetime.fromtimestamp(frames[0].at / 1000, UTC).date() == date(2017, 3, 5)


def test_a_reset_has_no_date(capture):
    frames = capture(f'{heartbeat(clock="08:00:00")}\n$I, "00:00:00", "0/0/0000"\n', hints=FLORIDA)
    assert times(frames) == ["27 13:00:00.000"] * 2


def test_a_later_init_takes_time_to_its_day(capture):
    lines = [heartbeat(clock="18:00:00"), '$I,"18:00:01","27 Jan 09"', '$I,"09:00:00","29 Jan 09"']
    frames = capture("\n".join([*lines, heartbeat(clock="09:00:01")]))
    assert times(frames)[-1] == "29 09:00:01.000"


def test_several_files_are_one_feed_and_go_on_in_time(capture):
    frames = capture(
        f'{heartbeat(clock="08:00:00")}\n$I,"08:00:01","27 Jan 09"',
        heartbeat(clock="09:00:00"),
        hints=NO_HINTS,
    )
    assert times(frames)[-1] == "27 09:00:00.000"


def test_a_byte_order_mark_is_no_part_of_the_first_line(capture):
    frames = capture('\ufeff##2025-04-26 13:58:48.222\r\n$B,1,"Race"\r\n')
    assert [frame.data for frame in frames] == [b'$B,1,"Race"']


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
def test_line_ends_of_all_kinds_are_no_part_of_a_line(capture, end):
    frames = capture(end.join(['$B,1,"Race"', "", '$C,1,"GT"', ""]))
    assert [frame.data for frame in frames] == [b'$B,1,"Race"', b'$C,1,"GT"']


def test_a_last_line_without_an_end_is_handed_on(capture):
    assert capture('$B,1,"Race"\n$C,1,"G')[-1].data == b'$C,1,"G'


def test_bytes_of_a_capture_stay_as_they_are(capture):
    assert (
        capture(b'$A,"7","7",1,"J\xf6rg","X","",1\n')[0].data == b'$A,"7","7",1,"J\xf6rg","X","",1'
    )


@pytest.mark.parametrize("content", ["", "\n\n", "number;driver\n7;Lind\n"])
def test_a_file_without_a_line_of_rmonitor_is_no_capture(capture, content):
    with pytest.raises(BadCapture):
        capture(content)
