"""Feeds of frames over TCP, cut out of the stream by a splitter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, cast

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectError, ConnectionDone, DNSLookupError
from twisted.internet.protocol import Factory, connectionDone
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.python.failure import Failure

from livetiming.errors import FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.public_addresses import PublicOnly

CONNECT_TIMEOUT_S = 10.0
IDLE_TIMEOUT_S = 120.0
"""A connection that is silent for so long is taken for dead and made anew."""


class Splitter(Protocol):
    """Finds the frames in a stream."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they arrive.

        Returns: the frames that they complete.
        Raises: `FeedError` where the stream cannot be read on; the connection is then made anew.
        """


class TcpFrames:
    """Connects to a server and delivers each frame that it sends, as bytes on channel "".

    Args:
        host: name or address.
        port: number.
        splitter: makes what cuts the stream of one connection into frames.
        connect_s: how long an attempt to connect may take.
        idle_s: how long a connection may be silent.
        allow_private: whether the server may be at an address that is not public, as those of
            venues often are.
    """

    def __init__(
        self,
        host: str,
        port: int,
        splitter: Callable[[], Splitter],
        *,
        connect_s: float = CONNECT_TIMEOUT_S,
        idle_s: float = IDLE_TIMEOUT_S,
        allow_private: bool = True,
    ) -> None:
        self._host = host
        self._port = port
        self._splitter = splitter
        self._connect_s = connect_s
        self._idle_s = idle_s
        self._allow_private = allow_private

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: a server never ends a feed, so this always ends by `FeedError`."""
        splitter = self._splitter()
        factory = Factory.forProtocol(lambda: _Connection(reactor, splitter, deliver, self._idle_s))
        factory.noisy = False
        guarded = reactor if self._allow_private else PublicOnly(reactor)
        try:
            endpoint = HostnameEndpoint(guarded, self._host, self._port, timeout=self._connect_s)
            connection = cast("_Connection", await endpoint.connect(factory))
        except (ConnectError, DNSLookupError, ValueError, FeedError) as error:
            raise FeedError(f"{self._host}:{self._port} cannot be reached: {error}") from error
        try:
            reason = await connection.lost
        finally:
            connection.abort()
        raise FeedError(f"{self._host}:{self._port} {reason}")


class _Connection(TwistedProtocol):
    """One connection; says by `lost` why it is over."""

    def __init__(self, reactor: Any, splitter: Splitter, deliver: Deliver, idle_s: float) -> None:
        self._reactor = reactor
        self._splitter = splitter
        self._deliver = deliver
        self._idle_s = idle_s
        self._given_up: str | None = None
        self.lost: Deferred[str] = Deferred()

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        self.transport.setTcpKeepAlive(True)  # type: ignore[union-attr]
        self._idle = self._reactor.callLater(self._idle_s, self._is_silent)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self._given_up is not None:
            return
        self._idle.reset(self._idle_s)
        try:
            for frame in self._splitter.feed(data):
                self._deliver("", frame)
        except FeedError as error:
            self._give_up(f"sent no frame: {error}")

    def abort(self) -> None:
        """Break the connection, if it still stands."""
        self.transport.abortConnection()  # type: ignore[union-attr]

    def _is_silent(self) -> None:
        self._give_up(f"was silent for {self._idle_s:g} s")

    def _give_up(self, reason: str) -> None:
        self._given_up = reason
        self.abort()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        if self._idle.active():
            self._idle.cancel()
        if self.lost.called:
            return
        if self._given_up is not None:
            self.lost.callback(self._given_up)
        elif isinstance(reason.value, ConnectionDone):
            self.lost.callback("hung up")
        else:
            self.lost.callback(f"broke the connection: {reason.getErrorMessage()}")
