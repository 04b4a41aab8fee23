"""Runs are sessions; announcements are messages of theirs."""

import pytest

from livetiming.racing import Kind
from livetiming.services import BadFrame
from tests.services.feed import START
from tests.services.multiloop.feed import Feed, beat, entry, line, result, run

CLOCK_S = START // 1000


def announce(number, text, *, clock_s=CLOCK_S, action="A", sort="N"):
    return line("A", number, action, "N", clock_s, text, sort=sort)


def test_a_run_describes_the_session():
    seen = Feed(run("Qualifying 1", "Q")).sessions[-1]
    assert (seen.key, seen.name, seen.description) == (
        "Q1 Sprint Cup Qualifying 1", "Sprint Cup", "Qualifying 1",
    )  # fmt: skip
    assert seen.kind is Kind.QUALIFYING


def test_the_session_that_is_open_is_named_by_the_first_run():
    feed = Feed(beat(), result("7"), run(), run(sort="R"))
    assert [seen.key for seen in feed.sessions] == [None, "Q1 Sprint Cup Race 1"]
    assert feed.order == ["7"]


def test_another_run_is_another_session_without_the_cars_before():
    feed = Feed(run(), entry("7", 1), run("Race 2"))
    assert [seen.description for seen in feed.sessions] == ["Race 1", "Race 2"]
    assert feed.order == []


def test_a_session_is_seen_before_its_board_is_cleared():
    feed = Feed(run(), entry("7", 1))
    updates = feed.parser.receive(feed_frame(run("Race 2")))
    next(updates)
    assert feed.order == ["7"]
    assert list(updates) == []
    assert feed.order == []


def feed_frame(one):
    from livetiming.services import Frame

    return Frame(START, "", one)


def test_records_with_another_preamble_wait_for_the_run_that_names_theirs():
    feed = Feed(run(), result("7"))
    feed.say(entry("8", 1, preamble="R2"), beat(1, preamble="R2"))
    assert feed.order == ["7"]
    feed.say(run("Race 2", preamble="R2"))
    assert feed.order == ["8"]
    assert feed.sessions[-1].key == "R2 Sprint Cup Race 2"


def test_a_run_that_is_not_named_begins_after_a_while_and_keeps_its_key():
    feed = Feed(run())
    for _ in range(12):
        feed.say(beat(preamble="R2")).wait(1)
    feed.say(run("Race 2", preamble="R2"))
    assert [seen.key for seen in feed.sessions] == ["Q1 Sprint Cup Race 1", "R2", "R2"]
    assert feed.sessions[-1].description == "Race 2"


def test_a_stray_record_of_another_run_opens_nothing():
    feed = Feed(run())
    for _ in range(30):
        feed.say(beat(preamble="R2"), beat()).wait(1)
    assert len(feed.sessions) == 1


def test_the_zone_of_the_venue_is_told():
    feed = Feed(run(), line("USAC:TZ", "America/New_York", "FF"))
    assert feed.sessions[-1].timezone == "America/New_York"


def test_an_announcement_is_posted_once_with_its_time():
    feed = Feed(beat(), announce(1, "Pits are closed"), announce(1, "Pits are closed", sort="R"))
    (fact,) = feed.facts
    assert (fact.payload.text, fact.payload.category) == ("Pits are closed", "Race Control")
    assert fact.source_at == START


def test_the_same_words_at_another_time_are_another_message():
    feed = Feed(beat(), announce(1, "Red"), announce(2, "Red", clock_s=CLOCK_S + 60))
    assert [fact.source_at for fact in feed.facts] == [START, START + 60_000]


def test_a_server_whose_clock_shows_local_time_is_understood():
    local_s = CLOCK_S - 4 * 3600 + 7
    feed = Feed(announce(1, "Early", clock_s=local_s))
    assert feed.facts == []
    feed.say(beat(clock_s=local_s))
    assert [fact.source_at for fact in feed.facts] == [START + 7000]


def test_a_withdrawn_announcement_is_not_posted():
    assert Feed(beat(), announce(1, "Never mind", action="D")).facts == []


@pytest.mark.parametrize(
    ("one", "kind"),
    [(line("P", "7"), "unknown command"), (beat(flag="Z"), "unknown flag")],
)
def test_what_is_unknown_is_told_once(one, kind):
    feed = Feed(run())
    with pytest.raises(BadFrame) as told:
        feed.say(one)
    feed.say(one)
    assert told.value.kind == kind


def test_a_heartbeat_with_an_unknown_flag_still_tells_the_time():
    feed = Feed(run())
    with pytest.raises(BadFrame):
        feed.say(beat(90, flag="Z"))
    assert feed.session["elapsed"].value_us == 90_000_000


def test_a_record_of_one_of_two_cars_with_a_number_that_names_neither_is_passed_over():
    feed = Feed(entry("7", 1), entry("7", 2))
    with pytest.raises(BadFrame, match="two with one number"):
        feed.say(result("7", 99))
    assert "laps" not in feed.car("7")
