"""A transport meets a server of ours, on one reactor; nothing may be left when they part."""

from typing import NamedTuple

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.epollreactor import EPollReactor
from twisted.internet.task import deferLater

from livetiming.errors import FeedError
from tests.services.transports.socket_server import SILENCE, SocketServer

PATIENCE_S = 20


class Met(NamedTuple):
    """What came of it.

    Args:
        heard: what was delivered.
        errors: how each run failed.
        server: after all.
    """

    heard: list
    errors: list
    server: SocketServer


async def stay(peer):
    """A feed of which nothing comes."""


def meet(dialect, transport, feed=stay, *, runs=1, enough=None, reactor=None, **stops):
    """Let `transport(port)` run so many times, each to its end.

    Args:
        enough: after so many frames the run is cancelled.
        reactor: a fresh one, where it must be known before.
    """
    return _on_a_reactor(
        lambda reactor: _runs(reactor, dialect, transport, feed, runs, enough, stops), reactor
    )


def meet_and_part(dialect, transport, stop_at):
    """Let the server fall silent at a step, and cancel the run there."""
    stops = {"stop_at": stop_at, "how": SILENCE}
    return _on_a_reactor(lambda reactor: _parted(reactor, dialect, transport, stops))


async def _runs(reactor, dialect, transport, feed, runs, enough, stops):
    server = SocketServer(reactor, dialect, feed, **stops)
    heard, errors = [], []
    running = None

    def deliver(channel, data):
        assert channel == ""
        heard.append(data)
        if enough is not None and len(heard) == enough:
            running.cancel()

    ours = transport(server.port)
    for _ in range(runs):
        running = Deferred.fromCoroutine(ours.run(reactor, deliver))
        try:
            await running
        except (FeedError, CancelledError) as error:
            errors.append(error)
    await _nothing_left(reactor, server)
    return Met(heard, errors, server)


async def _parted(reactor, dialect, transport, stops):
    server = SocketServer(reactor, dialect, stay, **stops)
    running = Deferred.fromCoroutine(transport(server.port).run(reactor, lambda *_: None))
    errors = []
    running.addErrback(lambda failure: errors.append(failure.value))
    await server.stopped
    assert not errors
    running.cancel()
    await _nothing_left(reactor, server)
    return Met([], errors, server)


async def _nothing_left(reactor, server):
    """Nothing listens, nothing is connected, nothing is to be called, but the test's patience."""
    await server.close()
    while len(reactor.getDelayedCalls()) > 1 or _connections(reactor):
        await deferLater(reactor, 0.01)
    assert not server.failures, server.failures


def _connections(reactor):
    watched = [*reactor.getReaders(), *reactor.getWriters()]
    return [one for one in watched if hasattr(one, "getPeer")]


def _on_a_reactor(work, reactor=None):
    reactor = reactor or EPollReactor()
    results = []

    def start():
        done = Deferred.fromCoroutine(work(reactor))
        done.addBoth(results.append)
        done.addBoth(lambda _: reactor.stop())

    patience = reactor.callLater(PATIENCE_S, reactor.stop)
    reactor.callWhenRunning(start)
    reactor.run(installSignalHandlers=False)
    assert results, (
        f"not over after {PATIENCE_S} s: {reactor.getDelayedCalls()} {_connections(reactor)}"
    )
    if patience.active():
        patience.cancel()
    if hasattr(results[0], "raiseException"):
        results[0].raiseException()
    return results[0]
