"""Which flag shows, of the statuses of the track and of the session and of race control's words."""

import pytest

from livetiming.events import Posted
from livetiming.services import BadFrame, Fact, Frame
from livetiming.services.f1.protocol import F1Parser
from tests.services.f1 import told


def control(flag, scope="Track", sector=None):
    message = {"Utc": "2026-06-14T12:00:00", "Flag": flag, "Scope": scope, "Message": flag}
    return message if sector is None else {**message, "Sector": sector}


def session(*messages):
    parser = F1Parser()
    for topic, content in messages:
        list(parser.receive(Frame(0, "", told.line(topic, content))))
    return parser.picture().session


def status(word):
    return "SessionStatus", {"Status": word}


def track(code):
    return "TrackStatus", {"Status": code}


@pytest.mark.parametrize(
    ("messages", "flag"),
    [
        ([track("1")], "green"),
        ([status("Inactive")], "none"),
        ([status("Inactive"), track("1")], "none"),
        ([status("Inactive"), track("2")], "yellow"),
        ([status("Started")], "green"),
        ([status("Started"), track("4")], "sc"),
        ([status("Started"), track("6")], "vsc"),
        ([status("Started"), track("7")], "vsc"),
        ([status("Started"), track("5")], "red"),
        ([status("Aborted"), track("1")], "red"),
        ([status("Finished"), track("2")], "chequered"),
        ([status("Finished"), status("Started"), track("1")], "green"),
        ([status("Finalised")], "chequered"),
    ],
)
def test_one_flag_shows(messages, flag):
    assert session(*messages)["flag"] == flag


def test_race_control_shows_the_flag_where_no_status_is_told():
    shown = {"0": control("CHEQUERED")}
    assert session(("RaceControlMessages", {"Messages": shown}))["flag"] == "chequered"
    assert "flag" not in session(
        ("RaceControlMessages", {"Messages": {**shown, "1": control("GREEN")}})
    )


def test_session_data_is_read_where_the_topics_themselves_never_came():
    series = [{"TrackStatus": "AllClear"}, {"SessionStatus": "Started"}, {"TrackStatus": "Red"}]
    data = ("SessionData", {"StatusSeries": series})
    assert session(data)["flag"] == "red"
    assert session(track("1"), status("Started"), data)["flag"] == "green"


def test_sectors_under_yellow_are_zones_until_they_are_clear():
    told_so_far = {}
    for number, (message, zones) in enumerate(
        [
            (control("YELLOW", "Sector", 11), "Yellow 11"),
            (control("DOUBLE YELLOW", "Sector", 2), "Double yellow 2, Yellow 11"),
            (control("YELLOW", "Sector", 2), "Yellow 2, Yellow 11"),
            (control("BLUE", "Driver"), "Yellow 2, Yellow 11"),
            (control("CLEAR", "Sector", 2), "Yellow 11"),
            (control("CLEAR"), None),
        ]
    ):
        told_so_far[str(number)] = message
        messages = ("RaceControlMessages", {"Messages": told_so_far})
        assert session(messages).get("zones") == zones


@pytest.mark.parametrize(
    ("message", "style"),
    [
        ({"Flag": "GREEN"}, "green"),
        ({"Flag": "CLEAR"}, "green"),
        ({"Flag": "DOUBLE YELLOW"}, "yellow"),
        ({"Flag": "RED"}, "red"),
        ({"Flag": "CHEQUERED"}, "chequered"),
        ({"Flag": "BLUE"}, "race_control"),
        ({"Flag": "BLACK AND WHITE"}, "race_control"),
        ({"Mode": "SAFETY CAR"}, "sc"),
        ({"Mode": "VIRTUAL SAFETY CAR"}, "vsc"),
        ({"Category": "Drs"}, "race_control"),
    ],
)
def test_a_message_looks_like_its_flag(message, style):
    said = {"Messages": {"0": {"Message": "so it is", "RacingNumber": "7", **message}}}
    updates = F1Parser().receive(Frame(0, "", told.line("RaceControlMessages", said)))
    (posted,) = [u.payload for u in updates if isinstance(u, Fact)]
    assert isinstance(posted, Posted)
    assert (posted.style, posted.car, posted.text) == (style, "7", "so it is")


@pytest.mark.parametrize("place", ["-1", "x", "99999"])
def test_a_message_without_a_number_costs_its_frame(place):
    said = {"Messages": {place: {"Message": "lost"}}}
    with pytest.raises(BadFrame):
        list(F1Parser().receive(Frame(0, "", told.line("RaceControlMessages", said))))
