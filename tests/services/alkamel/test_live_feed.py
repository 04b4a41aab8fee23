"""The provider on a real connection: a Meteor server of ours, the stock transport, the recorder."""

import json

import pytest

from livetiming.events import Posted
from livetiming.services import Frame
from livetiming.services.alkamel import PLUGIN, Options
from livetiming.services.alkamel.choosing import OF_SESSION
from livetiming.testing.following import Followed
from tests.services.transports.meeting import meet

A, B = ({"$type": "oid", "$value": letter * 24} for letter in "ab")
AT = 1_750_000_000_000


def added(collection, id_, **fields):
    return {"msg": "added", "collection": collection, "id": id_, "fields": fields}


def info(session, name, *, closed):
    said = {"champName": "Coast Cup", "name": name, "type": "RACE", "closed": closed}
    return added("session_info", f"i{session['$value']}", session=session, info=said)


def standings(session, *cars):
    items = {
        str(place): {
            "data": f"{place};{number};CLASSIFIED;1;{laps};0;170;{AT + place};TRACK;{laps + 1};",
            "lastLapTime": 91_000,
            "bestLapTime": 91_000,
        }
        for place, (number, laps) in enumerate(cars, start=1)
    }
    return added(
        "standings", "st" + session["$value"], session=session, standings={"standings": items}
    )


def control(session, *messages):
    log = {str(n): {"date": AT + n, "message": text} for n, text in enumerate(messages)}
    return added("race_control", "r", session=session, raceControlMessages={"log": log})


class Meteor:
    """Speaks SockJS and DDP as far as the feed begins."""

    def page(self, server, request):
        request.setResponseCode(404)
        return b""

    async def greet(self, peer):
        peer.say("o")
        assert (await hear(peer))["msg"] == "connect"
        say(peer, {"msg": "connected", "session": "x"})


def say(peer, *messages):
    peer.say("a" + json.dumps([json.dumps(message) for message in messages]))


async def hear(peer):
    (message,) = json.loads(await peer.hear())
    return json.loads(message)


async def subscriptions(peer, count):
    """The next ones, by their names."""
    heard = [await hear(peer) for _ in range(count)]
    assert {message["msg"] for message in heard} == {"sub"}
    return {message["name"]: message["params"] for message in heard}


async def changed_subscriptions(peer):
    """Those that take the place of others: first the old one ends."""
    found = {}
    for _ in OF_SESSION:
        assert (await hear(peer))["msg"] == "unsub"
        sub = await hear(peer)
        found[sub["name"]] = sub["params"]
    return found


async def open_feed(peer, *infos):
    """Publish a feed and what it has, until the subscriptions of its session have come."""
    assert await subscriptions(peer, 1) == {"livetimingFeed": ["coast"]}
    say(peer, added("feeds", "f", name="coast", sessions=[A, B]), {"msg": "ready", "subs": ["1"]})
    assert await subscriptions(peer, 2) == {"sessions": [[A, B]], "sessionInfo": [[A, B]]}
    say(peer, *infos, {"msg": "ready", "subs": ["2", "3"]})
    return await subscriptions(peer, len(OF_SESSION))


def follow(feed, runs=1):
    """What the recorder makes of the frames of these connections."""

    def transport(port):
        return PLUGIN.transport(Options(feed="coast", url=f"ws://127.0.0.1:{port}/sockjs"))

    met = meet(Meteor(), transport, feed, runs=runs)
    assert not met.server.failures
    frames = [Frame(AT + 100 * n, "", data) for n, data in enumerate(met.heard)]
    return Followed(PLUGIN, "alkamel", PLUGIN.parser(Options(feed="coast"))).read(frames)


def test_the_session_that_is_open_is_followed_on_a_real_connection():
    async def feed(peer):
        wanted = await open_feed(
            peer, info(A, "Practice", closed=True), info(B, "Race", closed=False)
        )
        assert wanted == {name: [B] for name in OF_SESSION}
        say(peer, standings(B, ("7", 1), ("007", 1)), control(B, "GREEN FLAG"))
        say(peer, standings(B, ("007", 2), ("7", 1)))
        peer.hang_up()

    followed = follow(feed)
    (log,) = followed.logs
    assert (log.state.described.key, log.state.described.description) == ("b" * 24, "Race")
    assert log.state.order == ["007", "7"]
    assert [event.payload.lap for event in log.events if hasattr(event.payload, "lap_us")] == [2]
    assert not followed.skipped


def test_a_session_change_closes_one_and_opens_the_next_on_one_connection():
    async def feed(peer):
        await open_feed(peer, info(A, "Race", closed=False), info(B, "Race 2", closed=True))
        say(peer, standings(A, ("7", 1)))
        say(peer, info(B, "Race 2", closed=False), info(A, "Race", closed=True))
        assert await changed_subscriptions(peer) == {name: [B] for name in OF_SESSION}
        say(peer, {"msg": "removed", "collection": "standings", "id": "st" + A["$value"]})
        say(peer, standings(B, ("8", 1)))
        peer.hang_up()

    first, second = follow(feed).logs
    assert first.state.order == ["7"]
    assert first.state.closed.reason == "moved"
    assert (second.state.described.key, second.state.order) == ("b" * 24, ["8"])


def test_after_a_break_the_session_goes_on_and_its_messages_come_once():
    async def feed(peer):
        infos = [info(A, "Race", closed=False), info(B, "Race 2", closed=False)]
        number = len(peer.factory.web.peers)
        wanted = await open_feed(peer, *(infos if number == 1 else infos[::-1]))
        assert wanted == {name: [A] for name in OF_SESSION}
        said = ["GREEN FLAG", "CAR 7 TRACK LIMITS"][:number]
        say(peer, standings(A, ("7", number)), control(A, *said))
        peer.hang_up()

    (log,) = follow(feed, runs=2).logs
    texts = [
        event.payload.text
        for event in log.events
        if isinstance(event.payload, Posted) and event.payload.origin == "provider"
    ]
    assert texts == ["GREEN FLAG", "CAR 7 TRACK LIMITS"]
    assert log.state.cars["7"]["laps"] == 2


@pytest.mark.parametrize("name", ["entry", "weather"])
def test_a_subscription_that_is_refused_costs_no_other(name):
    async def feed(peer):
        await open_feed(peer, info(A, "Race", closed=False), info(B, "Race 2", closed=True))
        number = str(4 + OF_SESSION.index(name))
        say(peer, {"msg": "nosub", "id": number, "error": {"error": 404, "reason": "no such"}})
        say(peer, standings(A, ("7", 1)))
        peer.hang_up()

    followed = follow(feed)
    assert followed.logs[0].state.order == ["7"]
    assert followed.told == ["unknown subscription: 'no such'"]
