"""Stored sessions: XML in base64, from anywhere, and what is made of it."""

import base64
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from livetiming.errors import BadCapture
from livetiming.events import Passed
from livetiming.racing import CarState, Kind, Mark
from livetiming.services import BadFrame, CaptureHints
from livetiming.services.hhtiming.captures import read_captures
from livetiming.services.hhtiming.replay_lines import MAX_DOCUMENT, read
from tests.services.hhtiming.feed import Feed, Replay, stored

SESS = (
    '<SESS Competition="VLN" Meeting="Round 1" Session="Rennen" Track="Ring" '
    'StartTime="14.03.2019 16:30:00.000"/>'
)
ENTR = (
    '<ENTR Bib="007" Car="BMW M4" Class="SP9" Team="Team A">'
    '<Driver1 Country="GER" First="Ann" Last="Bee" Short="A.B." Id="11"/>'
    '<Driver2 Country="GER" First="" Last="" Short="C.D." Id="12"/></ENTR>'
)


def passage(strip, at, bib="007", id_="", **values):
    more = "".join(f' {name}="{value}"' for name, value in values.items())
    own = f'ID="{id_ or at + strip + bib}" DT="2019-03-14T16:{at}" BB="{bib}" ST="{strip}"'
    return f"<PASS {own}{more}/>"


def first_lap():
    return [
        SESS, ENTR, passage("I1", "31:30.000", IT=90_000), passage("I2", "33:00.000", IT=90_000),
        passage("F", "34:16.693", IT=76_693, LT=256_693, LP=1, VE="201,5", DR=11),
    ]  # fmt: skip


def test_a_session_is_described():
    seen = Replay(SESS).sessions[-1]
    assert (seen.key, seen.name, seen.venue, seen.kind) == (
        "VLN Round 1 Rennen 14.03.2019 16:30:00.000", "VLN Round 1", "Ring", Kind.RACE,
    )  # fmt: skip


def test_a_finish_passage_is_a_lap():
    feed = Replay(*first_lap())
    assert feed.told == [Passed("007", "finish", 1, 256_693_000, 256_693_000)]
    assert feed.car("007") == {
        "num": "007", "class": "SP9", "team": "Team A", "car": "BMW M4", "driver": "Ann Bee",
        "state": CarState.RUN, "laps": 1, "last": (256_693_000, Mark.SB),
        "best": (256_693_000, Mark.SB), "speed": 201.5, "best_speed": 201.5,
        "s1": (90_000_000, Mark.SB), "s2": (90_000_000, Mark.SB), "s3": (76_693_000, Mark.SB),
        "bs1": (90_000_000, Mark.SB), "bs2": (90_000_000, Mark.SB), "bs3": (76_693_000, Mark.SB),
    }  # fmt: skip
    assert feed.session["elapsed"].value_us == 256_693_000


def test_values_may_be_written_as_elements():
    feed = Replay(ENTR, "<PASS><BB>007</BB><ST>F</ST><LT>90000</LT><LP>3</LP></PASS>")
    assert feed.told == [Passed("007", "finish", 3, 90_000_000)]


def test_passages_that_come_twice_tell_once():
    lines = [*first_lap(), passage("PI", "38:00.000"), passage("PO", "39:00.000")]
    feed = Replay(*[one for one in lines for _ in range(2)])
    assert [passed.line for passed in feed.told] == ["finish", "pit_in", "pit_out"]
    assert feed.car("007")["pits"] == 1


def test_a_passage_that_comes_late_changes_nothing():
    feed = Replay(*first_lap(), passage("F", "30:01.000", LT=1000, LP=0))
    assert (feed.car("007")["laps"], feed.car("007")["best"]) == (1, (256_693_000, Mark.SB))


def test_more_intermediates_are_more_sectors():
    feed = Replay(SESS, ENTR, passage("I3", "31:00.000", IT=1000))
    assert "s4" in {column.id for column in feed.sessions[-1].columns}


def test_a_car_without_an_entry_is_known_by_its_bib():
    assert Replay(passage("F", "34:00.000", bib="E1", LP=1)).order == ["E1"]


def test_another_session_is_one_without_the_cars_before():
    feed = Replay(*first_lap(), SESS, SESS.replace("Rennen", "Rennen 2"))
    assert len({seen.key for seen in feed.sessions}) == 2
    assert feed.order == []


@pytest.mark.parametrize("one", ["<WHAT/>", passage("X9", "31:00.000")])
def test_what_is_unknown_is_told_once(one):
    feed = Replay(SESS)
    with pytest.raises(BadFrame, match="unknown"):
        feed.say(one)
    feed.say(one)


ENTITY = '<!DOCTYPE SESS [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><SESS Session="&b;"/>'
OUTSIDE = (
    '<!DOCTYPE SESS [<!ENTITY a SYSTEM "file:///etc/hostname">]><SESS><Session>&a;</Session></SESS>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("xml", [ENTITY, OUTSIDE])
def test_a_document_that_declares_anything_is_refused(xml, encoding):
    with pytest.raises(BadFrame, match="declaration"):
        read(base64.b64encode(xml.encode(encoding)))


def test_an_entity_that_is_nowhere_declared_is_refused():
    with pytest.raises(BadFrame, match="xml"):
        read(stored('<SESS Session="&b;"/>'))


def test_a_document_that_names_another_encoding_is_read_as_what_it_is():
    text = '<?xml version="1.0" encoding="utf-16"?><SESS Session="Rennen é"/>'
    assert read(stored(text)).session == "Rennen é"


@pytest.mark.parametrize(
    "data",
    ["", "no base64!", stored("<SESS"), stored("<PASS/>"), stored('<PASS BB="7" LT="x"/>'),
     stored('<SESS StartTime="yesterday"/>'), base64.b64encode(b"\xff\xff\xff").decode(),
     stored("<a>" * 15_000), "A" * (MAX_DOCUMENT + 4)],
)  # fmt: skip
def test_a_document_that_cannot_be_read_is_a_bad_frame(data):
    with pytest.raises(BadFrame):
        read(data)


def test_deep_documents_do_no_harm():
    deep = "<SESS>" + "<a>" * 6_800 + "</a>" * 6_800 + "</SESS>"
    assert len(stored(deep)) <= MAX_DOCUMENT
    assert read(stored(deep)).session == ""


def write(folder: Path, *lines):
    path = folder / "one.hhreplay"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    return path


def test_receive_times_are_of_the_zone_of_the_hints(tmp_path):
    path = write(
        tmp_path, f"2019-03-14 16:34:16.6931234|{stored(SESS)}", "garbage",
        f"2019-03-14 16:34:10.0000000|{stored(ENTR)}",
    )  # fmt: skip
    frames = list(read_captures([path], CaptureHints(None, ZoneInfo("Europe/Berlin"))))
    assert [frame.at for frame in frames] == [1_552_577_656_693] * 3
    assert [len(frame.data) > 20 for frame in frames] == [True, False, True]


def test_a_file_of_another_kind_is_none(tmp_path):
    with pytest.raises(BadCapture, match="hhreplay: expected"):
        list(read_captures([write(tmp_path, "{}", "<a/>")], CaptureHints(None, ZoneInfo("UTC"))))


def test_the_two_forms_are_told_apart_by_their_channels():
    with pytest.raises(BadFrame, match="json"):
        Feed(stored(SESS))
