"""How a page's connections are made: guarded, metered, and all of them broken at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IProtocolFactory, IStreamClientEndpoint
from twisted.internet.protocol import connectionDone
from twisted.internet.ssl import optionsForClientTLS
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from twisted.web.client import URI, Agent, HTTPConnectionPool
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from livetiming.services.transports.public_addresses import PublicOnly

_KEPT_S = 60
"""A connection that is not used for so long is closed."""


@implementer(IAgentEndpointFactory)
class Connections:
    """Connections to one host, for one question at a time.

    Args:
        reactor: Twisted's.
        host: its name or address.
        connect_s: how long an attempt to connect may take.
        allow_private: whether the host may be at an address that is not public.
        heard: told how many bytes came.
    """

    def __init__(
        self,
        reactor: Any,
        host: str,
        *,
        connect_s: float,
        allow_private: bool,
        heard: Callable[[int], None],
    ) -> None:
        self._reactor = reactor if allow_private else PublicOnly(reactor)
        self._host = host
        self._connect_s = connect_s
        self.heard = heard
        self.open: list[Any] = []
        self._pool = HTTPConnectionPool(reactor)  # type: ignore[no-untyped-call]
        self._pool.maxPersistentPerHost = 1
        self._pool.cachedConnectionTimeout = _KEPT_S
        self.agent = Agent.usingEndpointFactory(reactor, self, self._pool)  # type: ignore[no-untyped-call]

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:  # noqa: N802 - Twisted's name
        """How to connect for an address."""
        endpoint: Any = HostnameEndpoint(
            self._reactor, self._host, uri.port, timeout=self._connect_s
        )
        if uri.scheme == b"https":
            endpoint = _TlsEndpoint(endpoint, self._tls, self._reactor)
        return cast("IStreamClientEndpoint", _MeteredEndpoint(endpoint, self))

    @cached_property
    def _tls(self) -> Any:
        """Made once: it reads the certificates of the system."""
        return optionsForClientTLS(self._host)

    def break_off(self) -> None:
        """Leave no connection and no timer."""
        self._forget()
        for connection in list(self.open):
            connection.transport.abortConnection()

    def lost(self, connection: Any) -> None:
        """One is gone; the pool may have taken it after it was broken off, and starts a timer."""
        self.open.remove(connection)
        self._forget()

    def _forget(self) -> None:
        self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]


@implementer(IStreamClientEndpoint)
class _TlsEndpoint:
    """Twisted's own way to do this keeps time by the reactor of the process only."""

    def __init__(self, endpoint: Any, creator: Any, reactor: Any) -> None:
        self._endpoint = endpoint
        self._creator = creator
        self._reactor = reactor

    def connect(self, factory: IProtocolFactory) -> Deferred[Any]:
        secured = TLSMemoryBIOFactory(self._creator, True, factory, clock=self._reactor)
        connected: Deferred[Any] = self._endpoint.connect(secured)
        return connected.addCallback(lambda wrapper: wrapper.wrappedProtocol)


@implementer(IStreamClientEndpoint)
class _MeteredEndpoint:
    def __init__(self, endpoint: Any, connections: Connections) -> None:
        self._endpoint = endpoint
        self._connections = connections

    def connect(self, factory: Any) -> Deferred[Any]:
        factory.noisy = False
        metered = WrappingFactory(factory)  # type: ignore[no-untyped-call]
        metered.noisy = False
        metered.protocol = lambda *args: _Metered(self._connections, *args)
        connected: Deferred[Any] = self._endpoint.connect(metered)
        return connected.addCallback(lambda wrapper: wrapper.wrappedProtocol)


class _Metered(ProtocolWrapper):
    """Counts what comes, before anything is made of it."""

    def __init__(self, connections: Connections, *args: Any) -> None:
        super().__init__(*args)
        self._connections = connections

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        self._connections.open.append(self)
        super().connectionMade()  # type: ignore[no-untyped-call]

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._connections.heard(len(data))
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        super().connectionLost(reason)  # type: ignore[no-untyped-call]
        self._connections.lost(self)
