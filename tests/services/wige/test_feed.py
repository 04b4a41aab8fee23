"""The feed over a real WebSocket of ours on the loopback, and the options that choose it."""

import json

import msgspec
import pytest

from livetiming.services import Frame
from livetiming.services.wige import PLUGIN, Options, feed, greeting
from tests.services.transports.meeting import meet

RESULT = {"PID": "0", "HEATTYPE": "R", "HEAT": "Race", "RESULT": [{"POSITION": "1", "STNR": "3"}]}


class Plain:
    def page(self, server, request):
        request.setResponseCode(404)
        return b"no page"

    async def greet(self, peer):
        """What is asked for is heard below."""


def test_an_event_is_asked_for_each_time_and_what_comes_is_read():
    asked = []

    async def serve(peer):
        asked.append(json.loads(await peer.hear()))
        peer.say(json.dumps({"PID": "LTS_TIMESYNC"}), json.dumps(RESULT))
        peer.hang_up()

    def transport(port):
        return feed("50", f"ws://127.0.0.1:{port}/", allow_private=True)

    met = meet(Plain(), transport, serve, runs=2)
    assert [one["eventId"] for one in asked] == ["50", "50"]
    assert asked[0]["eventPid"] == [0, 3, 4]
    assert 1_700_000_000_000 < asked[0]["clientLocalTime"] <= asked[1]["clientLocalTime"]
    parser = PLUGIN.parser(Options())
    for at, data in enumerate(met.heard):
        list(parser.receive(Frame(at, "", data)))
    assert parser.picture().order == ["3"]


@pytest.mark.parametrize("event", ["", "x", "20 ", "../20", "-1", "1" * 10, '20","x":"'])
def test_an_event_is_a_number(event):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"event": event}, Options)


def test_a_calendar_may_choose_the_event():
    assert PLUGIN.schedulable == {"event"}
    assert greeting("50", 5) == '{"eventId":"50","eventPid":[0,3,4],"clientLocalTime":5}'
