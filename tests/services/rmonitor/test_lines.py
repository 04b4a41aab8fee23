"""What each sentence of the protocol says, field by field."""

from datetime import date

import pytest

from livetiming.racing import Flag
from livetiming.services import BadFrame
from livetiming.services.rmonitor.dates import read_day
from livetiming.services.rmonitor.lines import UnknownCommand, read
from livetiming.services.rmonitor.records import (
    ClassName,
    Correction,
    Crossing,
    Entry,
    Heartbeat,
    Init,
    LapSpeed,
    Passing,
    Place,
    PracticePlace,
    RacePlace,
    Run,
    Setting,
)

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("line", "record"),
    [
        (
            '$F,14,"00:12:45","13:34:23","00:09:47","Green "',
            Heartbeat(14, 765 * SECOND, 48863 * SECOND, 587 * SECOND, Flag.GREEN, "Green "),
        ),
        (
            '$A,"1234BE","12X",52474,"Anna","Lind","SWE",5',
            Entry("1234BE", "12X", "5", "Anna", "Lind", "SWE", None),
        ),
        (
            '$COMP,"1234BE","12X",5,"Anna","Lind","SWE","Lind Motorsport"',
            Entry("1234BE", "12X", "5", "Anna", "Lind", "SWE", "Lind Motorsport"),
        ),
        ('$B,5,"Friday free practice"', Run("5", "Friday free practice")),
        ('$C,5,"Formula 300"', ClassName("5", "Formula 300")),
        ('$E,"TRACKNAME","Nordring"', Setting("TRACKNAME", "Nordring")),
        (
            '$G,3,"1234BE",14,"01:12:47.872"',
            RacePlace("1234BE", 3, 14, 4367872000, started=True),
        ),
        ('$H,2,"1234BE",3,"00:02:17.872"', PracticePlace("1234BE", 2, 137872000)),
        ('$I,"16:36:08","12 Jan 11"', Init(False, date(2011, 1, 12), 59768 * SECOND)),
        ('$J,"1234BE","00:02:03.826","01:42:17.672"', Passing("1234BE", 123826000, 6137672000)),
        (
            '$COR,"123BE","658",2,"00:00:35.272","+00:00:00.012"',
            Correction("123BE", 2, 35272000),
        ),
        (
            '$L,"13","P2","POP","01/27/2009","10:00:00.5"',
            Crossing("13", Place.PIT_OUT, 36000_500_000),
        ),
        (
            '$L,"13","T1","SFT","01/27/2013","10:00:00.500",3,"PC"',
            Crossing("13", Place.FINISH, 36000_500_000),
        ),
        ('$T,"Nordring","NR","4.1",1,"S1","T1","T2",40000', Setting("TRACKNAME", "Nordring")),
        ('$SR,4,"17",20,"00:00:23.619",30483', LapSpeed("17", False, 23619000, 30.483)),
        ('$SP,2,"17",11,"00:00:23.000",31304', LapSpeed("17", True, 23000000, 31.304)),
    ],
    ids=lambda value: value.split(",")[0] if isinstance(value, str) else "",
)
def test_a_sentence_is_read_field_by_field(line, record):
    assert read(line) == record


def test_a_comma_in_quotes_is_part_of_the_name():
    assert read('$C,1,"GT, GTC and others"') == ClassName("1", "GT, GTC and others")


def test_a_blank_after_a_comma_is_skipped():
    assert read('$I, "00:00:00", "0/0/0000"') == Init(True, None, 0)


def test_a_blank_line_says_nothing():
    assert read("") is None


@pytest.mark.parametrize(
    ("word", "flag"),
    [
        ("Green ", Flag.GREEN),
        ("Yellow", Flag.YELLOW),
        ("Red   ", Flag.RED),
        ("Finish", Flag.CHEQUERED),
        ("      ", Flag.NONE),
        ("", Flag.NONE),
        ("Purple", None),
    ],
)
def test_flags_are_padded_words(word, flag):
    assert read(f'$F,9999,"00:00:00","10:00:00","00:00:00","{word}"').flag is flag


def test_9999_laps_to_go_means_not_limited_by_laps():
    assert read('$F,9999,"00:00:00","10:00:00","00:00:00","Green "').laps_to_go is None


def test_zero_laps_to_go_is_not_missing():
    assert read('$F,0,"00:00:00","10:00:00","00:00:00","Finish"').laps_to_go == 0


def test_a_race_time_that_counts_to_the_start_is_none():
    assert read('$F,9999,"08:00:47","08:59:12","00:00:-47","      "').race_us is None


def test_a_race_time_of_59_59_without_a_flag_is_how_2009_wrote_none():
    assert read('$F,9999,"00:00:00","07:59:36","00:59:59","      "').race_us is None
    assert read('$F,9999,"00:00:00","08:59:58","00:59:59","Green "').race_us == 3599 * SECOND


@pytest.mark.parametrize("total", ["00:59:59.999", "00:00:00.000", "00:00:00", ""])
def test_a_total_time_before_the_first_crossing_is_none(total):
    assert read(f'$G,3,"7",,"{total}"') == RacePlace("7", 3, None, None, started=True)


def test_a_total_time_of_59_59_999_is_real_once_a_lap_is_done():
    assert read('$G,3,"7",20,"00:59:59.999"').total_us == 3599_999_000


@pytest.mark.parametrize("laps", ["-1", "-2"])
def test_negative_laps_mean_not_started(laps):
    assert read(f'$G,3,"7",{laps},"00:00:00.000"') == RacePlace("7", 3, None, None, started=False)


def test_zero_laps_are_not_missing():
    assert read('$G,3,"7",0,"00:00:04.120"').laps == 0


def test_a_best_lap_of_zero_is_none():
    assert read('$H,9,"7",0,"00:00:00.000"') == PracticePlace("7", 9, None)


@pytest.mark.parametrize("lap", ["00:00:00.000", ""])
def test_a_passing_without_a_lap_time_is_the_first(lap):
    assert read(f'$J,"7","{lap}","00:00:02.207"') == Passing("7", None, 2207000)


def test_a_line_that_we_do_not_understand_is_still_a_crossing():
    assert read('$L,"7","T4","S2T","01/27/2009","10:00:00.500"').place is None


@pytest.mark.parametrize(
    "line",
    [
        '$F,9999,"04:23:19","10:36:40","02:36:4',
        '$G,1,"7"',
        '$G,1,"7",12',
        '$J,"7","00:01:02.000"',
        '$A,"7","7",100,"Anna"',
        '$H,1,"7",12',
        '$L,"7","T1","SFT","01/27/2009"',
        "$C,1",
        '$SR,4,"17",20,"00:00:23.619"',
        "$F",
    ],
)
def test_a_line_that_is_cut_is_a_bad_frame(line):
    with pytest.raises(BadFrame):
        read(line)


@pytest.mark.parametrize(
    "line",
    [
        '$G,first,"7",1,"00:01:02.000"',
        '$G,1,"7",99999999999999999999,"00:01:02.000"',
        '$G,1,"7",1,"soon"',
        '$G,1,"",1,"00:01:02.000"',
        '$J,"7",12,"x"',
        '$F,many,"00:00:00","10:00:00","00:00:00","Green "',
    ],
)
def test_a_wrong_value_is_a_bad_frame_that_names_the_command(line):
    with pytest.raises(BadFrame) as caught:
        read(line)
    assert caught.value.kind == f"value in {line[:2]}"


def test_a_command_that_nobody_described_is_unknown():
    with pytest.raises(UnknownCommand) as caught:
        read('$RMS,"Finish"')
    assert caught.value.kind == "command $RMS"


@pytest.mark.parametrize("line", ["##2025-04-26 13:58:48.222", "HTTP/1.1 400", "$g,1", "$" * 40])
def test_what_is_no_record_at_all_is_a_bad_frame(line):
    with pytest.raises(BadFrame) as caught:
        read(line)
    assert caught.value.kind == "no record"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27 Jan 09", date(2009, 1, 27)),
        ("05 Mrz 17", date(2017, 3, 5)),
        ("5 Mär. 2017", date(2017, 3, 5)),
        ("14 juil 25", date(2025, 7, 14)),
        ("14 juin 25", date(2025, 6, 14)),
        ("02 dic 19", date(2019, 12, 2)),
        ("31 okt 24", date(2024, 10, 31)),
        ("0/0/0000", None),
        ("30 Feb 24", None),
        ("12 Xyz 24", None),
        ("12 Jan 9999", None),
        ("", None),
    ],
)
def test_dates_are_read_in_the_languages_of_the_servers(text, day):
    assert read_day(text) == day
