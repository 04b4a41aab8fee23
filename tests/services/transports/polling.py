"""Polling a real server, by a reactor of its own, until something is so."""

from random import Random

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.epollreactor import EPollReactor

from livetiming.errors import FeedError
from livetiming.services.transports import HttpPolling, Limits, Poll

PATIENCE_S = 20
BRISK = Limits(connect_s=5, idle_s=5, total_s=10)


class Polled:
    """What came of it: `(channel, body)` of each delivery, the time of each, and each failure."""

    def __init__(self, polls, *, runs=1, **options):
        self.reactor = EPollReactor()
        self.delivered, self.times, self.errors = [], [], []
        self.cancelled = False
        self.on_delivery = None
        self._runs = runs
        self._transport = self.transport(polls, **options)

    def transport(self, polls, *, limits=BRISK, allow_private=True, **options):
        return HttpPolling(
            [poll if isinstance(poll, Poll) else Poll("", poll, 0.01) for poll in polls],
            limits=limits,
            allow_private=allow_private,
            **{"random": Random(1)} | options,
        )

    def until(self, condition):
        """Run until it is so, or the runs are over; then nothing may be left behind."""
        self._condition = condition
        self.reactor.callWhenRunning(self._start)
        self._patience = self.reactor.callLater(PATIENCE_S, self.reactor.stop)
        self.reactor.run(installSignalHandlers=False)
        assert self._patience.active(), "it never came to it"
        return self

    def _start(self):
        self._idle_readers = len(self.reactor.getReaders())
        self._check = self.reactor.callLater(0, self._look)
        self._running = Deferred.fromCoroutine(self._run())
        self._running.addErrback(self._was_cancelled)
        self._running.addBoth(lambda _: self._when_nothing_is_left())

    async def _run(self):
        for _ in range(self._runs):
            try:
                await self._transport.run(self.reactor, self._deliver)
            except FeedError as error:
                self.errors.append(str(error))

    def _was_cancelled(self, failure):
        failure.trap(CancelledError)
        self.cancelled = True

    def _deliver(self, channel, data):
        self.delivered.append((channel, data))
        self.times.append(self.reactor.seconds())
        if self.on_delivery:
            self.on_delivery()

    def cancel(self):
        self._running.cancel()

    def _look(self):
        if self._condition(self):
            self.cancel()
        else:
            self._check = self.reactor.callLater(0.002, self._look)

    def _when_nothing_is_left(self):
        if self._check.active():
            self._check.cancel()
        calls = [call for call in self.reactor.getDelayedCalls() if call is not self._patience]
        if calls or len(self.reactor.getReaders()) > self._idle_readers:
            self.reactor.callLater(0.002, self._when_nothing_is_left)
        else:
            self.reactor.stop()

    @property
    def bodies(self):
        return [body for _, body in self.delivered]


def polled(*polls, until=lambda polled: False, **options):
    return Polled(polls, **options).until(until)
