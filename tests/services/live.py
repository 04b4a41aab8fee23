"""A provider's transport over a real socket, and what production makes of it."""

import time

from twisted.internet.defer import Deferred
from twisted.internet.epollreactor import EPollReactor

from livetiming.errors import FeedError
from livetiming.services import Frame
from livetiming.testing.following import Followed

PATIENCE_S = 20


def follow_live(plugin, service_class, options):
    """Run the transport until the server hangs up: what came of the feed."""
    reactor = EPollReactor()
    frames, ends = [], []

    async def run():
        def deliver(channel, data):
            frames.append(Frame(time.time_ns() // 1_000_000, channel, data))

        try:
            await plugin.transport(options).run(reactor, deliver)
        except FeedError as error:
            ends.append(str(error))
        reactor.stop()

    reactor.callWhenRunning(lambda: Deferred.fromCoroutine(run()))
    patience = reactor.callLater(PATIENCE_S, reactor.stop)
    reactor.run(installSignalHandlers=False)
    assert patience.active()
    assert "hung up" in ends[0]
    return Followed(plugin, service_class, plugin.parser(options)).read(frames)
