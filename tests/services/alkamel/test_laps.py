"""What single rows do to what is known; whole files are in the golden files."""

import pytest

from livetiming.services import BadFrame, Frame, SessionSeen
from livetiming.services.alkamel.protocol import AlKamelParser

AT = 1_750_000_000_000
HEADER = (
    "NUMBER; DRIVER_NUMBER; LAP_NUMBER; LAP_TIME; LAP_IMPROVEMENT; CROSSING_FINISH_LINE_IN_PIT;"
    " ELAPSED;TOP_SPEED;DRIVER_NAME;CLASS;TEAM;FLAG_AT_FL;"
)


def row(number="7", lap=1, lap_time="1:40.000", elapsed="1:40.000", **more):
    given = {"mark": 0, "pit": "", "top": "250.0", "driver": "Ada STONE", "class_": "PRO"}
    given |= {"team": "Team", "flag": "GF"} | more
    mark, pit, *rest = given.values()
    return ";".join(map(str, (number, 1, lap, lap_time, mark, pit, elapsed, *rest, "")))


class Fed:
    """A parser that has been given a file."""

    def __init__(self, *rows, name="race.csv", header=HEADER):
        self.parser = AlKamelParser()
        self.updates = []
        self.give(name, "file")
        for text in (header, *rows):
            self.give(text)

    def give(self, text, channel="csv"):
        self.updates.extend(self.parser.receive(Frame(AT, channel, text)))

    @property
    def laps(self):
        facts = [update for update in self.updates if not isinstance(update, SessionSeen)]
        return [(fact.payload.car, fact.payload.lap) for fact in facts]

    @property
    def cars(self):
        return self.parser.picture().cars


def test_a_row_that_comes_again_is_no_second_crossing():
    fed = Fed(row(), row(), row(pit="B"), row(pit="B"))
    assert fed.laps == [("7", 1)]
    assert fed.cars["7"]["pits"] == 1


def test_a_row_that_is_corrected_corrects_what_is_shown():
    fed = Fed(row(), row(lap=2, lap_time="1:30.000", elapsed="3:10.000", pit="B"))
    fed.give(row(lap=2, lap_time="1:31.000", elapsed="3:11.000"))
    assert fed.laps == [("7", 1), ("7", 2)]
    cells = fed.cars["7"]
    assert (cells["last"], cells["best"]) == ((91_000_000, "sb"), (91_000_000, "sb"))
    assert (cells["pits"], cells["state"]) == (0, "run")


def test_a_lap_that_comes_late_changes_nothing_that_is_newer():
    fed = Fed(row(lap=3, lap_time="1:32.000", elapsed="4:42.000", driver="Bea WOLF"))
    fed.give(row(lap=2, lap_time="1:30.000", elapsed="3:10.000"))
    assert fed.laps == [("7", 3), ("7", 2)]
    cells = fed.cars["7"]
    assert (cells["laps"], cells["driver"], cells["last"]) == (3, "Bea WOLF", 92_000_000)
    assert cells["best"] == (90_000_000, "sb")


def test_the_first_lap_is_no_best_as_it_begins_at_the_start():
    fed = Fed(row(lap_time="1:20.000", elapsed="1:20.000"))
    assert "best" not in fed.cars["7"]
    fed.give(row(lap=2, lap_time="1:30.000", elapsed="2:50.000"))
    assert fed.cars["7"]["best"] == (90_000_000, "sb")


def test_the_first_lap_is_the_best_where_the_file_marks_it():
    fed = Fed(row(mark=3), row(lap=2, lap_time="1:30.000", elapsed="3:10.000"))
    assert fed.cars["7"]["best"] == (100_000_000, "sb")


def test_of_two_equal_best_laps_the_earlier_is_the_session_best():
    laps = {"lap": 2, "lap_time": "1:30.000", "elapsed": "3:10.000"}
    fed = Fed(row(), row("8"), row("8", **laps), row("7", **laps))
    assert fed.cars["8"]["best"] == (90_000_000, "sb")
    assert fed.cars["7"]["best"] == 90_000_000
    assert fed.cars["7"]["last"] == (90_000_000, "pb")


def test_a_blank_leaves_who_drives_for_whom():
    fed = Fed(row(), row(lap=2, elapsed="3:20.000", driver="", class_="", team="", top=""))
    cells = fed.cars["7"]
    assert (cells["driver"], cells["class"], cells["team"]) == ("Ada STONE", "PRO", "Team")
    assert ("speed" in cells, cells["best_speed"]) == (False, 250)


def test_a_row_without_a_team_is_of_the_car_that_had_the_number_last():
    fed = Fed(row(), row(team="Other"), row(lap=2, elapsed="3:20.000", team=""))
    assert fed.laps == [("7", 1), ("7~2", 1), ("7~2", 2)]


def test_a_file_that_is_named_again_goes_on():
    fed = Fed(row())
    fed.give("race.csv", "file")
    fed.give(HEADER)
    assert list(fed.cars) == ["7"]
    assert sum(isinstance(update, SessionSeen) for update in fed.updates) == 1


def test_the_picture_is_that_of_the_file_before_until_the_next_is_told():
    fed = Fed(row())
    updates = []
    for update in fed.parser.receive(Frame(AT + 1, "file", "other.csv")):
        updates.append(update)
        assert list(fed.cars) == ["7"]
    (seen,) = updates
    assert seen.description == "other"
    assert fed.cars == {}


def test_rows_without_a_name_are_of_a_session_without_a_key():
    parser = AlKamelParser()
    (seen,) = parser.receive(Frame(AT, "csv", HEADER))
    assert (seen.key, seen.name, seen.description) == (None, "Al Kamel", "")
    assert list(parser.receive(Frame(AT, "csv", row().encode())))
    assert list(parser.picture().cars) == ["7"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (row().rpartition(";")[0].rpartition(";")[0], "row: expected 13 fields, got 11"),
        (row() + "more;", "row: expected 13 fields, got 14"),
        (row(number=""), "row: expected a car number"),
        (row(lap="0"), "row: expected the number of a lap"),
        (row(lap="1.5"), "row: expected the number of a lap"),
        (row(lap="٣"), "row: expected the number of a lap"),
        (row(lap_time="soon"), "row: expected a time in LAPTIME"),
        (row(elapsed="999:00:00.000"), "row: expected a time in ELAPSED"),
        (row(lap_time="", elapsed=""), "row: expected a lap time or the time elapsed"),
        (row(number="__proto__"), "car key: "),
        (row(driver="x" * 9_000), "long row: "),
        ("", "row: expected 13 fields, got 1"),
        ("NUMBER;TEAM;", "header: expected the columns"),
    ],
)
def test_a_damaged_row_is_refused_with_what_is_wrong_with_it(text, words):
    fed = Fed(row())
    with pytest.raises(BadFrame) as caught:
        fed.give(text)
    assert str(caught.value).startswith(words)
    assert list(fed.cars) == ["7"]


def test_a_row_before_any_header_is_refused():
    parser = AlKamelParser()
    with pytest.raises(BadFrame, match="no header"):
        list(parser.receive(Frame(AT, "csv", row())))


def test_a_value_that_cannot_be_read_costs_that_value_and_is_told_once():
    fed = Fed(row())
    with pytest.raises(BadFrame, match="unknown TOPSPEED: 'fast'"):
        fed.give(row(lap=2, elapsed="3:20.000", top="fast"))
    fed.give(row(lap=3, elapsed="5:00.000", top="fast"))
    assert fed.laps == [("7", 1), ("7", 2), ("7", 3)]
    assert fed.cars["7"]["laps"] == 3


def test_more_cars_than_a_log_can_hold_are_refused():
    fed = Fed(*(row(number=str(number)) for number in range(200)))
    with pytest.raises(BadFrame, match="too many cars"):
        fed.give(row(number="more"))
    assert len(fed.cars) == 200
