"""Durations, gaps, clocks and instants: read and written."""

import pytest

from livetiming.units import (
    HOUR_US,
    MINUTE_US,
    SECOND_US,
    format_clock,
    format_duration,
    format_instant,
    parse_duration_us,
    parse_instant,
)


@pytest.mark.parametrize(
    ("text", "value_us"),
    [
        ("0", 0),
        ("1", SECOND_US),
        ("59.999", 59_999_000),
        ("1:02.345", 62_345_000),
        ("01:02.345", 62_345_000),
        ("1:02", 62_000_000),
        ("00:01:02.345", 62_345_000),
        ("24:00:00", 24 * HOUR_US),
        ("1:00:00.000001", HOUR_US + 1),
        ("5.1", 5_100_000),
        ("5.1234567", 5_123_456),
        ("90", 90 * SECOND_US),
        ("100:00", 100 * MINUTE_US),
        (" 1:02.345 ", 62_345_000),
    ],
)
def test_a_duration_is_read(text, value_us):
    assert parse_duration_us(text) == value_us


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-", "--:--", "abc", "1:xx", "+1.5", "-1.5", "1.", ".5", "1,5", "1:2:3:4"),
        *("1::2", ":30", "1:", "1 LAP", "1.5s", "NaN", "inf", "1e3", "0x10", "1_000", "1\n2"),
        *("１.5", "٣", "9" * 7, "1." + "0" * 10, "99999:00:00"),
    ],
)
def test_what_is_no_duration_is_none(text):
    assert parse_duration_us(text) is None


@pytest.mark.parametrize(
    ("value_us", "text"),
    [
        (0, "0:00.000"),
        (499, "0:00.000"),
        (500, "0:00.001"),
        (59_999_499, "0:59.999"),
        (59_999_500, "1:00.000"),
        (59_999_600, "1:00.000"),
        (MINUTE_US, "1:00.000"),
        (106_542_000, "1:46.542"),
        (HOUR_US - 400, "1:00:00.000"),
        (HOUR_US + 62_345_000, "1:01:02.345"),
        (25 * HOUR_US, "25:00:00.000"),
        (-1_500_000, "-0:01.500"),
        (-59_999_600, "-1:00.000"),
        (-499, "0:00.000"),
    ],
)
def test_a_duration_is_rounded_once_and_then_split(value_us, text):
    assert format_duration(value_us) == text


@pytest.mark.parametrize(
    ("decimals", "text"), [(0, "2:00"), (1, "1:59.9"), (3, "1:59.949"), (6, "1:59.949499")]
)
def test_a_duration_has_as_many_decimals_as_asked_for(decimals, text):
    assert format_duration(119_949_499, decimals) == text


def test_a_duration_that_was_written_is_read_as_it_was():
    for value_us in range(0, 3 * HOUR_US, 7_654_321):
        assert parse_duration_us(format_duration(value_us, 6)) == value_us


@pytest.mark.parametrize(
    ("value_us", "text"),
    [
        *((0, "0:00:00"), (999_999, "0:00:00"), (-1, "0:00:00"), (59_999_999, "0:00:59")),
        *((HOUR_US, "1:00:00"), (24 * HOUR_US - 1, "23:59:59"), (100 * HOUR_US, "100:00:00")),
    ],
)
def test_a_clock_is_cut_to_the_second(value_us, text):
    assert format_clock(value_us) == text


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-06-14T16:00:00.250Z", 1781452800250),
        ("2026-06-14T16:00:00.250", 1781452800250),
        ("2026-06-14 18:00:00+02:00", 1781452800000),
        ("2026-06-14", 1781395200000),
        (" 2026-06-14T16:00:00Z ", 1781452800000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2026-10-25T02:30:00+02:00", 1792888200000),
        ("2026-10-25T02:30:00+01:00", 1792891800000),
    ],
)
def test_an_instant_is_read_as_utc_unless_it_names_its_zone(text, at):
    assert parse_instant(text) == at


@pytest.mark.parametrize(
    "text",
    ["", "now", "16:00", "2026-02-30", "2026-13-01", "14.06.2026", "1781452800", "T", "2026"],
)
def test_what_is_no_instant_is_none(text):
    assert parse_instant(text) is None


@pytest.mark.parametrize("at", [0, -1, 1781452800250, 999, -62135596800000, 253402300799999])
def test_an_instant_that_was_written_is_read_as_it_was(at):
    assert parse_instant(format_instant(at)) == at


def test_an_instant_is_written_in_utc_to_the_millisecond():
    assert format_instant(1781452800250) == "2026-06-14T16:00:00.250Z"
    assert format_instant(-1) == "1969-12-31T23:59:59.999Z"
    assert format_instant(-62135596800000) == "0001-01-01T00:00:00.000Z"


@pytest.mark.parametrize("at", [2**53 - 1, -(2**53) + 1, 253402300800000])
def test_an_instant_beyond_the_calendar_is_written_in_seconds_since_1970(at):
    text = format_instant(at)
    assert text.startswith("@")
    assert round(float(text[1:].partition(".")[0])) == at // 1000
