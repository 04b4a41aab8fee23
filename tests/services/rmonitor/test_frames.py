"""Frames as they come: encodings, line ends, what is no frame; and the plugin itself."""

import msgspec
import pytest

from livetiming.services import BadFrame, Frame, Verified
from livetiming.services.rmonitor import PLUGIN, Options
from tests.services.rmonitor.feed import Feed


def driver(feed):
    return feed.car("7")["driver"]


@pytest.mark.parametrize(
    "encoded",
    [
        '$A,"7","7",1,"Jörg","Åkesson","",1'.encode(),
        '$A,"7","7",1,"Jörg","Åkesson","",1'.encode("cp1252"),
        '\ufeff$A,"7","7",1,"Jörg","Åkesson","",1'.encode(),
        '$A,"7","7",1,"Jörg","Åkesson","",1\r'.encode(),
        '$A,"7","7",1,"Jörg","Åkesson","",1\r\n',
    ],
    ids=["utf_8", "cp1252", "with_bom", "with_cr", "text_with_crlf"],
)
def test_names_are_read_in_the_encodings_of_the_servers(encoded):
    assert driver(Feed(encoded)) == "Jörg Åkesson"


def test_bytes_that_no_encoding_has_do_not_matter():
    assert driver(Feed(b'$A,"7","7",1,"J\x81rg","Lind","",1')) == "J\ufffdrg Lind"


@pytest.mark.parametrize("blank", [b"", b"\r", b"  \r\n", ""])
def test_a_blank_line_is_nothing(blank):
    assert Feed(blank).updates == []


def test_an_unknown_command_is_told_once():
    feed = Feed()
    with pytest.raises(BadFrame):
        feed.say('$RMS,"x"')
    feed.say('$RMS,"y"')
    with pytest.raises(BadFrame):
        feed.say('$RMHL,"x"')


def test_a_bad_frame_costs_that_frame_only():
    feed = Feed('$G,1,"7",5,"00:09:00.000"')
    before = dict(feed.car("7"))
    with pytest.raises(BadFrame):
        feed.say('$G,1,"7",6,"00:10')
    assert feed.car("7") == before
    assert feed.say('$G,1,"7",6,"00:10:00.000"').car("7")["laps"] == 6


def test_a_line_that_does_not_end_is_a_bad_frame():
    with pytest.raises(BadFrame) as caught:
        Feed(b"$A," + b"x" * 70_000)
    assert caught.value.kind == "long line"


def test_a_bad_record_in_a_dump_does_not_cost_the_dump():
    feed = Feed('$B,1,"Race"', '$I, "00:00:00", "0/0/0000"', f'$A,"{"x" * 40}","7",1,"","","",1')
    feed.say('$G,1,"7",5,"00:09:00.000"')
    with pytest.raises(BadFrame):
        feed.say('$B,1,"Race"')
    assert feed.order == ["7"]


def test_the_plugin_says_what_it_is():
    assert PLUGIN.verified is Verified.CAPTURE
    assert msgspec.convert({"host": "10.0.0.1"}, Options) == Options(host="10.0.0.1", port=50000)
    parser = PLUGIN.parser(Options(host="10.0.0.1"))
    assert [u.key for u in parser.receive(Frame(0, "", '$B,1,"Race"'))] == ["1 Race"]


@pytest.mark.parametrize("port", [0, 65536, "telnet"])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"host": "10.0.0.1", "port": port}, Options)


def test_every_option_has_its_help():
    schema = msgspec.json.schema(Options)["$defs"]["Options"]["properties"]
    assert all("description" in option for option in schema.values())
