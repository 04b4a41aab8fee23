"""Values of the feed, and the maps and lists they stand in."""

import pytest

from livetiming.events import Laps
from livetiming.services import BadFrame
from livetiming.services.f1 import values
from livetiming.services.f1.members import MAX_MEMBERS, index, members


@pytest.mark.parametrize(
    ("said", "gap"),
    [
        ("+1.234", 1_234_000),
        ("+76.127", 76_127_000),
        ("+1:02.345", 62_345_000),
        ("1L", Laps(1)),
        ("17L", Laps(17)),
        ("+1 LAP", Laps(1)),
        ("LAP 12", None),
        ("", None),
        ("0L", None),
    ],
)
def test_a_gap_is_a_time_or_laps(said, gap):
    assert values.gap(said) == gap


@pytest.mark.parametrize("said", ["-", "a bit", "+", "1.2.3", "٣L", "+-1"])
def test_what_is_no_gap_is_refused(said):
    with pytest.raises(BadFrame):
        values.gap(said)


def test_an_empty_text_is_a_cleared_value():
    assert values.time_us("") is values.count("") is values.number("") is values.instant("") is None
    assert values.flag("") is False


@pytest.mark.parametrize("said", [-1, 10**9, 1.5, True, "x", "٣", [], {}])
def test_what_is_no_count_is_refused(said):
    with pytest.raises(BadFrame):
        values.count(said)


@pytest.mark.parametrize(
    "said", ["2024-07-05T11:50:40.1747817Z", "2024-07-05T11:50:40.17+00:00", "2024-07-05T11:50:40"]
)
def test_instants_have_any_number_of_digits_and_are_utc(said):
    assert values.instant(said) // 1000 == 1_720_180_240


def test_a_list_is_a_map_by_index():
    assert list(members(["a", "b"])) == [("0", "a"), ("1", "b")]


def test_deleted_keys_come_last_and_key_frames_say_nothing():
    said = {"_deleted": ["Lap", 7], "Value": "", "_kf": True}
    assert list(members(said)) == [("Value", ""), ("Lap", None)]


@pytest.mark.parametrize("said", ["text", 7, True, [0] * (MAX_MEMBERS + 1)])
def test_what_has_no_members_is_refused(said):
    with pytest.raises(BadFrame):
        list(members(said))


@pytest.mark.parametrize("key", ["-1", "x", "9", "٣", "1.0", "", "0" * 7])
def test_an_index_is_below_its_limit(key):
    assert index(key, 9) is None
