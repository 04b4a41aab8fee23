"""SignalR Core, against a hub of ours: how it negotiates, what it says, how it takes a no."""

import json

import pytest
from twisted.web.server import NOT_DONE_YET

from livetiming.errors import BadArgument
from livetiming.services.transports import SignalR, Times
from livetiming.services.transports.questions import MAX_ANSWER
from tests.services.transports.meeting import meet
from tests.services.transports.socket_contract import IDLE, LIMIT, PATIENT, QUICK, SocketContract

TOPICS = [["Heartbeat", "TimingData"]]


class Hub:
    """Args:
    negotiated: the answer to `negotiate`, with its status.
    greeting: the answer to the handshake.
    """

    def __init__(self, negotiated=None, status=200, greeting="{}\x1e"):
        self._negotiated = negotiated
        self._status = status
        self._greeting = greeting

    def page(self, server, request):
        assert request.path == b"/hub/negotiate"
        assert request.args == {b"negotiateVersion": [b"1"]}
        if request.method == b"OPTIONS":
            request.setResponseCode(405)
            request.setHeader(b"Set-Cookie", b"AWSALBCORS=chosen; Path=/")
            return b""
        assert request.method == b"POST"
        request.setResponseCode(self._status)
        if self._negotiated is not None:
            return self._negotiated
        return json.dumps(
            {
                "negotiateVersion": 1,
                "connectionId": "known",
                "connectionToken": "secret/+1",
                "availableTransports": [
                    {"transport": "WebSockets", "transferFormats": ["Text", "Binary"]}
                ],
            }
        ).encode()

    async def greet(self, peer):
        assert await peer.hear() == '{"protocol":"json","version":1}\x1e'
        peer.say(self._greeting)
        call = await peer.hear()
        assert call.endswith("\x1e")
        assert json.loads(call[:-1]) == {
            "type": 1,
            "invocationId": "0",
            "target": "Subscribe",
            "arguments": TOPICS,
        }


def signalr(port, *, times=PATIENT, max_message=LIMIT, allow_private=True, **options):
    return SignalR(
        f"http://127.0.0.1:{port}/hub",
        hub_method="Subscribe",
        arguments=TOPICS,
        times=times,
        max_message=max_message,
        allow_private=allow_private,
        **options,
    )


class TestSignalR(SocketContract):
    dialect = Hub()
    steps = 5

    def transport(self, port, **options):
        return signalr(port, **options)

    def record(self, text):
        return json.dumps({"type": 1, "target": "feed", "arguments": [text]}, ensure_ascii=False)

    def said(self, record):
        return f"{record}\x1e"


async def stay(peer):
    """The hub has nothing to say."""


def talk(feed=stay, hub=None, **options):
    return meet(hub or Hub(), lambda port: signalr(port, **options), feed)


def test_records_may_share_a_message_and_be_spread_over_many():
    async def feed(peer):
        peer.say('{"type":6}\x1e{"type":1}\x1e{"ty', 'pe":', "99", '}\x1e{"type":6}\x1e{"type":1')
        peer.hang_up()

    assert talk(feed).heard == ['{"type":6}', '{"type":1}', '{"type":99}', '{"type":6}']


def test_a_record_without_an_end_is_given_up():
    async def feed(peer):
        peer.say(*["x" * 1000] * 100)

    (error,) = talk(feed).errors
    assert str(error).endswith(f" sends a record of more than {LIMIT} characters")


def test_records_may_come_with_the_answer_to_the_handshake():
    class Eager(Hub):
        async def greet(self, peer):
            await peer.hear()
            peer.say('{}\x1e{"type":6}\x1e')
            await peer.hear()
            peer.hang_up()

    assert talk(hub=Eager()).heard == ['{"type":6}']


def test_the_token_and_the_cookies_go_where_they_must():
    met = talk(_hang_up, token="bearer.me")
    options, post, upgrade = met.server.requests
    for request in met.server.requests:
        assert request.getHeader("authorization") == "Bearer bearer.me"
    assert options.getHeader("cookie") is None
    assert post.getHeader("cookie") == "AWSALBCORS=chosen"
    assert upgrade.getHeader("cookie") == "AWSALBCORS=chosen"
    assert upgrade.args == {b"id": [b"secret/+1"]}


def test_the_token_may_be_in_the_address_too():
    met = talk(_hang_up, token="bearer.me", token_in_address=True)
    assert met.server.requests[-1].args == {b"id": [b"secret/+1"], b"access_token": [b"bearer.me"]}
    assert "bearer" not in str(met.errors[0])
    assert "secret" not in str(met.errors[0])


async def _hang_up(peer):
    peer.hang_up()


def test_a_new_run_has_cookies_of_its_own():
    met = meet(Hub(), signalr, _hang_up, runs=2)
    assert [request.getHeader("cookie") for request in met.server.requests] == [
        None,
        "AWSALBCORS=chosen",
        "AWSALBCORS=chosen",
    ] * 2


def test_a_server_of_version_0_gives_an_id_alone():
    met = talk(_hang_up, Hub(b'{"connectionId":"known","availableTransports":null}'))
    assert met.server.requests[-1].args == {b"id": [b"known"]}


def test_the_hub_is_told_that_we_are_there():
    async def feed(peer):
        assert await peer.hear() == '{"type":6}\x1e'
        assert await peer.hear() == '{"type":6}\x1e'
        peer.hang_up()

    met = talk(feed, times=Times(idle_s=5, ping_s=0.05))
    assert str(met.errors[0]).endswith(" hung up")


def test_its_pings_keep_the_connection():
    async def feed(peer):
        def ping(count):
            if count:
                peer.say('{"type":6}\x1e')
                peer.factory.reactor.callLater(0.25, ping, count - 1)
            else:
                peer.hang_up()

        ping(6)

    met = talk(feed, times=IDLE._replace(idle_s=1))
    assert met.heard == ['{"type":6}'] * 6


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (
            '{"type":3,"invocationId":"0","error":"no such topic"}',
            "refuses Subscribe: no such topic",
        ),
        ('{"type":7}', "closed the connection"),
        ('{"type":7,"error":"too slow"}', "closed the connection: too slow"),
        (
            '{"type":7,"error":"restart","allowReconnect":true}',
            "closed the connection and lets us come back: restart",
        ),
    ],
)
def test_a_record_that_ends_the_connection_is_delivered_and_told(record, words):
    async def feed(peer):
        peer.say(f'{record}\x1e{{"type":6}}\x1e')

    met = talk(feed)
    assert met.heard == [record]
    assert str(met.errors[0]).endswith(f"/hub {words}")


@pytest.mark.parametrize(
    "record",
    [
        "",
        "no json",
        "[]",
        '{"type":"7"}',
        '{"type":99,"error":[1]}',
        '{"type":3,"invocationId":"1","error":"of another"}',
        '{"type":3,"invocationId":"0","result":{"Heartbeat":{}}}',
        "[" * 5000,
    ],
)
def test_any_other_record_is_delivered_and_does_no_harm(record):
    async def feed(peer):
        peer.say(f'{record}\x1e{{"type":6}}\x1e')
        peer.hang_up()

    assert talk(feed).heard == [*filter(None, [record]), '{"type":6}']


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        ('{"error":"no JSON here"}\x1e', "refuses the handshake: no JSON here"),
        ("garbage\x1e", "expected an answer to the handshake, got 'garbage'"),
        ("\x1e", "did not greet us within 1 s"),
        ("[]\x1e", "expected an answer to the handshake, got '[]'"),
        ("{}", "did not greet us within 1 s"),
        ("x" * (LIMIT + 1), f"sends a message of more than {LIMIT} bytes"),
    ],
)
def test_garbage_in_place_of_the_answer_to_the_handshake_is_told(greeting, words):
    met = talk(hub=Hub(greeting=greeting), times=QUICK._replace(handshake_s=1))
    assert met.heard == []
    assert str(met.errors[0]).endswith(f"/hub {words}")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"garbage", 200, "answered b'garbage'"),
        (b"[]", 200, "answered b'[]'"),
        (b"", 200, "answered b''"),
        (b"[" * 9000, 200, "answered b'[[["),
        (b'{"connectionToken":7}', 200, "connectionToken"),
        (b"{}", 200, "expected a connectionToken, got none"),
        (b'{"error":"closed today"}', 200, "refuses to negotiate: closed today"),
        (b'{"url":"https://else.where"}', 200, "sends us to another server"),
        (
            b'{"connectionToken":"a","availableTransports":[{"transport":"LongPolling"}]}',
            200,
            "offers no WebSockets, only LongPolling",
        ),
        (b"who are you", 401, "answered 401 Unauthorized, expected 200"),
        (b"", 302, "answered 302 Found, expected 200"),
        (b"x" * (MAX_ANSWER + 1), 200, f"answers with more than {MAX_ANSWER} bytes"),
    ],
)
def test_garbage_in_place_of_the_negotiation_is_told(body, status, words):
    met = talk(hub=Hub(body, status))
    (error,) = met.errors
    assert str(error).startswith("http://127.0.0.1:")
    assert words in str(error)
    assert len(str(error)) < 300
    assert len(met.server.requests) == 2


class Dripping(Hub):
    """Half an answer."""

    def page(self, server, request):
        if request.method == b"OPTIONS":
            return b""
        request.setHeader(b"Content-Length", b"100")
        request.write(b'{"connectionToken":')
        request.transport.loseConnection() if self._status == 500 else None
        return NOT_DONE_YET


def test_an_answer_that_does_not_come_to_its_end_is_told():
    (error,) = talk(hub=Dripping(), times=QUICK).errors
    assert str(error).endswith("/hub/negotiate did not answer within 0.3 s")


def test_an_answer_that_breaks_off_is_told():
    (error,) = talk(hub=Dripping(status=500)).errors
    assert str(error).endswith("/hub/negotiate hung up before it had answered")


def test_a_token_is_in_no_error_even_where_the_server_says_it():
    met = talk(hub=Hub(b'{"error":"bearer.me is nobody"}'), token="bearer.me")
    assert str(met.errors[0]).endswith("refuses to negotiate: (the token) is nobody")


@pytest.mark.parametrize("token", ["a b", "a\r\nX: y", "ä"])
def test_a_token_that_is_none_is_refused_at_once(token):
    with pytest.raises(BadArgument) as refused:
        signalr(1, token=token)
    assert token not in str(refused.value)


def test_no_token_is_no_header():
    met = talk(_hang_up, token="")
    assert met.server.requests[0].getHeader("authorization") is None
