"""What keeps a feed running, where the host's own tests do not look."""

import random

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError
from twisted.internet.task import Clock

from livetiming.services.feedwatch import FeedWatch
from livetiming.services.world import World


class Connecting:
    """A transport that breaks off, as Twisted does, by an error of its own."""

    async def run(self, reactor, deliver):
        await Deferred(lambda waiting: waiting.errback(ConnectError()))


def test_a_transport_that_is_stopped_while_it_connects_is_no_news(said):
    time = Clock()
    world = World(time, None, lambda: 0, time.seconds, random.Random(1), None, print)
    told = []
    watch = FeedWatch(world, Connecting(), 30, lambda channel, data: True, told.append)
    over = watch.start()
    watch.stop()
    assert over.called
    assert (told, said, time.getDelayedCalls()) == ([], [], [])
