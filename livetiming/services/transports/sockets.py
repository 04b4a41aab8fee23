"""The one WebSocket client of all transports: it carries a conversation, and ends with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NoReturn, cast

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.compress import (
    PerMessageDeflateOffer,
    PerMessageDeflateResponse,
    PerMessageDeflateResponseAccept,
)
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    ConnectionDone,
    DNSLookupError,
)
from twisted.internet.protocol import connectionDone
from twisted.internet.ssl import optionsForClientTLS
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

from livetiming import __version__
from livetiming.errors import FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.conversation import (
    Answer,
    Breach,
    Conversation,
    Record,
    Terms,
    shown,
)
from livetiming.services.transports.public_addresses import PublicOnly
from livetiming.services.transports.socket_urls import SocketUrl

MAX_HEAD = 64 * 1024
"""Bytes of the answer to a WebSocket's handshake."""
CLOSE_S = 1.0
"""So long a server that said goodbye may take to hang up."""

Say = Callable[[Answer], None]


async def converse(
    reactor: Any,
    url: SocketUrl,
    conversation: Conversation,
    deliver: Deliver,
    terms: Terms,
    settle: Callable[[Say], Awaitable[None]] | None = None,
) -> NoReturn:
    """Connect and carry the conversation until it ends, which is never a good end.

    Args:
        reactor: Twisted's.
        url: where.
        conversation: what is said.
        deliver: takes each record, on channel "".
        terms: on which we talk.
        settle: awaited as soon as the conversation is settled; may say something.
    Raises: `FeedError`.
    """
    factory = _factory(reactor, url, conversation, deliver, terms)
    socket = await _connected(reactor, url, factory, terms)
    try:
        if settle is not None:
            await socket.settled
            await settle(socket.say)
        await socket.over
    except Breach as error:
        raise FeedError(f"{url.shown} {error}") from error
    finally:
        socket.abandon()
    raise AssertionError("a conversation ends by an error")


async def _connected(reactor: Any, url: SocketUrl, factory: Any, terms: Terms) -> _Socket:
    guarded = reactor if terms.allow_private else PublicOnly(reactor)
    try:
        endpoint: Any = HostnameEndpoint(guarded, url.host, url.port, timeout=terms.times.connect_s)
        if not url.secure:
            return cast("_Socket", await endpoint.connect(factory))
        # not by wrapClientTLS, whose writes wait for the global reactor
        make: Any = TLSMemoryBIOFactory
        tls = make(optionsForClientTLS(url.host), True, factory, clock=reactor)
        return cast("_Socket", (await endpoint.connect(tls)).wrappedProtocol)
    except ConnectingCancelledError as error:
        raise CancelledError from error
    except (ConnectError, DNSLookupError, ValueError, FeedError) as error:
        raise FeedError(f"{url.shown} cannot be reached: {error}") from error


class _Mute:
    """What Autobahn has to say ends the connection, and is told by whoever runs it."""

    def debug(self, *_: Any, **__: Any) -> None:
        """Nothing."""

    trace = info = warn = error = critical = failure = debug


class _Factory(WebSocketClientFactory):
    log = _Mute()
    noisy = False
    conversation: Conversation
    deliver: Deliver
    terms: Terms


def _factory(
    reactor: Any, url: SocketUrl, conversation: Conversation, deliver: Deliver, terms: Terms
) -> Any:
    factory = _make(
        _Factory,
        url.socket,
        headers={"User-Agent": f"livetiming/{__version__}", **terms.headers},
        protocols=list(terms.protocols),
        useragent=None,
        reactor=reactor,
    )
    factory.protocol = _Socket
    factory.conversation, factory.deliver, factory.terms = conversation, deliver, terms
    # one more: a packed message that is longer may come cut to exactly so many bytes
    limit = terms.max_message + 1
    factory.setProtocolOptions(
        maxMessagePayloadSize=limit,
        failByDrop=True,
        tcpNoDelay=True,
        # Autobahn's own timers are those of the global reactor
        openHandshakeTimeout=0,
        closeHandshakeTimeout=0,
        serverConnectionDropTimeout=0,
        perMessageCompressionOffers=[_make(PerMessageDeflateOffer)],
        perMessageCompressionAccept=lambda answer: _unpacked(answer, limit),
    )
    return factory


_make: Any = lambda made, *args, **options: made(*args, **options)  # noqa: E731


def _unpacked(answer: Any, limit: int) -> Any:
    if isinstance(answer, PerMessageDeflateResponse):
        return _make(PerMessageDeflateResponseAccept, answer, max_message_size=limit)
    return None


class _Socket(WebSocketClientProtocol):
    """Ends once, by the first error: then it says nothing, hears nothing and waits for nothing."""

    log = _Mute()
    factory: Any

    def __init__(self) -> None:
        super().__init__()
        self.settled: Deferred[None] = Deferred()
        self.over: Deferred[None] = Deferred()
        self._open = False
        self._ended = False
        self._lost = False
        self._goodbye: Breach | None = None
        self._alarm: Any = None
        self._pinging: Any = None

    def say(self, answer: Answer) -> None:
        """Tell the server something; after the end it is not said."""
        if self._ended:
            return
        binary = isinstance(answer.data, bytes)
        data = answer.data if isinstance(answer.data, bytes) else answer.data.encode()
        send: Any = self.sendMessage
        send(data, isBinary=binary)

    def abandon(self) -> None:
        """Break the connection, if it still stands; nobody waits for its end any more."""
        for waiting in (self.settled, self.over):
            waiting.addErrback(lambda _: None)
        self._end(Breach("was left"))

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        times = self.factory.terms.times
        self._alarm = self.factory.reactor.callLater(times.handshake_s, self._late)
        self.transport.setTcpKeepAlive(True)  # type: ignore[union-attr]
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self._ended:
            return
        if self.settled.called and self._goodbye is None:
            self._alarm.reset(self.factory.terms.times.idle_s)
        try:
            super().dataReceived(data)
        except Exception as error:
            # Autobahn reads the answer to its handshake without care for what is no text
            self._end(Breach(f"expected a WebSocket, got {shown(data)} ({type(error).__name__})"))
        if not self._open and len(self.data) > MAX_HEAD:
            self._end(Breach(f"expected a WebSocket, got {shown(data)} without an end"))

    def onOpen(self) -> None:  # noqa: N802 - Autobahn's name
        self._open = True
        self._carry(self.factory.conversation.begin())

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        if self._ended:  # it came together with the message that ended the connection
            return
        if len(payload) > self.factory.terms.max_message:
            self._end(Breach(self._too_long()))
            return
        self._carry(self.factory.conversation.hear(payload if isBinary else payload.decode()))

    def _carry(self, all_said: Iterable[Record | Answer]) -> None:
        try:
            for said in all_said:
                if isinstance(said, Answer):
                    self.say(said)
                else:
                    self.factory.deliver("", said.data)
                if self._ended:
                    return
            self._settle()
        except Exception as error:  # whoever runs the transport shall hear of all of them
            self._end(error)

    def _settle(self) -> None:
        if self.settled.called or not self.factory.conversation.settled:
            return
        self._alarm.reset(self.factory.terms.times.idle_s)
        self._ping_later()
        self.settled.callback(None)

    def _ping_later(self) -> None:
        self._pinging = self.factory.reactor.callLater(self.factory.terms.times.ping_s, self._ping)

    def _ping(self) -> None:
        self._ping_later()
        said = self.factory.conversation.ping()
        if isinstance(said, Answer):
            self.say(said)
        elif said is not None:
            self.sendPing()

    def onCloseFrame(self, code: Any, reasonRaw: Any) -> None:  # noqa: N802, N803
        super().onCloseFrame(code, reasonRaw)
        if self._ended:
            return
        words = "" if code is None else f": {code} {self.remoteCloseReason or ''}".rstrip()
        self._goodbye = Breach(f"closed the connection{words}")
        self._alarm.reset(CLOSE_S)
        self.transport.loseConnection()  # type: ignore[union-attr]

    def dropConnection(self, abort: bool = False) -> None:  # noqa: N802 - Autobahn's name
        """Autobahn gives up: the server broke the protocol, or never spoke it."""
        super().dropConnection(abort=True)
        self._end(Breach(self._broken()))

    def _too_long(self) -> str:
        return f"sends a message of more than {self.factory.terms.max_message} bytes"

    def _broken(self) -> str:
        if self.wasMaxMessagePayloadSizeExceeded:
            return self._too_long()
        if self._open:
            return f"breaks the WebSocket protocol: {self.wasNotCleanReason}"
        status = getattr(self, "http_status_line", "")
        came = shown(status) if " 101" not in status else self.wasNotCleanReason
        return f"expected a WebSocket, got {came}"

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        self._lost = True
        super().connectionLost(reason)
        done = isinstance(reason.value, ConnectionDone)
        words = "hung up" if done else f"broke the connection: {reason.getErrorMessage()}"
        self._end(
            self._goodbye
            or Breach(words if self._open else f"{words} before the WebSocket was open")
        )

    def _late(self) -> None:
        times = self.factory.terms.times
        if self.settled.called:
            silence = f"was silent for {times.idle_s:g} s"
        elif self._open:
            silence = f"did not greet us within {times.handshake_s:g} s"
        else:
            silence = f"did not open a WebSocket within {times.handshake_s:g} s"
        self._end(self._goodbye or Breach(silence))

    def _end(self, error: Exception) -> None:
        if self._ended:
            return
        self._ended = True
        for call in (self._alarm, self._pinging):
            if call is not None and call.active():
                call.cancel()
        if not self._lost:
            self.transport.abortConnection()  # type: ignore[union-attr]
        for waiting in (self.settled, self.over):
            if not waiting.called:
                waiting.errback(error)
