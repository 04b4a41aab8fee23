"""Classic SignalR 1.5, against a hub of ours: negotiate, connect, start, subscribe."""

import json

import pytest

from livetiming.services.transports import ClassicSignalR
from tests.services.transports.meeting import meet
from tests.services.transports.socket_contract import IDLE, LIMIT, PATIENT, SocketContract

FIRST = '{"C":"s-0,1","S":1,"M":[]}'
CONNECTION_DATA = [b'[{"name":"Streaming"}]']


class Hub:
    def __init__(self, *, started=b'{"Response":"started"}', keep_alive_s=20.0, negotiated=None):
        self._started = started
        self._keep_alive_s = keep_alive_s
        self._negotiated = negotiated

    def page(self, server, request):
        assert request.method == b"GET"
        assert request.args[b"clientProtocol"] == [b"1.5"]
        assert request.args[b"connectionData"] == CONNECTION_DATA
        if request.path == b"/signalr/start":
            assert request.args[b"connectionToken"] == [b"secret/+1"]
            assert request.args[b"transport"] == [b"webSockets"]
            return self._started
        assert request.path == b"/signalr/negotiate"
        request.setHeader(b"Set-Cookie", b"GCLB=chosen; path=/; HttpOnly")
        if self._negotiated is not None:
            return self._negotiated
        return json.dumps(
            {
                "Url": "/signalr",
                "ConnectionToken": "secret/+1",
                "ConnectionId": "known",
                "KeepAliveTimeout": self._keep_alive_s,
                "DisconnectTimeout": 30.0,
                "TryWebSockets": True,
                "ProtocolVersion": "1.5",
            }
        ).encode()

    async def greet(self, peer):
        assert peer.path == "/signalr/connect"
        assert peer.query["connectionToken"] == ["secret/+1"]
        assert peer.headers["cookie"] == "GCLB=chosen"
        peer.say(FIRST)
        call = json.loads(await peer.hear())
        assert call == {"H": "Streaming", "M": "Subscribe", "A": [["Heartbeat"]], "I": "0"}


def classic(port, *, times=PATIENT, max_message=LIMIT, allow_private=True):
    return ClassicSignalR(
        f"http://127.0.0.1:{port}/signalr/",
        "Streaming",
        "Subscribe",
        [["Heartbeat"]],
        times=times,
        max_message=max_message,
        allow_private=allow_private,
    )


class TestClassicSignalR(SocketContract):
    dialect = Hub()
    steps = 4
    greeted = (FIRST,)

    def transport(self, port, **options):
        return classic(port, **options)

    def record(self, text):
        message = {"C": "s-0,2", "G": "g", "M": [{"H": "Streaming", "M": "feed", "A": [text]}]}
        return json.dumps(message, ensure_ascii=False)


async def stay(peer):
    """The hub has nothing to say."""


def talk(feed=stay, hub=None, **options):
    return meet(hub or Hub(), lambda port: classic(port, **options), feed)


def test_keep_alives_and_what_is_unknown_are_delivered_and_do_no_harm():
    odd = ["{}", "garbage", '{"S":"x"}', '{"R":{"a":1},"I":"0"}', '{"E":"of another","I":"7"}', ""]

    async def feed(peer):
        peer.say(*odd)
        peer.hang_up()

    assert talk(feed).heard == [FIRST, *odd]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ('{"I":"0","E":"no such hub"}', "refuses Subscribe: no such hub"),
        ('{"C":"x","D":1,"M":[]}', "asks us to leave"),
        ('{"C":"x","T":1,"M":[]}', "asks us to connect anew"),
    ],
)
def test_a_message_that_ends_the_connection_is_delivered_and_told(message, words):
    async def feed(peer):
        peer.say(message, "{}")

    met = talk(feed)
    assert met.heard == [FIRST, message]
    assert str(met.errors[0]).endswith(f"/signalr/connect {words}")


def test_the_server_says_how_long_it_may_be_silent():
    met = talk(hub=Hub(keep_alive_s=0.2))
    assert str(met.errors[0]).endswith(" was silent for 0.2 s")
    assert met.server.pings == 0


@pytest.mark.parametrize("keep_alive_s", [None, 0, -1, 1e300])
def test_it_cannot_ask_for_more_patience_than_we_have(keep_alive_s):
    met = talk(hub=Hub(keep_alive_s=keep_alive_s), times=IDLE)
    assert str(met.errors[0]).endswith(" was silent for 0.3 s")


@pytest.mark.parametrize(
    ("started", "words"),
    [(b"{}", "expected 'started', got ''"), (b"garbage", "/signalr/start answered b'garbage'")],
)
def test_a_start_that_is_refused_is_told(started, words):
    met = talk(hub=Hub(started=started))
    assert words in str(met.errors[0])
    assert "secret" not in str(met.errors[0])


@pytest.mark.parametrize("negotiated", [b"{}", b"garbage", b"[]", b'{"ConnectionToken":null}'])
def test_garbage_in_place_of_the_negotiation_is_told(negotiated):
    met = talk(hub=Hub(negotiated=negotiated))
    assert "/signalr" in str(met.errors[0])
    assert met.server.peers == []


def test_a_hub_that_hangs_up_while_we_start_is_told():
    class Leaving(Hub):
        async def greet(self, peer):
            peer.say(FIRST)
            peer.hang_up()

    assert str(talk(hub=Leaving()).errors[0]).endswith("/signalr/connect hung up")
