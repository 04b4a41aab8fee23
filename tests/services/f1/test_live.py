"""The live feed through the real transports, against hubs of ours on the loopback."""

import json

import pytest

from livetiming.events import Passed
from livetiming.services import Frame
from livetiming.services.f1 import PLUGIN, Options
from livetiming.services.f1.topics import READ
from livetiming.testing import Followed
from tests.services.f1 import told
from tests.services.transports.meeting import meet

TOKEN = "a-subscriber's-token"
INFO = {"Key": 5, "Type": "Practice", "Name": "Practice 1", "Meeting": {"Name": "Lakemoor GP"}}
LAP = told.lines(n7={"NumberOfLaps": 3, "LastLapTime": {"Value": "1:30.000"}})
STATE = {"SessionInfo": INFO, "TimingData": told.lines(n7={"Line": 1, "NumberOfLaps": 2})}


class Core:
    """A hub of SignalR Core."""

    path = "/signalrcore"
    options = Options(token=TOKEN)

    def page(self, _server, request):
        request.setHeader(b"Set-Cookie", b"AWSALBCORS=chosen; Path=/")
        if request.method == b"OPTIONS":
            return b""
        transports = [{"transport": "WebSockets", "transferFormats": ["Text"]}]
        said = {"negotiateVersion": 1, "connectionId": "c", "connectionToken": "t"}
        return json.dumps({**said, "availableTransports": transports}).encode()

    async def greet(self, peer):
        assert json.loads((await peer.hear())[:-1]) == {"protocol": "json", "version": 1}
        assert peer.headers["authorization"] == f"Bearer {TOKEN}"
        peer.say("{}\x1e")
        call = json.loads((await peer.hear())[:-1])
        assert call["target"] == "Subscribe"
        assert call["arguments"] == [list(READ)]
        answer = {"type": 3, "invocationId": call["invocationId"], "result": STATE}
        peer.say(json.dumps(answer) + "\x1e")

    async def feed(self, peer):
        peer.say(told.core("TimingData", LAP) + '\x1e{"type":6}\x1e')
        peer.hang_up()


class Classic:
    """A hub of classic SignalR."""

    path = "/signalr"
    options = Options(classic=True)

    def page(self, _server, request):
        if request.path.endswith(b"/start"):
            return b'{"Response":"started"}'
        said = {"Url": "/signalr", "ConnectionToken": "t", "ConnectionId": "c"}
        times = {"KeepAliveTimeout": 20.0, "DisconnectTimeout": 30.0}
        return json.dumps(
            {**said, **times, "TryWebSockets": True, "ProtocolVersion": "1.5"}
        ).encode()

    async def greet(self, peer):
        peer.say('{"C":"s-0,1","S":1,"M":[]}')
        call = json.loads(await peer.hear())
        assert (call["H"], call["M"], call["A"]) == ("Streaming", "Subscribe", [list(READ)])
        peer.say(json.dumps({"R": STATE, "I": call["I"]}))

    async def feed(self, peer):
        peer.say(told.classic("TimingData", LAP), "{}")
        peer.hang_up()


@pytest.mark.parametrize("hub", [Core(), Classic()], ids=["core", "classic"])
def test_what_a_hub_says_is_one_session_over_two_connections(hub):
    def transport(port):
        options = {field: getattr(hub.options, field) for field in ("classic", "token")}
        url = f"http://127.0.0.1:{port}{hub.path}"
        return PLUGIN.transport(Options(url=url, **options))

    met = meet(hub, transport, hub.feed, runs=2)
    assert len(met.errors) == 2, "a hub never ends a feed"
    frames = [Frame(at * 100, "", data) for at, data in enumerate(met.heard)]
    followed = Followed(PLUGIN, "f1", PLUGIN.parser(Options())).read(frames)
    assert not followed.skipped, followed.told
    (log,) = followed.logs
    assert log.state.cars["7"]["laps"] == 3
    assert log.state.described.key == "5"
    laps = [event.payload.lap for event in log.events if isinstance(event.payload, Passed)]
    assert laps == [3, 3], "the state of the second connection takes the lap back"
