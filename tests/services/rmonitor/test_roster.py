"""What the names of a feed mean, which differs from timekeeper to timekeeper."""

import pytest

from livetiming.services import BadFrame
from livetiming.services.rmonitor.records import Entry
from livetiming.services.rmonitor.roster import MAX_ENTRIES, Roster
from tests.services.rmonitor.feed import Feed

NAMES = ("num", "class", "team", "driver", "car")


def names(feed, id_):
    return {column: cell for column, cell in feed.car(id_).items() if column in NAMES}


def test_first_and_last_name_are_the_driver_and_the_additional_field_the_team():
    feed = Feed(
        '$A,"7","7",1,"Anna","Lind","SWE",1', '$COMP,"7","7",1,"Anna","Lind","SWE","Lind AB"'
    )
    assert names(feed, "7") == {"num": "7", "driver": "Anna Lind", "team": "Lind AB"}


def test_a_later_a_leaves_the_team_that_comp_told():
    feed = Feed('$COMP,"7","7",1,"Anna","Lind","","Lind AB"', '$A,"7","7",1,"Bo","Ek","",1')
    assert names(feed, "7") == {"num": "7", "driver": "Bo Ek", "team": "Lind AB"}


def test_models_in_the_nationality_are_cars():
    feed = Feed(
        '$A,"7","7",1,"Lind /","Ek","Volvo  242 GT",1',
        '$A,"8","8",1,"","Di Falk","Saab 9000",1',
        '$A,"9","9",1,"","Cy Dal","Koenig",1',
    )
    assert names(feed, "7") == {"num": "7", "driver": "Lind / Ek", "car": "Volvo 242 GT"}
    assert names(feed, "9") == {"num": "9", "driver": "Cy Dal", "car": "Koenig"}


def test_nationalities_are_no_cars():
    feed = Feed('$A,"7","7",1,"Anna","Lind","Sweden",1', '$A,"8","8",1,"Bo","Ek","Group 2",1')
    assert "car" not in feed.car("7")
    assert "car" not in feed.car("8")


def test_first_names_without_last_names_are_teams():
    feed = Feed(
        '$COMP,"7","7",1,"Falk Racing","","","Oil Ltd"', '$COMP,"8","8",1,"Team Ek","","",""'
    )
    assert names(feed, "7") == {"num": "7", "team": "Falk Racing"}


def test_one_driver_without_a_last_name_is_no_team():
    feed = Feed('$A,"7","7",1,"Anna","Lind","",1', '$A,"8","8",1,"Pelle","","",1')
    assert names(feed, "8") == {"num": "8", "driver": "Pelle"}


def test_models_in_the_last_name_are_cars_and_the_first_name_the_team():
    feed = Feed(
        '$A,"7","7",1,"Falk Racing","Volvo 242","",1',
        '$A,"8","8",1,"Team Ek","Saab 99","",1',
        '$A,"9","9",1,"Dal Sport","Miata","",1',
    )
    assert names(feed, "9") == {"num": "9", "team": "Dal Sport", "car": "Miata"}


def test_entries_without_any_name_have_a_number_only():
    assert names(Feed('$A,"Tst","77",PL-1,"","","",1'), "Tst") == {"num": "77"}


@pytest.mark.parametrize("lines", [(0, 1), (1, 0)])
def test_class_names_may_come_before_or_after_the_entries(lines):
    both = ['$A,"7","7",1,"Anna","Lind","",3', '$C,3,"GT3"']
    assert Feed(*(both[line] for line in lines)).car("7")["class"] == "GT3"


def test_a_class_may_be_renamed():
    feed = Feed('$A,"7","7",1,"Anna","Lind","",3', '$C,3,"GT3"')
    assert feed.car("7")["class"] == "GT3"
    assert feed.say('$C,3,"GTD"').car("7")["class"] == "GTD"


def test_a_class_without_a_name_is_none():
    assert "class" not in Feed('$A,"7","7",1,"Anna","Lind","",3', '$C,3,""').car("7")


def test_a_driver_change_is_seen():
    feed = Feed('$A,"7","7",1,"","Anna Lind","",1')
    assert feed.car("7")["driver"] == "Anna Lind"
    assert feed.say('$A,"7","7",1,"","Bo Ek","",1').car("7")["driver"] == "Bo Ek"


def test_more_entries_than_any_feed_has_are_bad_frames():
    roster = Roster()
    for number in range(MAX_ENTRIES):
        roster.enter(Entry(str(number), "7", "1", "", "", "", None))
    with pytest.raises(BadFrame):
        roster.enter(Entry("new", "7", "1", "", "", "", None))
