"""Which session is followed, and what is subscribed to for it."""

import json

import pytest

from livetiming.services.alkamel.choosing import OF_SESSION, Subscribing

A, B, C = ({"$type": "oid", "$value": letter * 24} for letter in "abc")


def added(collection, id_, **fields):
    return {"msg": "added", "collection": collection, "id": id_, "fields": fields}


def feed(*sessions):
    return added("feeds", "f", name="coast", sessions=list(sessions))


def info(session, *, closed=False, collection="session_info"):
    return added(
        collection, f"i{session['$value']}", session=session, info={"closed": closed, "name": "x"}
    )


def wanted(*messages, subscribing=None):
    """What is wanted after the last of them."""
    subscribing = subscribing or Subscribing("coast")
    asked = []
    for message in messages:
        asked = list(subscribing.then(json.dumps(message)))
    return asked


def session_of(asked):
    """The session that all subscriptions of one are for."""
    found = [each for each in asked if each.name in OF_SESSION]
    if not found:
        return None
    assert [each.name for each in found] == list(OF_SESSION)
    ((session,),) = {tuple(json.dumps(param) for param in each.parameters) for each in found}
    return json.loads(session)


CONNECTED, READY = {"msg": "connected"}, {"msg": "ready", "subs": ["1"]}


def test_the_feed_is_asked_for_first():
    assert Subscribing("coast").first == ("livetimingFeed", ["coast"])


def test_the_sessions_of_a_feed_are_asked_for():
    assert wanted(CONNECTED, feed(A, B)) == [("sessions", [[A, B]]), ("sessionInfo", [[A, B]])]


def test_new_sessions_of_the_feed_are_asked_for_too():
    change = {"msg": "changed", "collection": "feeds", "id": "f", "fields": {"sessions": [A, B, C]}}
    assert wanted(CONNECTED, feed(A, B), change)[1] == ("sessionInfo", [[A, B, C]])


@pytest.mark.parametrize("name", ["session_info", "sessionInfo"])
def test_the_first_session_that_is_open_is_followed(name):
    infos = [
        info(A, closed=True, collection=name),
        info(C, collection=name),
        info(B, collection=name),
    ]
    assert session_of(wanted(CONNECTED, feed(A, B, C), *infos)) == B


def test_nothing_is_chosen_before_all_sessions_are_known_or_the_server_is_ready():
    assert session_of(wanted(CONNECTED, feed(A, B, C), info(B))) is None
    assert session_of(wanted(CONNECTED, feed(A, B, C), info(B), READY)) == B


def test_where_none_is_open_the_last_is_followed():
    messages = [CONNECTED, feed(A, B), info(A, closed=True), info(B, closed=True)]
    assert session_of(wanted(*messages)) == B


def test_a_session_is_followed_as_long_as_it_is_open():
    messages = [CONNECTED, feed(A, B), info(A, closed=True), info(B)]
    assert session_of(wanted(*messages, info(A))) == B
    assert session_of(wanted(*messages, info(A), info(B, closed=True))) == A


def test_the_session_that_was_followed_is_followed_after_a_break_too():
    subscribing = Subscribing("coast")
    wanted(CONNECTED, feed(A, B), info(A, closed=True), info(B), subscribing=subscribing)
    again = [CONNECTED, feed(A, B), info(A), info(B)]
    assert session_of(wanted(*again, subscribing=subscribing)) == B


def test_where_the_session_is_gone_after_a_break_another_is_followed():
    subscribing = Subscribing("coast")
    wanted(CONNECTED, feed(A, B), info(A, closed=True), info(B), subscribing=subscribing)
    assert session_of(wanted(CONNECTED, feed(C), info(C), subscribing=subscribing)) == C


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "[]", "7", "null", '{"msg":"added"}', '{"msg":"added","collection":"feeds"}',
     '{"msg":"added","collection":7,"id":"x"}', '{"msg":"changed","collection":"feeds","id":"f"}',
     '{"msg":"added","collection":"feeds","id":"f","fields":{"sessions":7}}',
     '{"msg":"added","collection":"session_info","id":"f","fields":{"session":{},"info":[]}}'],
)  # fmt: skip
def test_a_message_that_says_nothing_asks_for_nothing(text):
    assert list(Subscribing("coast").then(text)) == []
