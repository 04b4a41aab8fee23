"""DDP over SockJS, against a Meteor of ours."""

import json
import re
from random import Random

import pytest

from livetiming.services.transports import Ddp, Subscription, Times
from tests.services.transports.meeting import meet
from tests.services.transports.socket_contract import IDLE, LIMIT, PATIENT, SocketContract

CONNECTED = '{"msg":"connected","session":"abc"}'
READY = '{"msg":"ready","subs":["1"]}'
FEEDS = Subscription("livetimingFeed", ("wec",))


def framed(*messages):
    return "a" + json.dumps(messages, ensure_ascii=False)


async def hear(peer):
    (message,) = json.loads(await peer.hear())
    return json.loads(message)


class Meteor:
    version = "1"

    def page(self, server, request):
        request.setResponseCode(404)
        return b"no page"

    async def greet(self, peer):
        assert re.fullmatch(r"/sockjs/\d{3}/[a-z0-9]{8}/websocket", peer.path)
        peer.say("o")
        connect = await hear(peer)
        assert connect["msg"] == "connect"
        assert connect["support"] == ["1", "pre2", "pre1"]
        if connect["version"] != self.version:
            peer.say(framed(json.dumps({"msg": "failed", "version": self.version})))
            await peer.gone()
        peer.say(framed(CONNECTED))
        sub = await hear(peer)
        assert sub == {"msg": "sub", "id": "1", "name": "livetimingFeed", "params": ["wec"]}
        peer.say(framed(READY))


def ddp(port, *, subscriptions=(FEEDS,), **options):
    url = f"ws://127.0.0.1:{port}/sockjs"
    given = {"times": PATIENT, "max_message": LIMIT, "allow_private": True, **options}
    return Ddp(url, subscriptions, **given)


class TestDdp(SocketContract):
    dialect = Meteor()
    steps = 3
    greeted = (CONNECTED, READY)

    def transport(self, port, **options):
        return ddp(port, **options)

    def record(self, text):
        message = {"msg": "added", "collection": "feeds", "id": "1", "fields": {"name": text}}
        return json.dumps(message, ensure_ascii=False)

    def said(self, record):
        return framed(record)


def talk(feed, meteor=None, **options):
    return meet(meteor or Meteor(), lambda port: ddp(port, **options), feed)


async def _hang_up(peer):
    peer.hang_up()


@pytest.mark.parametrize(("version", "tried"), [("1", 1), ("pre2", 2), ("pre1", 2)])
def test_the_version_that_the_server_suggests_is_spoken(version, tried):
    meteor = Meteor()
    meteor.version = version
    met = talk(_hang_up, meteor)
    assert len(met.server.peers) == tried
    assert met.heard[-2:] == [CONNECTED, READY]


def test_a_version_that_we_do_not_speak_is_told():
    meteor = Meteor()
    meteor.version = "2"
    met = talk(_hang_up, meteor)
    assert len(met.server.peers) == 1
    assert str(met.errors[0]).endswith(" does not speak DDP 1, but '2'")


def test_a_server_that_suggests_what_it_refused_is_asked_once():
    class Stubborn(Meteor):
        async def greet(self, peer):
            peer.say("o")
            version = (await hear(peer))["version"]
            peer.say(framed(json.dumps({"msg": "failed", "version": version})))

    assert len(talk(_hang_up, Stubborn()).server.peers) == 1


def test_pings_are_answered_with_their_id():
    async def feed(peer):
        peer.say("h", framed('{"msg":"ping"}', '{"msg":"ping","id":"7"}'))
        assert await hear(peer) == {"msg": "pong"}
        assert await hear(peer) == {"msg": "pong", "id": "7"}
        peer.hang_up()

    met = talk(feed)
    assert met.heard[2:] == ['{"msg":"ping"}', '{"msg":"ping","id":"7"}']


def test_the_server_is_pinged():
    async def feed(peer):
        assert await hear(peer) == {"msg": "ping"}
        peer.hang_up()

    talk(feed, times=Times(idle_s=5, ping_s=0.05))


def test_heartbeats_keep_the_connection():
    async def feed(peer):
        def beat(count):
            if count:
                peer.say("h")
                peer.factory.reactor.callLater(0.25, beat, count - 1)
            else:
                peer.hang_up()

        beat(6)

    assert str(talk(feed, times=IDLE._replace(idle_s=1)).errors[0]).endswith(" hung up")


def test_a_message_may_ask_for_more_and_a_change_takes_the_place_of_what_was():
    def then(message):
        chosen = json.loads(message).get("session_chosen")
        return [Subscription("entry", (chosen,)), Subscription("weather")] if chosen else []

    async def feed(peer):
        peer.say(framed('{"session_chosen":"a"}'))
        first = {"msg": "sub", "id": "2", "name": "entry", "params": ["a"]}
        assert await hear(peer) == first
        assert await hear(peer) == {"msg": "sub", "id": "3", "name": "weather", "params": []}
        peer.say(framed('{"session_chosen":"a"}'), framed('{"session_chosen":"b"}'))
        assert await hear(peer) == {"msg": "unsub", "id": "2"}
        assert await hear(peer) == {**first, "id": "4", "params": ["b"]}
        peer.say(framed('{"msg":"nosub","id":"2"}', '{"msg":"changed"}'))
        peer.hang_up()

    met = talk(feed, then=then)
    assert met.heard[-1] == '{"msg":"changed"}'


def test_one_subscription_that_is_refused_costs_no_other():
    async def feed(peer):
        assert (await hear(peer))["name"] == "no such"
        peer.say(framed('{"msg":"nosub","id":"2","error":{"error":404,"reason":"no such"}}'))
        peer.say(framed('{"msg":"changed"}'))
        peer.hang_up()

    met = talk(feed, subscriptions=[FEEDS, Subscription("no such")])
    assert met.heard[-1] == '{"msg":"changed"}'
    assert str(met.errors[0]).endswith(" hung up")


def test_when_the_last_is_refused_that_is_told():
    async def feed(peer):
        peer.say(framed('{"msg":"nosub","id":"1","error":{"error":404,"reason":"who is wec"}}'))

    (error,) = talk(feed).errors
    assert str(error).endswith(" refuses the last subscription, 'livetimingFeed': who is wec")


@pytest.mark.parametrize(
    "message",
    ["", "garbage", "[]", '{"server_id":"0"}', '{"msg":7}', '{"msg":"nosub","id":"99"}', "{}"],
)
def test_any_other_message_is_delivered_and_does_no_harm(message):
    async def feed(peer):
        peer.say(framed(message, "{}"))
        peer.hang_up()

    assert talk(feed).heard[2:] == [message, "{}"]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ("garbage", "expected a frame of SockJS, got 'garbage'"),
        ("", "expected a frame of SockJS, got ''"),
        ("o", "expected a frame of SockJS, got 'o'"),
        ("a", "expected messages in a frame of SockJS, got 'a'"),
        ("a[1]", "expected messages in a frame of SockJS, got 'a[1]'"),
        ("a" + "[" * 5000, "expected messages in a frame of SockJS, got 'a[[["),
        ('c[3000,"Go away!"]', "closed the connection: 3000 Go away!"),
        ("c", "closed the connection"),
    ],
)
def test_a_frame_that_ends_the_connection_is_told(frame, words):
    async def feed(peer):
        peer.say(frame)

    met = talk(feed)
    assert met.heard == [CONNECTED, READY]
    assert f"/websocket {words}" in str(met.errors[0])


def test_a_message_before_the_session_opens_is_told():
    class Early(Meteor):
        async def greet(self, peer):
            peer.say(framed(CONNECTED))

    met = talk(_hang_up, Early())
    assert met.heard == []
    assert "expected a frame of SockJS, got 'a[" in str(met.errors[0])


def test_a_single_message_has_a_frame_of_its_own():
    async def feed(peer):
        peer.say('m"{}"')
        peer.hang_up()

    assert talk(feed).heard[2:] == ["{}"]


def test_each_session_has_an_address_of_its_own_and_chance_is_handed_in():
    def paths(seed):
        met = meet(Meteor(), lambda port: ddp(port, random=Random(seed)), _hang_up, runs=2)
        return [peer.path for peer in met.server.peers]

    assert paths(1) == paths(1)
    assert len({*paths(1), *paths(2)}) == 4
