"""What a recorder makes of a parser's updates and pictures."""

import math

import pytest

from livetiming.events import (
    Changed,
    Clock,
    Closed,
    CloseReason,
    Described,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Passed,
    Posted,
)
from livetiming.services import BadFrame, Fact, Finished
from livetiming.services.messages import GENERATORS
from livetiming.services.news import provider_facts
from livetiming.services.overlay import GRACE_MS
from livetiming.services.terms import Terms
from tests.services.stage import START_AT, Desk, kinds, picture, seen

CARS = {"7": {"num": "7", "state": "run", "laps": 3}, "8": {"num": "8", "state": "run", "laps": 2}}


def posted(text="Car 7 off", origin=Origin.PROVIDER, **fields):
    return Posted(category="Race control", text=text, origin=origin, **fields)


# sessions


def test_a_session_begins_with_what_it_is_and_the_opening_of_its_log():
    desk = Desk()
    desk.frame(seen("32"), picture(CARS))
    described = desk.log.events[0].payload
    assert described.writer == desk.log.events[0].at == START_AT + 50
    assert (described.session, described.key, described.name) == (desk.log.session, "32", "WEC")
    assert kinds(desk.log.events) == ["described", "changed"]


def test_nothing_is_recorded_before_the_feed_shows_a_session():
    desk = Desk()
    desk.frame(picture(CARS))
    assert desk.sessions.logs == []


def test_a_key_names_the_open_session_that_had_none():
    desk = Desk()
    desk.frame(seen(None), picture(CARS))
    desk.frame(seen("32"))
    assert len(desk.sessions.logs) == 1
    assert [described.key for described in desk.log.payloads(Described)] == [None, "32"]
    assert desk.log.payloads(Described)[1].writer is None


def test_no_key_after_a_key_says_nothing_new():
    desk = Desk()
    desk.frame(seen("32"))
    desk.frame(seen(None, description="?"))
    assert len(desk.log.events) == 1


def test_the_same_description_is_not_said_twice():
    desk = Desk()
    desk.frame(seen("32"))
    desk.frame(seen("32"))
    assert kinds(desk.log.events) == ["described"]


def test_a_new_description_of_the_same_session_replaces_the_first():
    desk = Desk()
    desk.frame(seen("32"), picture(CARS))
    desk.frame(seen("32", description="Race 2", venue="Fuji"))
    assert desk.state.described.description == "Race 2"
    assert desk.state.described.venue == "Fuji"
    assert len(desk.sessions.logs) == 1


@pytest.mark.parametrize("key", [" 32 ", "32\n", "Fu\u0308r", "x" * 300, "a\u2028b"])
def test_a_key_is_compared_as_the_log_has_it(key):
    desk = Desk()
    for _ in range(3):
        desk.frame(seen(key))
    assert len(desk.sessions.logs) == 1
    assert kinds(desk.log.events) == ["described"]


def test_an_empty_key_is_none():
    desk = Desk()
    desk.frame(seen("32"))
    desk.frame(seen(" "))
    assert len(desk.sessions.logs) == 1


def test_another_key_closes_the_session_and_opens_the_next():
    desk = Desk()
    desk.frame(seen("1"), picture(CARS))
    desk.frame(seen("2"), picture({"9": {"num": "9"}}))
    first, second = desk.sessions.logs
    assert first.payloads(Closed) == [Closed(CloseReason.MOVED, str(second.session))]
    assert desk.sessions.closed == [first]
    assert second.state.order == ["9"]


def test_what_the_feed_showed_before_it_moved_is_of_the_session_before():
    desk = Desk()
    desk.frame(seen("1"), picture(CARS))
    desk.frame(
        picture({**CARS, "9": {"num": "9"}}),
        Fact(Passed("7", "finish", 4)),
        seen("2"),
        picture({"5": {}}),
        Fact(Passed("5", "finish", 1)),
    )
    first, second = desk.sessions.logs
    assert first.state.order == ["7", "8", "9"]
    assert [passed.car for passed in first.payloads(Passed)] == ["7"]
    assert [passed.car for passed in second.payloads(Passed)] == ["5"]
    assert second.state.order == ["5"]


def test_nothing_leaks_from_one_session_to_the_next():
    desk = Desk(GENERATORS)
    desk.recorder.feed(Feed(FeedStatus.LIVE), desk.at)
    desk.frame(seen("1"), picture(CARS, {"flag": "green", "laps": 3}), Fact(posted("off")))
    desk.frame(Finished())
    desk.frame(Fact(posted("in lap")), Fact(Passed("7", "finish", 5)))
    desk.frame(seen("2"), picture({"7": {"num": "7", "state": "pit"}}), Fact(posted("off")))
    second = desk.log
    assert kinds(second.events) == ["described", "feed live", "posted", "changed"]
    assert [message.text for message in second.state.messages] == ["off"]
    assert second.state.session == {}
    assert second.state.cars == {"7": {"num": "7", "state": "pit"}}


def test_a_message_before_the_first_session_is_of_it():
    desk = Desk()
    desk.frame(Fact(posted("welcome")))
    desk.frame(seen("1"))
    desk.frame(Fact(posted("welcome")))
    assert [message.text for message in desk.state.messages] == ["welcome"]


def test_the_end_is_said_after_the_last_picture_and_nothing_follows():
    desk = Desk()
    desk.frame(seen("1"), picture(CARS))
    desk.frame(picture({"7": {"laps": 4}}), Finished())
    desk.frame(picture({"7": {"laps": 5}}), seen("1", description="again"), Finished())
    assert kinds(desk.log.events)[-2:] == ["changed", "closed finished"]
    assert desk.state.cars == {"7": {"laps": 4}}


def test_all_of_a_feed_of_one_frame_is_recorded():
    desk = Desk()
    desk.frame(seen("1"), picture(CARS), Finished())
    assert kinds(desk.log.events) == ["described", "changed", "closed finished"]


@pytest.mark.parametrize("key", [None, "1"])
def test_a_closed_session_is_followed_by_one_with_another_key(key):
    desk = Desk()
    desk.frame(seen(key), Finished())
    desk.frame(seen(key))
    assert len(desk.sessions.logs) == 1
    desk.frame(seen("2"), picture(CARS))
    assert len(desk.sessions.logs) == 2
    assert desk.state.order == ["7", "8"]


def test_the_operator_s_terms_hold_for_every_session():
    terms = Terms(class_="masked", description="Mine", hidden=True, do_not_record=True, rate=60)
    desk = Desk(terms=terms)
    desk.frame(seen("1"))
    desk.frame(seen("2"))
    for log in desk.sessions.logs:
        described = log.state.described
        assert (described.class_, described.description, described.rate) == ("masked", "Mine", 60)
        assert described.hidden
        assert described.do_not_record


@pytest.mark.parametrize(
    "bad",
    [
        {"columns": (*seen().columns, *seen().columns)},
        {"track": seen().columns[:1], "timezone": 5},
        {"name": None, "description": 7},
        {"kind": "nonsense", "columns": None},
    ],
)
def test_a_bad_description_is_told_and_costs_all_but_the_key(bad):
    desk = Desk()
    desk.frame(seen("1"), picture(CARS))
    desk.frame(seen("2", **bad), picture({"9": {}}))
    assert len(desk.sessions.logs) == 2
    assert kinds(desk.log.events) == ["described", "changed"]
    assert desk.state.described.key == "2"
    assert desk.reported


def test_a_description_with_a_bad_key_costs_itself():
    desk = Desk()
    desk.frame(seen("1"), picture(CARS))
    desk.frame(seen(17), picture({"9": {}}))
    assert len(desk.sessions.logs) == 1


# facts and changes


def test_facts_come_before_the_change_they_caused_and_derived_messages_after_it():
    desk = Desk(GENERATORS)
    desk.frame(seen(), picture(CARS))
    desk.frame(
        picture({**CARS, "7": {**CARS["7"], "state": "pit"}}),
        Fact(Passed("7", "pit_in"), 5),
        Fact(posted("hm")),
    )
    assert kinds(desk.log.events)[2:] == ["passed", "posted", "changed", "posted"]
    assert desk.log.events[2].source_at == 5
    assert desk.log.events[-1].payload.text == "#7 has entered the pits"
    assert desk.log.events[-1].payload.origin is Origin.DERIVED


def test_nothing_new_is_nothing_said():
    desk = Desk()
    desk.frame(seen(), picture(CARS, {"flag": "green"}))
    desk.frame(picture(CARS, {"flag": "green"}))
    desk.flush()
    assert kinds(desk.log.events) == ["described", "changed"]


def test_a_change_carries_the_time_of_the_provider():
    desk = Desk()
    desk.frame(seen(), picture(CARS, source_at=99))
    assert desk.log.events[-1].source_at == 99


@pytest.mark.parametrize("bad", [10**30, "12", 1.5, True, -4])
def test_a_time_of_the_provider_that_is_none_is_left_out(bad):
    desk = Desk()
    desk.frame(seen(), picture(CARS, source_at=bad), Fact(Passed("7", "finish"), bad))
    assert [event.source_at for event in desk.log.events] == [None, None, None]


def test_a_message_of_the_provider_is_posted_once_in_a_session():
    desk = Desk()
    desk.frame(seen("1"))
    for _ in range(3):
        desk.frame(Fact(posted(), 5), Fact(posted("other"), 5), Fact(posted(), 6))
    assert len(desk.log.payloads(Posted)) == 3
    desk.frame(seen("2"), Fact(posted(), 5))
    assert len(desk.log.payloads(Posted)) == 1


def test_crossings_are_not_held_for_repetitions():
    desk = Desk()
    desk.frame(seen(), picture(CARS), Fact(Passed("7", "finish")), Fact(Passed("7", "finish")))
    assert len(desk.log.payloads(Passed)) == 2


def test_a_change_too_long_for_a_line_is_cut_into_several_that_add_up():
    cars = {str(n): {f"c{k}": "x" * 200 for k in range(30)} | {"num": f"{n:03}"} for n in range(60)}
    desk = Desk()
    desk.frame(seen(), picture(cars))
    assert kinds(desk.log.events).count("changed") > 3
    assert desk.state.cars == cars
    assert max(map(len, desk.log.lines)) <= 64 * 1024


def test_a_generator_that_fails_costs_its_messages():
    def broken(state, change):
        yield posted("first", Origin.DERIVED)
        raise KeyError("x")

    class Nameless:
        def __call__(self, state, change):
            return [Posted(category=None, text=3, origin=Origin.DERIVED)]

    def good(state, change):
        yield posted("good", Origin.DERIVED)

    desk = Desk([broken, Nameless(), good])
    desk.frame(seen(), picture(CARS))
    assert [message.text for message in desk.state.messages][-1] == "good"
    assert len(desk.reported) == 2


# clocks


def test_clocks_that_agree_with_what_is_known_are_not_said_again():
    desk = Desk()
    clocks = [
        {
            "elapsed": Clock(60_000_000 + n * 1_000_000, START_AT + n * 1000, True),
            "remaining": Clock(3_600_000_000 - n * 1_000_000, START_AT + n * 1000, True),
        }
        for n in range(30)
    ]
    desk.frame(seen(), picture(CARS, clocks[0]))
    for each in clocks[1:]:
        desk.frame(picture(CARS, each))
    assert kinds(desk.log.events) == ["described", "changed"]


@pytest.mark.parametrize(
    "clock",
    [
        Clock(60_000_000, START_AT + 10_000, True),
        Clock(70_000_000, START_AT + 10_000, False),
        Clock(72_000_000, START_AT + 10_000, True),
    ],
)
def test_a_clock_that_stops_or_leaves_its_course_is_said(clock):
    desk = Desk()
    desk.frame(seen(), picture(CARS, {"elapsed": Clock(60_000_000, START_AT, True)}))
    desk.frame(picture(CARS, {"elapsed": clock}))
    assert desk.state.session["elapsed"] == clock


# after a resume


def resumed(desk, minutes=0):
    """Another process goes on in the log of this one."""
    later = Desk()
    later.at = desk.at + minutes * 60_000
    later.sessions.logs.append(desk.log)
    facts = list(provider_facts(desk.log.events))
    feed = Feed(FeedStatus.RESUMED, "restart", writer=later.at, previous=(1, 1), adopted=0)
    later.recorder.resume(desk.log, facts, feed, later.at)
    return later


def test_a_crossing_that_was_told_before_is_not_told_again():
    crossing = Passed("7", "pit_in", total_us=5_000_000)
    desk = Desk()
    desk.frame(seen(), Fact(crossing), Fact(crossing), Fact(Passed("8", "finish")))
    later = resumed(desk)
    again = Passed("7", "pit_in", total_us=6_000_000)
    later.frame(seen(), Fact(crossing), Fact(again), Fact(Passed("8", "finish")))
    passed = [event.payload for event in later.log.events if isinstance(event.payload, Passed)]
    assert passed == [crossing, Passed("8", "finish"), again, Passed("8", "finish")]


def test_a_parser_that_has_seen_nothing_yet_takes_nothing_away():
    desk = Desk()
    desk.frame(seen(), picture(CARS, {"flag": "green"}))
    later = resumed(desk, minutes=10)
    later.flush()
    assert later.state.order == ["7", "8"]
    later.frame(seen(None), picture())
    later.frame(seen(), picture({"8": {"num": "8"}}))
    assert later.state.cars == CARS
    assert kinds(later.log.events)[2:] == ["feed resumed"]


def test_a_provider_that_comes_back_late_has_its_grace_from_its_first_frame():
    desk = Desk()
    desk.frame(seen(), picture(CARS))
    later = resumed(desk)
    later.flush(after_ms=10 * GRACE_MS)
    later.frame(seen(), picture({"8": CARS["8"]}))
    assert later.state.order == ["7", "8"]
    later.flush(after_ms=GRACE_MS)
    assert later.state.order == ["8"]


def test_the_order_is_that_of_the_feed_once_all_known_cars_are_seen():
    desk = Desk()
    desk.frame(seen(), picture(CARS, {"flag": "green"}))
    later = resumed(desk)
    later.frame(seen(), picture({"8": CARS["8"], "7": CARS["7"]}))
    assert later.state.order == ["8", "7"]
    assert later.state.session == {"flag": "green"}


def test_a_car_keeps_what_is_known_of_it_until_it_is_seen_going():
    """RMonitor tells a last lap when it is driven and never again."""
    desk = Desk()
    known = {car: {**cells, "last": 99, "driver": "Ickx"} for car, cells in CARS.items()}
    desk.frame(seen(), picture(known))
    later = resumed(desk)
    later.frame(seen(), picture(CARS))
    later.flush(after_ms=10 * GRACE_MS)
    assert later.state.cars == known
    later.frame(picture({**CARS, "7": {**CARS["7"], "laps": 4}}))
    assert later.state.cars == {**known, "7": {**CARS["7"], "laps": 4}}
    later.frame(picture({**CARS, "7": CARS["7"]}))
    assert later.state.cars == {**known, "7": CARS["7"]}


def test_a_car_that_went_on_meanwhile_is_as_it_is_seen_after_the_grace():
    desk = Desk()
    desk.frame(seen(), picture({"7": {"laps": 3, "last": 99, "best": (98, "pb")}}))
    later = resumed(desk)
    later.frame(seen(), picture({"7": {"laps": 5, "best": 98}}))
    assert later.state.cars == {"7": {"laps": 5, "last": 99, "best": 98}}
    later.flush(after_ms=GRACE_MS)
    assert later.state.cars == {"7": {"laps": 5, "best": 98}}


@pytest.mark.parametrize("feed", ["all go on", "one is gone"])
def test_the_grace_is_over_when_its_time_is_past_and_no_car_waits(feed):
    desk = Desk()
    desk.frame(seen(), picture(CARS))
    later = resumed(desk)
    on = {car: {**cells, "laps": 4} for car, cells in CARS.items()}
    shown = picture(on if feed == "all go on" else {"8": on["8"]})
    later.frame(seen(), shown)
    later.flush()
    assert later.recorder._grace is not None
    later.flush(after_ms=GRACE_MS)
    later.flush()
    assert later.recorder._grace is None
    assert later.state.order == shown.order


def test_a_new_leader_has_no_gap_of_the_time_before():
    desk = Desk()
    desk.frame(seen(), picture({"7": {"laps": 3}, "8": {"laps": 3, "gap": 100, "int": 100}}))
    later = resumed(desk)
    cars = {"8": {"laps": 3}, "7": {"laps": 3, "gap": 50}}
    later.frame(seen(), picture(cars))
    assert later.state.cars == {"8": {"laps": 3, "int": 100}, "7": {"laps": 3, "gap": 50}}


def test_new_cars_and_values_are_shown_during_the_grace():
    desk = Desk()
    desk.frame(seen(), picture(CARS))
    later = resumed(desk)
    later.frame(seen(), picture({"9": {"laps": 1}, "8": {"laps": 5}}))
    assert later.state.order == ["7", "8", "9"]
    assert later.state.cars["8"] == {**CARS["8"], "laps": 5}


def test_messages_are_posted_once_after_a_resume_too():
    desk = Desk()
    untidy = posted("  two\tblanks " + "x" * 300, car="7")
    desk.frame(seen(), Fact(posted(), 5), Fact(untidy, 6))
    later = resumed(desk)
    later.frame(seen(), Fact(posted(), 5), Fact(untidy, 6), Fact(posted("new"), 7))
    assert [m.text for m in later.log.payloads(Posted)][2:] == ["new"]


def test_a_feed_that_moved_on_meanwhile_closes_the_resumed_session_as_it_was():
    desk = Desk()
    desk.frame(seen("1"), picture(CARS))
    later = resumed(desk)
    later.frame(seen("2"), picture({"9": {}}))
    assert desk.log.payloads(Closed) == [Closed(CloseReason.MOVED, str(later.log.session))]
    assert desk.log.state.order == ["7", "8"]
    assert later.state.order == ["9"]


def test_a_closed_session_is_opened_again_by_a_resume():
    desk = Desk()
    desk.frame(seen(), picture(CARS), Finished())
    later = resumed(desk)
    assert later.state.closed is None
    later.frame(seen(), picture({"7": CARS["7"], "8": {**CARS["8"], "laps": 3}}))
    assert later.state.cars["8"]["laps"] == 3


# bad frames and values


def test_a_bad_frame_is_counted_told_once_for_its_kind_and_changes_nothing():
    desk = Desk()
    desk.frame(seen(), picture(CARS))
    for n in range(5):
        desk.frame(BadFrame("garbage", f"number {n}"))
    desk.frame(BadFrame("other", "x"))
    assert desk.reported == [("garbage", "garbage: number 0"), ("other", "other: x")]
    assert desk.recorder.skipped == {"garbage": 5, "other": 1}
    assert desk.recorder.failures == 6
    assert desk.state.cars == CARS
    desk.frame()
    assert desk.recorder.failures == 0


@pytest.mark.parametrize(
    "error",
    [ValueError("x"), RecursionError(), KeyError("x"), MemoryError(), AssertionError(), OSError(5)],
)
def test_whatever_a_parser_raises_costs_the_frame(error):
    desk = Desk()
    desk.frame(seen(), picture(CARS))
    desk.frame(Fact(posted("kept")), error)
    assert desk.recorder.failures == 1
    assert [message.text for message in desk.state.messages] == ["kept"]
    desk.parser.shown = error
    desk.flush()
    desk.parser.shown = picture({"7": {"laps": 9}})
    desk.flush()
    assert desk.state.cars == {"7": {"laps": 9}}


JUNK = [
    *(None, 7, "text", picture({"7": None}), picture({"7": {"laps": object()}}, order=["8"])),
    *(picture(CARS, {"elapsed": Clock("x", None, True)}), picture(CARS, {"flag": "purple"})),
    *(picture({"": {}}), picture({"x" * 40: {}}), picture({str(n): {} for n in range(201)})),
]


@pytest.mark.parametrize("junk", JUNK)
def test_a_picture_that_is_none_keeps_the_last_good_state(junk):
    desk = Desk()
    desk.frame(seen(), picture(CARS, {"elapsed": Clock(1, START_AT, True)}))
    desk.parser.shown = junk
    desk.flush()
    assert desk.state.cars == CARS
    assert desk.reported
    desk.parser.shown = picture({"7": {"laps": 9}})
    desk.flush()
    assert desk.state.cars == {"7": {"laps": 9}}


def test_bad_values_are_refused_one_at_a_time():
    desk = Desk()
    desk.frame(seen(), picture(CARS))
    cells = {"laps": math.nan, "last": 2**60, "gap": Laps(0), "driver": "Ickx", "state": "flying"}
    desk.frame(picture({**CARS, "7": {**CARS["7"], **cells}}, {"flag": "green", "no good": 1}))
    assert desk.state.cars["7"] == {**CARS["7"], "driver": "Ickx"}
    assert desk.state.session == {"flag": "green"}
    assert desk.recorder.skipped == {"value": 5}
    assert len(desk.reported) == 1


def test_bad_values_do_not_make_the_feed_unreadable():
    desk = Desk()
    cars = {str(n): {"num": str(n), "state": "flying"} for n in range(100)}
    desk.frame(seen(), picture(cars))
    assert desk.recorder.failures == 0
    assert len(desk.state.order) == 100


def test_a_bad_fact_costs_itself():
    desk = Desk()
    facts = [Passed("", "finish"), Passed("7", "No Line"), Passed("7", "finish", "x"), Passed(7, 8)]
    facts += [posted(""), posted(None), Posted(category="", text="x", origin=Origin.PROVIDER)]
    desk.frame(seen(), *[Fact(fact) for fact in facts], Fact(posted("good")))
    assert kinds(desk.log.events) == ["described", "posted"]
    assert desk.recorder.skipped.total() == len(facts)


def test_the_state_of_the_feed_is_said_in_each_session():
    desk = Desk()
    desk.recorder.feed(Feed(FeedStatus.LIVE), desk.at)
    desk.frame(seen("1"))
    desk.recorder.feed(Feed(FeedStatus.LOST, "hung up"), desk.at)
    desk.frame(seen("2"))
    assert kinds(desk.sessions.logs[0].events)[:3] == ["described", "feed live", "feed lost"]
    assert kinds(desk.log.events) == ["described", "feed lost"]


def test_a_session_closed_by_the_operator_takes_nothing_more():
    desk = Desk()
    desk.frame(seen(), picture(CARS))
    desk.recorder.close(CloseReason.STOPPED, desk.at)
    desk.recorder.close(CloseReason.STOPPED, desk.at)
    desk.recorder.feed(Feed(FeedStatus.LOST), desk.at)
    desk.frame(picture({}))
    assert kinds(desk.log.events)[-1] == "closed stopped"
    assert desk.sessions.closed == [desk.log]
    assert len(desk.log.payloads(Changed)) == 1
