"""Tables as CSV and as JSON lines."""

import csv
import io
import json

import pytest

from livetiming.analyses.tables import EXPORTED, TypedTable
from livetiming.analyses.text import csv_text, json_lines
from livetiming.projections.analysis.positions import Position
from livetiming.projections.analysis.stops import Stop
from livetiming.projections.happenings import Message

COLUMNS = {
    "laps": "car,num,class,team,lap,time_us,at,driver,position,class_position,s1_us,s2_us,s3_us,"
    "flag,in_lap,out_lap,tyre,mark,valid",
    "stints": "car,num,stint,driver,from_lap,to_lap,from_at,to_at,laps,best_us,mean_us,yellow_laps,"
    "tyre,open",
    "stops": "car,num,stop,lap,in_at,out_at,lane_us,driver_in,driver_out,fuelled",
    "drivers": "car,num,driver,laps,stints,time_us,share,best_us",
    "flags": "flag,from_at,to_at,from_lap,to_lap",
    "positions": "lap,car,num,position,class_position,at,gap_us,gap_laps",
    "messages": "at,category,text,style,car,origin",
    "events": "seq,at,type,line",
}
"""The tables and columns of the specification, word for word."""


def messages(*texts):
    return TypedTable(
        "messages", [Message(1, "RC", text, None, None, "provider") for text in texts]
    )


def written(table):
    return b"".join(csv_text(table))


def text_cell(text):
    """The cell that a text becomes, as a spreadsheet reads it."""
    rows = list(csv.reader(io.StringIO(written(messages(text)).decode(), newline="")))
    return rows[1][2]


def test_the_tables_and_their_columns_are_those_of_the_specification():
    assert {name: ",".join(TypedTable(name, ()).columns) for name in EXPORTED} == COLUMNS


def test_a_file_is_a_header_commas_and_crlf_without_bom():
    assert written(messages("Grün")) == (
        b"at,category,text,style,car,origin\r\n1,RC,Gr\xc3\xbcn,,,provider\r\n"
    )


def test_a_table_without_rows_is_its_header():
    assert written(messages()) == b"at,category,text,style,car,origin\r\n"
    assert b"".join(json_lines(messages())) == b""


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "＝1+1",
        "－1",
        " =1+1",
        '=HYPERLINK("x")',
    ],
)
def test_text_that_a_spreadsheet_would_run_is_kept_from_it(text):
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Car 7", "1+1=2", "'t Hooft", "a,b", 'say "go"', "007", "🏁"])
def test_other_text_is_as_it_was(text):
    assert text_cell(text) == text


def test_numbers_are_never_text():
    row = Position(1, "-7", "-7", 2, None, -5, -1_000, None)
    assert written(TypedTable("positions", [row])).splitlines()[1] == b"1,'-7,'-7,2,,-5,-1000,"


def test_yes_no_and_not_known_differ():
    def stop(fuelled):
        row = Stop("1", "1", 1, None, 0, None, None, None, None, fuelled)
        return written(TypedTable("stops", [row])).splitlines()[1]

    assert [stop(each) for each in (True, False, None)] == [
        b"1,1,1,,0,,,,,true",
        b"1,1,1,,0,,,,,false",
        b"1,1,1,,0,,,,,",
    ]


def test_many_rows_are_written_in_parts_and_none_is_lost():
    table = messages(*map(str, range(2500)))
    parts = list(csv_text(table))
    assert len(parts) == 3
    assert b"".join(parts).count(b"\r\n") == 2501


def test_a_json_line_is_an_object_by_column():
    (line,) = json_lines(messages("=1"))
    assert json.loads(line) == {
        "at": 1,
        "category": "RC",
        "text": "=1",
        "style": None,
        "car": None,
        "origin": "provider",
    }
    assert line.endswith(b"\n")
