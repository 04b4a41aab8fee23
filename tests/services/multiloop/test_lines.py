"""What the fields of a line mean: the examples are those of the published specification."""

import pytest

from livetiming.racing import Flag, Kind
from livetiming.services import BadFrame
from livetiming.services.multiloop.lines import UnknownCommand, decoded, read
from livetiming.services.multiloop.records import Heartbeat, Part, Section, Sort, Zone
from tests.services.multiloop.feed import entry, line, result

HEADER = "$H\xa6N\xa64F3A\xa6CP01\xa6"


def test_the_heartbeat_of_the_specification_is_read_as_it_says():
    read_line = read(HEADER + "G\xa6BC6AD080\xa64CAD63\xa691\xa6B837C")
    assert (read_line.sort, read_line.preamble) == (Sort.NEW, "CP01")
    assert read_line.record == Heartbeat(
        flag=Flag.GREEN,
        flag_word="G",
        clock_at=3_161_116_800_000,
        elapsed_us=5_025_123_000,
        laps_to_go=145,
        to_go_us=754_556_000,
    )


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_the_separator_is_one_byte_or_that_character_in_utf_8(encoding):
    assert decoded("$V\xa6N\xa61\xa6Q1\xa61\xa65\xa6é\r\n".encode(encoding)).endswith("5\xa6é")


def test_the_character_that_begins_a_record_is_the_timekeepers_own_choice():
    assert read(HEADER.replace("$", "#") + "G\xa60\xa60\xa60\xa60").record.flag is Flag.GREEN


def test_a_letter_begins_no_record():
    with pytest.raises(BadFrame, match="no record"):
        read("xH\xa6N\xa61\xa6Q1\xa6G\xa60\xa60\xa60\xa60")


def test_a_result_without_the_fields_that_are_younger_is_read():
    short = decoded(result("7", rank=3)).split("\xa6")[:17]
    record = read("\xa6".join(short)).record
    assert (record.rank, record.grid, record.pits, record.status) == (3, None, None, "")


def test_an_entry_has_as_many_fields_of_its_own_as_it_says():
    record = read(decoded(entry("007", 0x17, "Ann Bee", "GT4", "Audi", "x"))).record
    assert (record.number, record.entry, record.driver) == ("007", "17", "Ann Bee")
    assert record.fields == ("GT4", "Audi", "x")


def test_an_entry_with_fewer_fields_than_it_says_is_a_bad_one():
    with pytest.raises(BadFrame, match="9 fields announced"):
        read(decoded(line("E", "7", 1, "Ann", 1, 9, "GT4")))


@pytest.mark.parametrize(
    ("word", "kind"),
    [("P", Kind.PRACTICE), ("Q", Kind.QUALIFYING), ("S", Kind.QUALIFYING), ("R", Kind.RACE)],
)
def test_a_run_says_what_it_is(word, kind):
    assert read(decoded(line("R", "Event", "E", "Run", word, 1))).record.kind is kind


def test_a_track_names_its_sections_by_their_lines():
    text = decoded(line("T", "Ring", "R", "3.4", 2, "S1", "0", "SF", "IM1", "S2", "0", "IM1", "SF"))
    assert read(text).record.parts == (Part("S1", "SF", "IM1"), Part("S2", "IM1", "SF"))


@pytest.mark.parametrize("head", ["", "N\xa61\xa6Q1\xa6"])
def test_what_usac_adds_is_read_with_and_without_a_header(head):
    assert read(f"$USAC:S\xa6{head}11\xa6FF\xa6S2\xa67530").record == Section(
        None, "11", "S2", 255_000, 30_000_000
    )
    assert read(f"$USAC:TZ\xa6{head}America/New_York\xa6FF").record == Zone("America/New_York")


@pytest.mark.parametrize(
    "text",
    ["$C\xa6N\xa61\xa6Q1\xa61\xa67", "$H\xa6N", "$C", "$H\xa6X\xa61\xa6Q1\xa6G\xa60\xa60\xa60\xa60",
     HEADER + "G\xa6-1\xa60\xa60\xa60", HEADER + "G\xa6" + "F" * 13 + "\xa60\xa60\xa60",
     "$USAC:TZ\xa6Mars or so\xa61", "$L\xa6N\xa61\xa6Q1\xa6 \xa61\xa6SF\xa6A\xa61\xa6G\xa6T"],
)  # fmt: skip
def test_a_line_that_is_cut_or_has_a_wrong_value_is_a_bad_frame(text):
    with pytest.raises(BadFrame) as told:
        read(text)
    assert not isinstance(told.value, UnknownCommand)


@pytest.mark.parametrize("command", ["P", "O", "USAC:GPS"])
def test_a_command_that_is_not_described_is_said_to_be_unknown(command):
    with pytest.raises(UnknownCommand):
        read(f"${command}\xa6N\xa61\xa6Q1\xa6x")
