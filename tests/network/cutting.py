"""A network between a program and the router that can be cut in every way that networks are."""

from enum import Enum

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone


class Cut(Enum):
    """What a network does to connections."""

    DROP = "drop"
    """All that there are end at once; new ones are carried."""
    HALF_CLOSE = "half close"
    """The program hears that the router has nothing more to say; the router hears nothing."""
    SWALLOW = "swallow"
    """Nothing arrives, in either direction, and nobody is told; later all of it does, as TCP sends
    again what was not confirmed."""
    REFUSE = "refuse"
    """All end at once, and nobody listens."""


class Cutter:
    """Carries TCP to the router; everything runs in the reactor's thread.

    Args:
        reactor: Twisted's.
        port: of the router, on this machine.
    """

    def __init__(self, reactor, port):
        self._reactor = reactor
        self._router = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
        self._listening = None
        self._healing = None
        self._lines = {}
        self.port = 0
        self.swallows = False
        self.carried = 0
        """Connections so far."""

    @property
    def url(self):
        return f"ws://127.0.0.1:{self.port}/ws"

    def start(self):
        """Listen; always on the same port."""
        factory = Factory.forProtocol(_ProgramSide)
        factory.noisy = False
        factory.cutter = self
        self._listening = self._reactor.listenTCP(self.port, factory, interface="127.0.0.1")
        self.port = self._listening.getHost().port
        return self

    def cut(self, how, seconds=None):
        """Cut the network; after so many seconds it heals, or when it is told to."""
        self.heal()
        match how:
            case Cut.DROP:
                self._drop()
            case Cut.HALF_CLOSE:
                for line in list(self._lines):
                    line.transport.loseWriteConnection()
            case Cut.SWALLOW:
                self.swallows = True
                for line in list(self._lines):
                    line.pause()
            case Cut.REFUSE:
                listening, self._listening = self._listening, None
                listening.stopListening()
                self._drop()
        if seconds is not None:
            self._healing = self._reactor.callLater(seconds, self.heal)

    def heal(self):
        """Carry again."""
        if self._healing is not None and self._healing.active():
            self._healing.cancel()
        if self._listening is None:
            self.start()
        if self.swallows:
            self.swallows = False
            for line in list(self._lines):
                line.resume()

    def stop(self):
        """End all of it; fires when nothing is left."""
        if self._healing is not None and self._healing.active():
            self._healing.cancel()
        listening, self._listening = self._listening, None
        done = maybeDeferred(listening.stopListening) if listening else maybeDeferred(int)
        for line in list(self._lines):
            line.over = Deferred()
            done.addCallback(lambda _, line=line: line.over)
        self._drop()
        return done

    def connect(self, line):
        self.carried += 1
        self._lines[line] = None
        if self.swallows:
            line.pause()
        else:
            line.go_on()

    def forget(self, line):
        self._lines.pop(line, None)

    def reach(self, line):
        factory = Factory.forProtocol(_RouterSide)
        factory.noisy = False
        factory.line = line
        return self._router.connect(factory)

    def _drop(self):
        for line in list(self._lines):
            line.abort()


class _ProgramSide(Protocol):
    """A connection that a program made, and the one to the router that carries it on."""

    router = None
    over = None
    asked = False
    lost = False

    def connectionMade(self):  # noqa: N802
        self.transport.setTcpNoDelay(True)
        self.waiting = []
        self.factory.cutter.connect(self)

    def go_on(self):
        if not self.asked:
            self.asked = True
            reached = self.factory.cutter.reach(self)
            reached.addErrback(lambda _: self.transport.abortConnection())

    def reached(self, router):
        self.router = router
        if self.lost:
            router.transport.abortConnection()
            return
        if self.factory.cutter.swallows:
            router.transport.pauseProducing()
        for data in self.waiting:
            router.transport.write(data)

    def pause(self):
        self.transport.pauseProducing()
        if self.router is not None:
            self.router.transport.pauseProducing()

    def resume(self):
        self.transport.resumeProducing()
        self.go_on()
        if self.router is not None:
            self.router.transport.resumeProducing()

    def abort(self):
        self.transport.abortConnection()
        if self.router is not None:
            self.router.transport.abortConnection()

    def dataReceived(self, data):  # noqa: N802
        if self.router is None:
            self.waiting.append(data)
        else:
            self.router.transport.write(data)

    def connectionLost(self, reason=connectionDone):  # noqa: N802
        self.lost = True
        self.factory.cutter.forget(self)
        if self.router is not None:
            self.router.transport.loseConnection()
        if self.over is not None:
            self.over.callback(None)


class _RouterSide(Protocol):
    def connectionMade(self):  # noqa: N802
        self.transport.setTcpNoDelay(True)
        self.factory.line.reached(self)

    def dataReceived(self, data):  # noqa: N802
        self.factory.line.transport.write(data)

    def connectionLost(self, reason=connectionDone):  # noqa: N802
        self.factory.line.transport.loseConnection()
