"""How Autobahn is set up: bounded, mute, and without timers of its own."""

from __future__ import annotations

from typing import Any

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.compress import (
    PerMessageDeflateOffer,
    PerMessageDeflateResponse,
    PerMessageDeflateResponseAccept,
)

from livetiming import __version__
from livetiming.services.api import Deliver
from livetiming.services.transports.conversation import Conversation, Terms
from livetiming.services.transports.socket_urls import SocketUrl


class Mute:
    """What Autobahn has to say ends the connection, and is told by whoever runs it."""

    def debug(self, *_: Any, **__: Any) -> None:
        """Nothing."""

    trace = info = warn = error = critical = failure = debug


class _Factory(WebSocketClientFactory):
    log = Mute()
    noisy = False
    conversation: Conversation
    deliver: Deliver
    terms: Terms


def socket_factory(
    protocol: type[WebSocketClientProtocol], reactor: Any, url: SocketUrl, terms: Terms
) -> Any:
    """Make what makes the protocol of one connection.

    Args:
        protocol: of it; finds this as its `factory`.
        reactor: Twisted's.
        url: where the connection is to.
        terms: on which we talk.
    """
    factory = _make(
        _Factory,
        url.socket,
        headers={"User-Agent": f"livetiming/{__version__}", **terms.headers},
        protocols=list(terms.protocols),
        useragent=None,
        reactor=reactor,
    )
    factory.protocol = protocol
    factory.terms = terms
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
