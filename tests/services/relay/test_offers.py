"""Which sessions are relayed, and when one is tried again."""

from livetiming.events import SessionId
from livetiming.network.wire import Listing, write_listing
from livetiming.services.relay.attempts import MAX_REMEMBERED, Attempts
from livetiming.services.relay.offers import Offer, Wanted, choose, read_offers
from tests.services.relay.stage import AT, IDS, MadeLog, entry

OFFERS = {
    IDS[n]: Offer(IDS[n], class_, started_at, 10)
    for n, (class_, started_at) in enumerate([("f1", 5), ("demo", 9), ("f1", 7), ("demo", 1)])
}


def chosen(wanted, held=(), room=20, passes=lambda _: False):
    return [IDS.index(each) for each in choose(wanted, OFFERS, held, room, passes)]


def test_all_that_is_listed_is_wanted_the_newest_first():
    assert chosen(Wanted((), frozenset(), 20)) == [1, 2, 0, 3]


def test_classes_leave_out_the_others():
    assert chosen(Wanted((), frozenset({"f1"}), 20)) == [2, 0]


def test_named_sessions_leave_out_the_others_whether_they_are_listed_or_not():
    assert chosen(Wanted((IDS[8], IDS[3]), frozenset(), 20)) == [8, 3]


def test_named_ones_come_before_those_of_a_class():
    assert chosen(Wanted((IDS[8], IDS[0]), frozenset({"f1"}), 20)) == [8, 0, 2]


def test_what_is_relayed_or_passed_over_is_left_out_and_there_is_room_for_so_many():
    wanted = Wanted((), frozenset(), 20)
    assert chosen(wanted, held={IDS[1]}) == [2, 0, 3]
    assert chosen(wanted, passes=lambda each: each == IDS[2]) == [1, 0, 3]
    assert chosen(wanted, room=2) == [1, 2]
    assert chosen(wanted, room=0) == chosen(wanted, room=-3) == []


def test_a_list_is_read_without_what_is_none():
    log = MadeLog(AT, IDS[0]).write_laps(4)
    entries = (entry(log), entry(log, session="../x"))
    offers, bad = read_offers((write_listing(Listing(at=AT, sessions=entries)),))
    assert offers == {IDS[0]: Offer(IDS[0], "rmonitor", AT, 5)}
    assert bad == 1


def test_what_failed_is_tried_again_when_the_time_has_come():
    attempts = Attempts()
    attempts.failed(IDS[0], 50)
    assert attempts.passes_over(IDS[0], OFFERS[IDS[0]], 49)
    assert not attempts.passes_over(IDS[0], OFFERS[IDS[0]], 50)


def test_what_is_refused_is_never_tried_again():
    attempts = Attempts()
    attempts.refused(IDS[0])
    assert attempts.passes_over(IDS[0], OFFERS[IDS[0]], 10**9)


def test_what_has_ended_is_tried_again_when_it_went_on():
    attempts = Attempts()
    attempts.ended(IDS[0], 10)
    offer = OFFERS[IDS[0]]
    assert attempts.passes_over(IDS[0], offer, 0)
    assert attempts.passes_over(IDS[0], None, 0)
    assert not attempts.passes_over(IDS[0], offer._replace(end=11), 0)


def test_what_is_remembered_is_bounded():
    attempts = Attempts()
    for number in range(MAX_REMEMBERED + 5):
        attempts.refused(SessionId(f"{number:032x}"))
    first, last = SessionId("0" * 32), SessionId(f"{MAX_REMEMBERED:032x}")
    assert not attempts.passes_over(first, None, 0)
    assert attempts.passes_over(last, None, 0)
