"""A real web server of ours on the loopback, whose every path is a page or a WebSocket."""

from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from twisted.internet.defer import Deferred, DeferredQueue
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site

HANG_UP, SILENCE = "hang up", "silence"


class Gone(Exception):
    """The script is over: the server stopped here, or its peer left."""


class Peer(WebSocketServerProtocol):
    """One connection, to be spoken to by a script: `await script(peer)`."""

    def __init__(self):
        super().__init__()
        self.inbox = DeferredQueue()
        self.closed = None

    def onConnect(self, request):  # noqa: N802 - Autobahn's name
        self.path, self.query, self.headers = request.path, request.params, request.headers

    def onOpen(self):  # noqa: N802 - Autobahn's name
        self.factory.web.opened(self)

    def onMessage(self, payload, isBinary):  # noqa: N802, N803 - Autobahn's names
        self.inbox.put(payload if isBinary else payload.decode())

    def onPing(self, payload):  # noqa: N802 - Autobahn's name
        self.factory.web.pings += 1
        super().onPing(payload)

    def onClose(self, wasClean, code, reason):  # noqa: N802, N803 - Autobahn's names
        self.closed = (wasClean, code)
        self.inbox.put(None)

    async def hear(self):
        """The next message; a step of the conversation."""
        message = await self.inbox.get()
        if message is None:
            raise Gone
        stop = self.factory.web.step()
        if stop == HANG_UP:
            self.hang_up()
            raise Gone
        if stop == SILENCE:
            await self.gone()
        return message

    async def gone(self):
        """Wait until the peer left."""
        while await self.inbox.get() is not None:
            pass
        raise Gone

    def say(self, *messages):
        for message in messages:
            binary = isinstance(message, bytes)
            self.sendMessage(message if binary else message.encode(), isBinary=binary)

    def say_pressed(self, message):
        """With deflate, as it was agreed."""
        self.sendMessage(message.encode(), isBinary=False, doNotCompress=False)

    def raw(self, data):
        self.transport.write(data)

    def hang_up(self):
        self.transport.unregisterProducer()  # the web server's, which TLS would wait for
        self.transport.loseConnection()


class SocketServer:
    """Speaks a dialect for real.

    Args:
        reactor: everything happens on it.
        dialect: `page(server, request)` gives the body of a page, bytes; `greet(peer)` speaks
            until the feed begins.
        feed: `await feed(peer)` is what comes after; then the connection stays as it is.
        stop_at: the step at which the server stops, from 0; each page, each opening of a
            WebSocket and each message heard is one.
        how: what it does there.
        tls: a certificate and its key, where it speaks TLS.
    """

    def __init__(self, reactor, dialect, feed, *, stop_at=None, how=HANG_UP, tls=None):
        self.reactor = reactor
        self.dialect = dialect
        self._feed = feed
        self._stop_at = stop_at
        self._how = how
        self.steps = 0
        self.pings = 0
        self.peers = []
        self.requests = []
        self.failures = []
        self.stopped = Deferred()
        factory = WebSocketServerFactory(reactor=reactor)
        factory.protocol = Peer
        factory.web = self
        factory.setProtocolOptions(
            openHandshakeTimeout=0,
            closeHandshakeTimeout=0,
            perMessageCompressionAccept=_press,
        )
        site = Site(_Everything(self, WebSocketResource(factory)), reactor=reactor)
        served = TLSMemoryBIOFactory(tls, False, site, clock=reactor) if tls else site
        served.noisy = False
        self._port = reactor.listenTCP(0, served, interface="127.0.0.1")
        self.port = self._port.getHost().port

    def step(self):
        """Whether to stop here, and how."""
        here, self.steps = self.steps, self.steps + 1
        if here != self._stop_at:
            return None
        if not self.stopped.called:
            self.reactor.callLater(0, self.stopped.callback, None)
        return self._how

    def opened(self, peer):
        self.peers.append(peer)
        script = Deferred.fromCoroutine(self._speak(peer))
        script.addErrback(lambda failure: failure.check(Gone) or self.failures.append(failure))

    async def _speak(self, peer):
        await self.dialect.greet(peer)
        await self._feed(peer)

    def close(self):
        return self._port.stopListening()


class _Everything(Resource):
    isLeaf = True  # noqa: N815 - Twisted's name

    def __init__(self, server, sockets):
        super().__init__()
        self._server = server
        self._sockets = sockets

    def render(self, request):
        self._server.requests.append(request)
        stop = self._server.step()
        if stop == HANG_UP:
            request.transport.abortConnection()
        if stop is not None:
            return NOT_DONE_YET
        if request.getHeader("upgrade"):
            return self._sockets.render(request)
        return self._server.dialect.page(self._server, request)


def _press(offers):
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            return PerMessageDeflateOfferAccept(offer)
    return None
