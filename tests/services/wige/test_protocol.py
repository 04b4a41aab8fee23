"""What the parser makes of single messages; the fixtures tell whole stories."""

import json

import pytest

from livetiming.events import Clock, Laps, Passed, Posted
from livetiming.services import BadFrame, Fact, Frame, SessionSeen
from livetiming.services.wige.protocol import WigeParser
from livetiming.units import parse_instant

NOON = parse_instant("2026-06-13T12:00:00+02:00")


def row(stnr="3", **fields):
    return {"POSITION": "1", "STNR": stnr, "CLASSNAME": "SP 9", "TEAM": "Team"} | fields


def result(*rows, **fields):
    head = {"PID": "0", "SESSION": "7", "HEATTYPE": "R", "HEAT": "Race", "TRACKSTATE": "0"}
    return head | fields | {"RESULT": list(rows)}


def message(id_, time, text):
    return {"ID": str(id_), "MESSAGETIME": time, "MESSAGE": text}


def said(*messages, **fields):
    return {"PID": "3", "MESSAGES": list(messages)} | fields


class Reader:
    """A parser that is given documents, a second after each other."""

    def __init__(self, now=NOON):
        self.parser = WigeParser()
        self.now = now

    def read(self, document, at=None):
        self.now = self.now + 1000 if at is None else at
        data = document if isinstance(document, str | bytes) else json.dumps(document)
        return list(self.parser.receive(Frame(self.now, "", data)))

    def crossings(self, document):
        return [u.payload for u in self.read(document) if isinstance(u.payload, Passed)]

    @property
    def fields(self):
        return self.parser.picture().session

    def cells(self, car="3"):
        return self.parser.picture().cars[car]


def joined(*rows, **fields):
    reader = Reader()
    reader.read(result(*(rows or (row(LAPS="5", LASTLAPTIME="8:30.000"),)), **fields))
    return reader


def posts(updates):
    return [
        (update.source_at, update.payload.text, update.payload.car)
        for update in updates
        if isinstance(update, Fact) and isinstance(update.payload, Posted)
    ]


def test_a_joiner_is_told_of_no_crossing_and_then_of_the_next():
    reader = joined()
    assert reader.crossings(result(row(LAPS="5", LASTLAPTIME="8:30.000"))) == []
    (passed,) = reader.crossings(result(row(LAPS="6", LASTLAPTIME="8:31.500", NAME="A")))
    assert passed == Passed(car="3", line="finish", lap=6, lap_us=511_500_000, driver="A")


def test_a_lap_without_a_time_is_a_lap():
    (passed,) = joined().crossings(result(row(LAPS="6", LASTLAPTIME="")))
    assert (passed.lap, passed.lap_us) == (6, None)


def test_of_laps_that_were_missed_the_last_is_known():
    (passed,) = joined().crossings(result(row(LAPS="9", LASTLAPTIME="8:29.000")))
    assert (passed.lap, passed.lap_us) == (9, 509_000_000)


def test_a_car_that_was_gone_for_a_while_goes_on():
    reader = joined()
    reader.read(result())
    (passed,) = reader.crossings(result(row(LAPS="6", LASTLAPTIME="8:29.000")))
    assert passed.lap == 6


GAPS = {
    "0.912": 912_000,
    "+3.25": 3_250_000,
    "1:12.300": 72_300_000,
    "R3": Laps(3),
    "R 12": Laps(12),
    "R0": None,
    "----LAP 6": None,
    "": None,
    "-": None,
}


@pytest.mark.parametrize("text", GAPS)
def test_gaps_are_seconds_or_laps(text):
    rows = [row("1", POSITION="1"), row("2", POSITION="2", GAP=text)]
    assert joined(*rows).cells("2").get("gap") == GAPS[text]


def test_the_leader_has_no_gap_whatever_its_fields_say():
    assert "gap" not in joined(row(GAP="8:20.500", INT="1.0")).cells()


def test_rows_without_a_position_are_behind_all_that_have_one():
    rows = [row("9", POSITION=""), row("2", POSITION="2"), row("1", POSITION="1")]
    assert joined(*rows).parser.picture().order == ["1", "2", "9"]


def test_numbers_that_are_no_texts_are_read_too():
    cells = joined(row(7, LAPS=3, PITSTOPCOUNT=2, S1SPEED=212.5, TOPSPEED=0)).cells("7")
    assert (cells["num"], cells["laps"], cells["pits"], cells["v1"]) == ("7", 3, 2, 212.5)
    assert "best_speed" not in cells


def test_messages_that_come_before_the_session_wait_for_it():
    reader = Reader()
    assert reader.read(said(message(1, "11:59:00", "Pit lane open"))) == []
    updates = reader.read(result(row()))
    assert isinstance(updates[0], SessionSeen)
    assert posts(updates) == [(NOON - 60_000, "Pit lane open", None)]


def test_messages_of_another_session_wait_for_that():
    reader = joined()
    assert reader.read(said(message(1, "12:00:00", "Next heat"), SESSION="8")) == []
    assert posts(reader.read(result(row()))) == []
    assert posts(reader.read(result(row(), SESSION="8"))) == [(NOON, "Next heat", None)]


def test_a_joiner_dates_messages_of_the_day_before():
    times = ["15:59:00", "23:59:45", "00:00:10", "14:30:00", "15:58:30"]
    sunday = parse_instant("2026-06-14T15:59:00+02:00")
    reader = Reader(sunday - 1000)
    reader.read(result(row()))
    said_at = [at for at, _, _ in posts(reader.read(said(*_numbered(times))))]
    days = ["13T15:59:00", "13T23:59:45", "14T00:00:10", "14T14:30:00", "14T15:58:30"]
    assert said_at == [parse_instant(f"2026-06-{day}+02:00") for day in days]


def _numbered(times):
    messages = [message(n, time, f"message {n}") for n, time in enumerate(times, 1)]
    return messages[::-1]


def test_messages_are_dated_by_the_winter_time_too():
    reader = Reader(parse_instant("2026-03-28T11:00:00Z"))
    reader.read(result(row()))
    assert posts(reader.read(said(message(1, "11:59:00", "x")))) == [
        (parse_instant("2026-03-28T10:59:00Z"), "x", None)
    ]


@pytest.mark.parametrize("time", ["", "25:00:00", "12:60", "noon", "1:2:3", "٣:00:00"])
def test_a_message_whose_time_cannot_be_read_has_none(time):
    assert posts(joined().read(said(message(1, time, "x")))) == [(None, "x", None)]


def test_a_message_that_was_changed_is_another():
    reader = joined()
    reader.read(said(message(1, "12:00:00", "#3 under investigation")))
    changed = said(message(1, "12:00:00", "#3 drive through"))
    assert posts(reader.read(changed)) == [(NOON, "#3 drive through", "3")]


@pytest.mark.parametrize(
    ("text", "car"),
    [("#3 warned", "3"), ("#3, #3", "3"), ("#3 and #4", None), ("#99", None), ("3 laps", None)],
)
def test_a_message_is_of_the_one_car_that_it_names(text, car):
    reader = joined(row("3"), row("4", POSITION="2"))
    assert posts(reader.read(said(message(1, "12:00:00", text))))[0][2] == car


def test_many_messages_take_no_more_memory_than_their_list():
    reader = joined()
    for batch in range(30):
        new = [message(batch * 500 + n, "12:00:00", f"{batch} {n}") for n in range(500)]
        assert len(posts(reader.read(said(*new)))) == 500
    assert len(reader.parser._control._known) == 5000


ENDS = {
    "an instant": (str(NOON + 3_600_000), 3_600_000),
    "an instant that was": (str(NOON - 3_600_000), 0),
    "a time that is left": ("1800000", 1_800_000),
}


@pytest.mark.parametrize("form", ENDS)
def test_the_end_is_an_instant_or_a_time_that_is_left(form):
    end, left_ms = ENDS[form]
    reader = joined()
    reader.read({"PID": "4", "ENDTIME": end}, at=NOON)
    assert reader.fields["remaining"] == Clock(left_ms * 1000, NOON, runs=True)


@pytest.mark.parametrize("end", ["0", str(NOON + 30 * 24 * 3_600_000), "9" * 15])
def test_an_end_that_is_none_or_mad_takes_the_clock_away(end):
    reader = joined()
    reader.read({"PID": "4", "ENDTIME": "1800000"})
    reader.read({"PID": "4", "ENDTIME": end})
    assert "remaining" not in reader.fields


def test_the_servers_clock_is_the_measure():
    reader = joined()
    reader.read({"PID": "LTS_TIMESYNC", "serverLocalTime": NOON + 5000}, at=NOON)
    reader.read({"PID": "4", "ENDTIME": str(NOON + 65_000)}, at=NOON)
    assert reader.fields["remaining"].value_us == 60_000_000


@pytest.mark.parametrize("time", [None, "x", True, 0, 1e300, -1])
def test_a_servers_clock_that_is_none_changes_nothing(time):
    reader = joined()
    reader.read({"PID": "LTS_TIMESYNC", "serverLocalTime": time}, at=NOON)
    reader.read({"PID": "4", "ENDTIME": str(NOON + 60_000)}, at=NOON)
    assert reader.fields["remaining"].value_us == 60_000_000


def test_the_clock_of_another_session_is_not_shown():
    reader = joined()
    reader.read({"PID": "4", "ENDTIME": "1800000", "SESSION": "8"})
    assert "remaining" not in reader.fields
    reader.read(result(row(), SESSION="8"))
    assert "remaining" in reader.fields


def test_an_unknown_track_state_is_told_once_and_the_flag_stays():
    reader = joined(TRACKSTATE="1")
    with pytest.raises(BadFrame, match="unknown TRACKSTATE: '9'"):
        reader.read({"PID": "4", "TRACKSTATE": "9"})
    reader.read({"PID": "4", "TRACKSTATE": "9"})
    assert reader.fields["flag"] == "yellow"


def test_what_is_known_of_a_result_with_something_strange_in_it_is_shown():
    reader = Reader()
    with pytest.raises(BadFrame, match="unknown STNR"):
        reader.read(result(row("3", LAPS="4"), row("x" * 40)))
    assert reader.parser.picture().order == ["3"]


def test_too_many_cars_change_nothing():
    reader = joined()
    with pytest.raises(BadFrame, match="too many cars"):
        reader.read(result(*(row(str(n)) for n in range(1, 300))))
    assert reader.parser.picture().order == ["3"]


NO_RESULTS = ["", "[]", "1", b"\xff", '{"PID":"0"}', '{"PID":"0","RESULT":{}}']
NO_RESULTS += ['{"PID":"0","RESULT":[1]}', '{"PID":"3"}', '{"PID":"3","MESSAGES":[[]]}']


@pytest.mark.parametrize("data", NO_RESULTS)
def test_what_is_none_of_the_feeds_messages_is_refused(data):
    reader = joined()
    with pytest.raises(BadFrame):
        reader.read(data)
    assert reader.parser.picture().order == ["3"]


def test_an_event_that_the_server_does_not_know_is_told_each_time():
    reader = Reader()
    for _ in range(2):
        with pytest.raises(BadFrame, match="no such event"):
            reader.read({"PID": "LTS_NOT_FOUND"})
