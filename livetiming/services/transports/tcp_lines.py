"""Feeds of lines over TCP."""

from __future__ import annotations

from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectError, ConnectionDone, DNSLookupError
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure

from livetiming.errors import FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.lines import LineSplitter

CONNECT_TIMEOUT_S = 10
IDLE_TIMEOUT_S = 120
"""A connection that is silent for so long is taken for dead and made anew."""


class TcpLines:
    """Connects to a server and delivers each line that it sends, as bytes on channel "".

    Args:
        host: name or address.
        port: number.
        delimiter: what ends a line; a carriage return before it stays.
        max_line: bytes of a line; the rest of a longer one is dropped.
    """

    def __init__(
        self, host: str, port: int, *, delimiter: bytes = b"\n", max_line: int = 64 * 1024
    ) -> None:
        self._host = host
        self._port = port
        self._delimiter = delimiter
        self._max_line = max_line

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: a server never ends a feed, so this always ends by `FeedError`."""
        splitter = LineSplitter(self._delimiter, self._max_line)
        factory = Factory.forProtocol(lambda: _Connection(reactor, splitter, deliver))
        try:
            endpoint = HostnameEndpoint(reactor, self._host, self._port, timeout=CONNECT_TIMEOUT_S)
            connection = cast("_Connection", await endpoint.connect(factory))
        except (ConnectError, DNSLookupError, ValueError) as error:
            raise FeedError(f"{self._host}:{self._port} cannot be reached: {error}") from error
        try:
            reason = await connection.lost
        finally:
            connection.abort()
        raise FeedError(f"{self._host}:{self._port} {reason}")


class _Connection(Protocol):
    def __init__(self, reactor: Any, splitter: LineSplitter, deliver: Deliver) -> None:
        self._reactor = reactor
        self._splitter = splitter
        self._deliver = deliver
        self._silent = False
        self.lost: Deferred[str] = Deferred()

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        self.transport.setTcpKeepAlive(True)  # type: ignore[union-attr]
        self._idle = self._reactor.callLater(IDLE_TIMEOUT_S, self._give_up)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._idle.reset(IDLE_TIMEOUT_S)
        for line in self._splitter.feed(data):
            self._deliver("", line)

    def abort(self) -> None:
        """Break the connection, if it still stands."""
        self.transport.abortConnection()  # type: ignore[union-attr]

    def _give_up(self) -> None:
        self._silent = True
        self.abort()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        if self._idle.active():
            self._idle.cancel()
        if self.lost.called:
            return
        if self._silent:
            self.lost.callback(f"was silent for {IDLE_TIMEOUT_S} s")
        elif isinstance(reason.value, ConnectionDone):
            self.lost.callback("hung up")
        else:
            self.lost.callback(f"broke the connection: {reason.getErrorMessage()}")
