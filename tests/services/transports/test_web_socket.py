"""Plain WebSockets: what is said first, what is answered, what is asked for."""

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.testing import MemoryReactorClock, StringTransport

from livetiming.errors import BadArgument
from livetiming.services.transports import Times, WebSocket
from tests.services.transports.meeting import meet
from tests.services.transports.socket_contract import LIMIT, PATIENT, SocketContract


class PlainDialect:
    def page(self, server, request):
        request.setResponseCode(404)
        return b"no page"

    async def greet(self, peer):
        assert await peer.hear() == "hello"


class TestWebSocket(SocketContract):
    dialect = PlainDialect()
    steps = 2

    def transport(self, port, *, times=PATIENT, max_message=LIMIT, allow_private=True):
        return WebSocket(
            f"ws://127.0.0.1:{port}/feed",
            greeting=["hello"],
            times=times,
            max_message=max_message,
            allow_private=allow_private,
        )

    def record(self, text):
        return text


class Mute(PlainDialect):
    async def greet(self, peer):
        """Nothing is expected."""


def talk(feed, *, runs=1, path="", **options):
    def transport(port):
        return WebSocket(f"ws://127.0.0.1:{port}{path}", allow_private=True, **options)

    return meet(Mute(), transport, feed, runs=runs)


def test_bytes_stay_bytes_and_text_stays_text():
    async def feed(peer):
        peer.say(b"\x00\xff", "text", b"", "")
        peer.hang_up()

    assert talk(feed).heard == [b"\x00\xff", "text", b"", ""]


def test_a_greeting_may_tell_the_time():
    greetings = []

    async def feed(peer):
        greetings.append(int(await peer.hear()))
        peer.hang_up()

    talk(feed, greeting=lambda now: [str(now)], runs=2)
    assert 1_700_000_000_000 < greetings[0] <= greetings[1]


def test_a_message_may_be_answered():
    async def feed(peer):
        peer.say("ping", "other")
        assert await peer.hear() == "pong"
        assert await peer.hear() == b"pong too"
        peer.say("end")
        peer.hang_up()

    def answer(message):
        return ["pong", b"pong too"] if message == "ping" else []

    assert talk(feed, answer=answer).heard == ["ping", "other", "end"]


def test_what_was_agreed_to_ask_for_is_asked_for():
    asked = []

    async def feed(peer):
        asked.append((peer.path, peer.query, peer.headers))
        peer.hang_up()

    talk(feed, path="/a/b/?event=24", headers={"X-Key": "7"})
    ((path, query, headers),) = asked
    assert (path, query, headers["x-key"]) == ("/a/b/", {"event": ["24"]}, "7")
    assert headers["user-agent"].startswith("livetiming/")


def test_a_server_that_answers_pings_is_alive_even_when_it_has_nothing_to_say():
    async def feed(peer):
        peer.factory.reactor.callLater(1.5, peer.hang_up)

    met = talk(feed, times=Times(idle_s=1, ping_s=0.2))
    assert str(met.errors[0]).endswith(" hung up")
    assert met.server.pings >= 3


def test_what_is_packed_is_unpacked_up_to_the_limit():
    async def feed(peer):
        assert peer.websocket_extensions_in_use
        peer.say("x" * 60_000)
        peer.say("x" * 100_000_000)

    met = talk(feed, max_message=LIMIT)
    assert met.heard == ["x" * 60_000]
    assert str(met.errors[0]).endswith(f" sends a message of more than {LIMIT} bytes")


def test_an_error_in_the_plugin_is_an_error_of_the_run():
    async def feed(peer):
        peer.say("one")

    with pytest.raises(ZeroDivisionError):
        talk(feed, answer=lambda _: [1 / 0])


def test_a_secret_in_an_address_is_in_no_error():
    async def feed(peer):
        peer.hang_up()

    (error,) = talk(feed, path="/feed?token=secret").errors
    assert "/feed hung up" in str(error)
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed",
        "ftp://host/",
        "file:///etc/passwd",
        "ws:///path",
        "ws://host:0/",
        "ws://host:99999/",
        "ws://host:x/",
        "ws://user:secret@host/",
        "ws://ho st/",
        "ws://höst/",
        "ws://host/\r\nX: secret",
        "ftp://user:secret@host/?secret",
    ],
)
def test_what_is_no_address_is_refused_at_once(url):
    with pytest.raises(BadArgument) as refused:
        WebSocket(url)
    assert "secret" not in str(refused.value)


class Line(StringTransport):
    """A connection on a clock, to nobody."""

    def setTcpKeepAlive(self, enabled):  # noqa: N802 - Twisted's name
        self.alive = enabled


def test_time_is_that_of_the_reactor_that_was_handed_in():
    reactor = MemoryReactorClock()
    transport = WebSocket("ws://127.0.0.1:50000/", allow_private=True)
    running = Deferred.fromCoroutine(transport.run(reactor, lambda *_: None))
    errors = []
    running.addErrback(lambda failure: errors.append(str(failure.value)))
    protocol = reactor.tcpClients[-1][2].buildProtocol(None)
    line = Line()
    protocol.makeConnection(line)
    assert line.value().startswith(b"GET / HTTP/1.1\r\n")
    reactor.advance(Times().handshake_s - 0.1)
    assert not errors
    reactor.advance(0.1)
    assert errors == ["ws://127.0.0.1:50000/ did not open a WebSocket within 15 s"]
    assert line.disconnected
    assert not reactor.getDelayedCalls()
