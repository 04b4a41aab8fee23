"""Each form of the feed says the same, and what is none is refused."""

import json

import pytest

from livetiming.services import BadFrame, Frame
from livetiming.services.f1 import envelopes
from livetiming.services.f1.envelopes import Message
from tests.services.f1 import told

CONTENT = {"Lines": {"7": {"InPit": True, "Line": 3, "Note": 'it\'s "7"', "None": None}}}


def read(data, channel=""):
    return list(envelopes.read(Frame(0, channel, data)))


@pytest.mark.parametrize("form", told.FORMS)
def test_every_form_of_a_message_says_the_same(form):
    expected = [Message("TimingData", CONTENT, False, told.STAMP)]
    assert read(form("TimingData", CONTENT)) == expected
    assert read(form("TimingData", CONTENT).encode()) == expected


def test_a_line_of_an_archive_is_named_by_its_channel():
    assert read(json.dumps(CONTENT), "TimingData") == [Message("TimingData", CONTENT, False, None)]


@pytest.mark.parametrize(
    "data",
    [
        '{"type":3,"invocationId":"1","result":{"WeatherData":{},"SessionInfo":{"Key":1}}}',
        '{"R":{"WeatherData":{},"SessionInfo":{"Key":1}},"I":"1"}',
        '\ufeff{\n "WeatherData": {},\n "SessionInfo": {"Key": 1}\n}',
    ],
)
def test_a_state_tells_first_whose_session_it_is(data):
    assert read(data) == [
        Message("SessionInfo", {"Key": 1}, True, None),
        Message("WeatherData", {}, True, None),
    ]


def test_a_newer_client_writes_states_as_text_without_a_time():
    data = repr(["WeatherData", '{"AirTemp": "it\'s 20"}', ""])
    assert read(data) == [Message("WeatherData", {"AirTemp": "it's 20"}, True, None)]


@pytest.mark.parametrize(
    "data", ["{}", '{"type":6}', '{"type":7}', '{"C":"d-1","M":[]}', '{"S":1,"M":[]}', '{"I":"0"}']
)
def test_what_keeps_a_connection_alive_says_nothing(data):
    assert read(data) == []


def test_a_batch_says_all_its_messages_in_order():
    feed = [{"H": "Streaming", "M": "feed", "A": [topic, {}, ""]} for topic in ("LapCount", "Odd")]
    assert [message.topic for message in read(json.dumps({"C": "1", "M": feed}))] == [
        "LapCount",
        "Odd",
    ]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "whatever",
        '"whatever"',
        "7",
        "null",
        "[]",
        '["Heartbeat"]',
        "['Heartbeat', ]",
        "['Heartbeat', {'Utc': True, }, '']",
        "[7, {}, '']",
        '{"A":7}',
        '{"A":["Heartbeat"]}',
        '{"M":7}',
        '{"M":[7]}',
        '{"M":[{"A":[]}]}',
        '{"Type":7,"Json":{}}',
        '{"type":"1"}',
        '{"type":1}',
        '{"type":3,"result":7}',
        '{"type":3,"result":{"no topic":{}}}',
        '{"type":3,"error":"no such method"}',
        '{"E":"no such hub"}',
        '{"no topic":{}}',
        "['Heartbeat', __import__('os'), '']",
        "['Heartbeat', 1+1, '']",
        "[" * 100_000,
        "['a', " * 100_000,
    ],
)
def test_what_is_no_form_of_the_feed_is_refused(data):
    with pytest.raises(BadFrame):
        read(data)


def test_a_frame_without_end_is_refused():
    with pytest.raises(BadFrame, match="long"):
        read(" " * (envelopes.MAX_FRAME + 1))


def test_a_compressed_topic_is_inflated():
    data = told.line("WeatherData.z", told.deflated(b'{"AirTemp":"20"}'))
    assert read(data) == [Message("WeatherData", {"AirTemp": "20"}, False, told.STAMP)]


def test_telemetry_is_passed_over_unread():
    data = told.line("CarData.z", "no base64")
    assert read(data) == [Message("CarData", None, False, told.STAMP)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "***",
        "AAAA",
        "é",
        7,
        None,
        told.deflated(b"{}")[:-4],
        told.deflated(b"no json"),
        told.deflated(b" " * (envelopes.MAX_INFLATED + 1)),
    ],
)
def test_damage_in_a_compressed_topic_costs_its_frame(content):
    with pytest.raises(BadFrame):
        read(told.line("WeatherData.z", content))
