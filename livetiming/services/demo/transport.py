"""Delivers the frames of the simulated race when they are due, by the reactor's clock alone."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import deferLater

from livetiming.services import Deliver
from livetiming.services.demo.feed import Feed
from livetiming.services.demo.options import DemoOptions
from livetiming.units import SECOND_US

BEAT_S = 0.5
"""Between two frames, on the wall."""
_SLICE_US = 600 * SECOND_US
"""How much of a race is caught up with in one go: 60 cars take 10 to 30 ms for it."""


class DemoTransport:
    """Runs the race.

    Args:
        options: which race.
    """

    def __init__(self, options: DemoOptions) -> None:
        self._options = options
        self._start_s = options.start_at

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """Deliver one frame with everything, then one every half second until the race is over.

        A race that began before is caught up with first; a race that begins later shows its grid
        and waits.
        """
        if self._start_s is None:
            self._start_s = reactor.seconds()
        feed = Feed(self._options.plan(), round(self._start_s * 1000), self._options.pace)
        beats = await self._catch_up(reactor, feed)
        deliver("", feed.start(self._race_us(beats)))
        while not feed.over:
            beats += 1
            await self._until(reactor, beats)
            deliver("", feed.beat(self._race_us(beats)))
        deliver("", feed.end(self._race_us(beats)))

    async def _catch_up(self, reactor: Any, feed: Feed) -> int:
        """Let the past happen, in slices, so that the process stays responsive."""
        reached_us = 0
        while not feed.over and reached_us < self._race_us(self._beats_due(reactor)):
            reached_us = min(reached_us + _SLICE_US, self._race_us(self._beats_due(reactor)))
            feed.skip(reached_us)
            await deferLater(reactor, 0)
        return round(reached_us / self._race_us(1))

    def _beats_due(self, reactor: Any) -> int:
        return max(0, int((reactor.seconds() - (self._start_s or 0.0)) / BEAT_S))

    def _race_us(self, beats: int) -> int:
        return round(beats * BEAT_S * self._options.pace * SECOND_US)

    async def _until(self, reactor: Any, beats: int) -> None:
        due_s = (self._start_s or 0.0) + beats * BEAT_S
        await deferLater(reactor, max(0.0, due_s - reactor.seconds()))
