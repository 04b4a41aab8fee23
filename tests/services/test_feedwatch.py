"""What keeps a feed running, where the host's own tests do not look."""

import random

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError
from twisted.internet.task import Clock

from livetiming.services.feedwatch import FeedWatch
from livetiming.services.world import World

HOUR_S = 3600


def watched(transport, clock=None, deliver=lambda channel, data: True):
    """The watch, its clock, and what it told."""
    clock = clock or Clock()
    world = World(clock, None, lambda: 0, clock.seconds, random.Random(1), None, print)
    told = []
    return FeedWatch(world, transport, 30, deliver, told.append), clock, told


class Connecting:
    """A transport that breaks off, as Twisted does, by an error of its own."""

    async def run(self, reactor, deliver):
        await Deferred(lambda waiting: waiting.errback(ConnectError()))


class Held:
    """A transport that delivers what the test says."""

    async def run(self, reactor, deliver):
        self.deliver = deliver
        await Deferred()


def test_a_transport_that_is_stopped_while_it_connects_is_no_news(said):
    watch, time, told = watched(Connecting())
    over = watch.start()
    watch.stop()
    assert over.called
    assert (told, said, time.getDelayedCalls()) == ([], [], [])


def test_a_provider_that_says_that_all_is_as_it_was_is_there_and_delivers_nothing():
    frames, held = [], Held()
    watch, time, told = watched(held, deliver=lambda channel, data: frames.append(data) or True)
    watch.start()
    held.deliver("", b"a")
    for _ in range(20):
        time.advance(10)
        held.deliver("", b"")
    assert [str(feed.status) for feed in told] == ["live"]
    time.advance(31)
    held.deliver("", b"")
    assert [str(feed.status) for feed in told] == ["live", "stale", "live"]
    assert frames == [b"a"]
    watch.stop()


def test_that_all_is_as_it_was_does_not_make_readable_what_cannot_be_read():
    held = Held()
    watch, _, told = watched(held, deliver=lambda channel, data: False)
    watch.start()
    held.deliver("", b"garbage")
    held.deliver("", b"")
    assert [str(feed.status) for feed in told] == ["live", "stale"]
    watch.stop()
