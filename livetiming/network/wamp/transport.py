"""Autobahn's WebSocket and WAMP session, made to do and say nothing by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from autobahn.twisted.wamp import ApplicationSession
from autobahn.twisted.websocket import WampWebSocketClientFactory, WampWebSocketClientProtocol
from autobahn.wamp.auth import compute_wcs
from autobahn.wamp.types import Challenge, CloseDetails, SessionDetails
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.protocol import connectionDone
from twisted.internet.ssl import optionsForClientTLS
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.network.names import ANONYMOUS, REALM, SERVICES
from livetiming.network.wamp.untyped import cbor, realm_config

CONNECT_S = 5.0
"""So long a connection, and then the WebSocket's handshake, may take."""
MAX_MESSAGE = 4 * 1024 * 1024
"""Bytes of a message: a router of ours sends far less, and another's may be anybody's."""


_log = Logger()


class Loss(NamedTuple):
    """Why a session is over.

    Args:
        error: its name on the wire, where the router gave one.
        what: in words.
    """

    error: str
    what: str


class _Log:
    """What Autobahn says of each lost connection we say once; its own errors are still heard."""

    def debug(self, *_: Any, **__: Any) -> None:
        """Each message and each loss, which are told otherwise."""

    trace = info = warn = debug

    def error(self, text: str = "", **fields: Any) -> None:
        """Something that is raised too."""
        _log.debug(text, **fields)

    def critical(self, text: str = "", **fields: Any) -> None:
        """The router broke the protocol, or Autobahn did: the connection ends."""
        _log.error(text, **fields)


class WampSession(ApplicationSession):
    """Joins as soon as it is connected; each of its ends is told, none is acted on.

    Args:
        secret: of our services; `None` joins as a viewer.
        joined: called when the router has let us in.
        left: called when it said goodbye, or no.
    """

    def __init__(
        self, secret: str | None, joined: Callable[[], None], left: Callable[[Loss], None]
    ) -> None:
        super().__init__(realm_config(REALM))
        self.log = _Log()
        self._secret = secret
        self._joined = joined
        self._left = left

    def onConnect(self) -> None:  # noqa: N802
        if self._secret is None:
            self.join(REALM, [ANONYMOUS])
        else:
            self.join(REALM, ["wampcra"], SERVICES)

    def onChallenge(self, challenge: Challenge) -> str:  # noqa: N802
        signature: bytes = compute_wcs(self._secret, challenge.extra["challenge"])
        return signature.decode("ascii")

    def onJoin(self, details: SessionDetails) -> None:  # noqa: N802
        self._joined()

    def onLeave(self, details: CloseDetails) -> None:  # noqa: N802
        if self._transport is not None:  # a lost one is told by the transport
            self._left(Loss(details.reason or "", details.message or ""))
            self.disconnect()

    def onDisconnect(self) -> None:  # noqa: N802
        """Told by the transport, which also knows of connections that never came so far."""

    def onUserError(self, fail: Failure, msg: str) -> None:  # noqa: N802
        """What our functions raise is logged before Autobahn gets it."""


class _Transport(WampWebSocketClientProtocol):
    log = _Log()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        super().connectionLost(reason)
        self.factory.gone()


class _Factory(WampWebSocketClientFactory):
    log = _Log()
    protocol = _Transport
    gone: Callable[[], None]


def transport_factory(
    reactor: Any, url: str, session: WampSession, gone: Callable[[], None], ping_s: float
) -> Any:
    """What makes the one WebSocket of a session.

    Args:
        reactor: Twisted's.
        url: of the router's WebSocket.
        session: carried by it.
        gone: called when it is closed.
        ping_s: after so long a silence the router is asked whether it is there, and has as long
            to answer.
    """
    make: Any = _Factory
    factory = make(lambda: session, url, serializers=[cbor()], reactor=reactor)
    factory.gone = gone
    factory.setProtocolOptions(
        openHandshakeTimeout=CONNECT_S,
        closeHandshakeTimeout=1.0,
        failByDrop=True,
        tcpNoDelay=True,
        maxMessagePayloadSize=MAX_MESSAGE,
        maxFramePayloadSize=MAX_MESSAGE,
        autoPingInterval=ping_s,
        autoPingTimeout=ping_s,
    )
    return factory


def router_endpoint(reactor: Any, factory: Any) -> Any:
    """Where the router of a factory listens."""
    endpoint = HostnameEndpoint(reactor, factory.host, factory.port, timeout=CONNECT_S)
    if factory.isSecure:
        return wrapClientTLS(optionsForClientTLS(factory.host), endpoint)
    return endpoint
