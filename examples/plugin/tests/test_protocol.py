"""What the lines of a message mean, one sentence each."""

import pytest
from livetiming.events import Laps, Passed
from livetiming.racing import CarState, Kind, Mark
from livetiming.services import BadFrame, Fact, Frame, SessionSeen

from livetiming_apex.protocol import ApexParser

HEADS = "".join(
    f'<td data-id="c{number}" data-type="{type_}"></td>'
    for number, type_ in enumerate(["rk", "no", "dr", "llp", "gap", "tlp"], start=1)
)
GRID = (
    f"grid||<tbody><tr>{HEADS}</tr>"
    '<tr data-id="r11"><td class="rk"><p data-id="r11c1">1</p></td>'
    '<td><div data-id="r11c2" class="no1">7</div></td><td data-id="r11c3">A &amp; B</td></tr>'
    '<tr id="r12"><td>2</td><td>7</td><td>C</td></tr></tbody>'
)
BEGIN = f"title1||Cup\ntitle2||Race\n{GRID}"


class Reading:
    """A parser that has read messages, a second apart, and what it said of the last one."""

    def __init__(self, *messages):
        self.parser = ApexParser()
        for at, message in enumerate(messages):
            self.said = list(self.parser.receive(Frame(at * 1000, "", message)))

    @property
    def cars(self):
        return self.parser.picture().cars


def test_a_table_says_who_drives_and_in_which_order_however_it_is_marked_up():
    read = Reading(BEGIN)
    assert read.cars == {"11": {"num": "7", "team": "A & B"}, "12": {"num": "7", "team": "C"}}
    assert read.parser.picture().order == ["11", "12"]


def test_the_session_is_told_before_anything_else_of_its_message():
    (seen,) = Reading(BEGIN).said
    assert isinstance(seen, SessionSeen)
    assert (seen.key, seen.name, seen.kind) == ("Cup · Race", "Cup", Kind.RACE)


def test_a_new_session_is_told_while_the_old_picture_stands():
    parser = ApexParser()
    list(parser.receive(Frame(0, "", BEGIN)))
    updates = parser.receive(Frame(1, "", "title2||Final"))
    assert next(updates).key == "Cup · Final"
    assert parser.picture().cars
    assert list(updates) == []
    assert parser.picture().cars == {}


def test_a_lap_has_its_time_and_the_count_that_its_message_says():
    read = Reading(BEGIN, "r11|*|61250|\nr11c6||3")
    assert read.said == [Fact(Passed("11", "finish", 3, 61_250_000))]
    assert Reading(BEGIN, "r11c6||3", "r11|*|61250|").said[0].payload.lap is None


def test_a_lap_that_is_said_again_at_once_is_one_crossing():
    assert Reading(BEGIN, "r11|*|61250|", "r11|*|61250|").said == []


def test_marks_come_from_the_class_of_a_cell():
    texts = {"tn": 59_500_000, "ti": (59_500_000, Mark.PB), "tb": (59_500_000, Mark.SB)}
    for style, value in texts.items():
        assert Reading(BEGIN, f"r11c4|{style}|59.500").cars["11"]["last"] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("12.345", 12_345_000), ("+1:02.0", 62_000_000), ("1 Lap", Laps(1)), ("12 Tours", Laps(12))],
)
def test_a_gap_is_time_or_laps(text, value):
    assert Reading(BEGIN, f"r12c5||{text}").cars["12"]["gap"] == value


def test_a_cell_that_shows_nothing_is_cleared():
    assert "gap" not in Reading(BEGIN, "r12c5||1.5", "r12c5||-").cars["12"]


def test_a_kart_is_in_the_pits_until_it_leaves_them_and_runs_after_a_lap():
    read = Reading(BEGIN, "r11|*in|0")
    assert [fact.payload.line for fact in read.said] == ["pit_in"]
    assert read.cars["11"]["state"] is CarState.PIT
    assert Reading(BEGIN, "r11|*in|0", "r11|*in|0").said == []
    assert Reading(BEGIN, "r11|*in|0", "r11|*out|0").cars["11"]["state"] is CarState.OUT
    assert Reading(BEGIN, "r11|*out|0", "r11|*|60000").cars["11"]["state"] is CarState.RUN


def test_a_message_is_told_without_its_markup():
    (fact,) = Reading(BEGIN, "com||<b>Kart 7:</b> 10&nbsp;s penalty").said
    assert fact.payload.text == "Kart 7: 10 s penalty"


def test_what_is_unknown_in_a_message_costs_nothing_of_the_rest():
    read = Reading(BEGIN)
    with pytest.raises(BadFrame, match="unknown key: 'light'"):
        list(read.parser.receive(Frame(1, "", "light|lg|\nr11c6||5\nr99c6||5")))
    assert read.cars["11"]["laps"] == 5
    with pytest.raises(BadFrame, match="unknown row: '99'"):
        list(read.parser.receive(Frame(2, "", "light|lr|")))
    assert list(read.parser.receive(Frame(3, "", "light|lr|"))) == []


@pytest.mark.parametrize("html", ["<" * 200_000, "<td " * 50_000, "&" * 200_000, "<a b=" * 40_000])
def test_a_hostile_table_is_read_in_no_time(html):
    Reading(f"grid||{html}", f"com||{html}", f"title1||{html}")
