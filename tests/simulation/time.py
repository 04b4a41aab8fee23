"""A clock that many processes share, and each process's own view of it."""

import heapq
import itertools

from tests.events.log.simulated_disk import PowerLoss


class Time:
    """Like `task.Clock`, on a heap: worlds have hundreds of calls pending.

    Attributes:
        broken: told of what a call raises; the world goes on.
    """

    def __init__(self):
        self._now = 0.0
        self._heap = []
        self._numbers = itertools.count()
        self.broken = None

    def seconds(self):
        return self._now

    def callLater(self, delay, function, *args, **kwargs):  # noqa: N802
        return self.call_for(None, delay, function, args, kwargs)

    def call_for(self, owner, delay, function, args, kwargs):
        """Have a process do something, unless it is dead by then."""
        assert delay >= 0, delay
        call = _Call(self, self._now + delay, owner, function, args, kwargs)
        self.push(call)
        return call

    def push(self, call):
        call.pushed_at = call.at
        heapq.heappush(self._heap, (call.at, next(self._numbers), call))

    def run_until(self, end):
        """Let everything happen that is due until then."""
        heap, pop = self._heap, heapq.heappop
        while heap and heap[0][0] <= end:
            at, _, call = pop(heap)
            if call.done or at != call.pushed_at:
                continue
            if call.at > at:
                self.push(call)
                continue
            self._now = at
            call.done = True
            owner = call.owner
            if owner is not None and owner.dead:
                continue
            try:
                call.function(*call.args, **call.kwargs)
            except PowerLoss:  # its process was struck, and is dead by now
                continue
            except Exception as error:
                if self.broken is None:
                    raise
                self.broken(error)
        self._now = max(self._now, end)


class _Call:
    """See `IDelayedCall`."""

    __slots__ = ("args", "at", "done", "function", "kwargs", "owner", "pushed_at", "time")

    def __init__(self, time, at, owner, function, args, kwargs):
        self.time, self.at, self.owner = time, at, owner
        self.function, self.args, self.kwargs = function, args, kwargs
        self.done = False
        self.pushed_at = at

    def active(self):
        return not self.done

    def cancel(self):
        assert not self.done, "this call is over"
        self.done = True
        self.function = None

    def getTime(self):  # noqa: N802
        return self.at

    def reset(self, delay):
        assert not self.done, "this call is over"
        self._move(self.time.seconds() + delay)

    def delay(self, more):
        assert not self.done, "this call is over"
        self._move(self.at + more)

    def _move(self, at):
        """A later moment is looked at when the earlier one comes."""
        self.at = at
        if at < self.pushed_at:
            self.time.push(self)


class ProcessTime:
    """The reactor of one process: what it planned is over when it dies."""

    def __init__(self, time, process):
        self._time = time
        self._process = process

    def seconds(self):
        return self._time.seconds()

    def callLater(self, delay, function, *args, **kwargs):  # noqa: N802
        return self._time.call_for(self._process, delay, function, args, kwargs)
