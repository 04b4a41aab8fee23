"""Keeping a feed running, and saying how it is: live, stale or lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger, LogLevel

from livetiming.errors import BadCapture, FeedError
from livetiming.events import Feed, FeedStatus
from livetiming.services.api import Transport
from livetiming.services.world import World

FIRST_DELAY_S = 1.0
LAST_DELAY_S = 60.0
"""The longest pause between two attempts."""
_JITTER = 0.5


class FeedWatch:
    """Runs a transport, again and again while it fails.

    Args:
        world: the outside.
        transport: what carries the feed.
        stale_after_s: silence that means a stale feed.
        deliver: takes each frame; says whether the feed can be read.
        on_status: told when the feed becomes live, stale or lost.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        transport: Transport,
        stale_after_s: float,
        deliver: Callable[[str, str | bytes], bool],
        on_status: Callable[[Feed], None],
    ) -> None:
        self._world = world
        self._transport = transport
        self._stale_after_s = stale_after_s
        self._deliver = deliver
        self._on_status = on_status
        self._status: FeedStatus | None = None
        self._readable = True
        self._heard = world.monotonic()
        self._delay = FIRST_DELAY_S
        self._check: Any = None
        self._running: Deferred[None] | None = None
        self._stopped = False

    def start(self) -> Deferred[None]:
        """Begin; fires when the feed is over or was stopped, fails by a bad capture."""
        self._running = Deferred.fromCoroutine(self._run())
        self._schedule_check()
        self._running.addErrback(_cancelled)
        return self._running

    def stop(self) -> None:
        """Hang up; how a transport breaks off is then no news."""
        self._stopped = True
        if self._check is not None and self._check.active():
            self._check.cancel()
        if self._running is not None:
            self._running.cancel()

    async def _run(self) -> None:
        while True:
            try:
                await self._transport.run(self._world.reactor, self._arrived)
                return
            except (CancelledError, BadCapture):
                raise
            except Exception as error:
                if self._stopped:
                    return
                self._failed(error)
            await deferLater(self._world.reactor, self._next_delay())

    def _failed(self, error: Exception) -> None:
        if isinstance(error, FeedError):
            self._become(FeedStatus.LOST, str(error))
            return
        self._log.failure("the transport failed")
        self._become(FeedStatus.LOST, f"{type(error).__name__}: {error}")

    def _next_delay(self) -> float:
        delay, self._delay = self._delay, min(self._delay * 2, LAST_DELAY_S)
        return delay * self._world.random.uniform(1 - _JITTER, 1)

    def _arrived(self, channel: str, data: str | bytes) -> None:
        self._heard = self._world.monotonic()
        self._delay = FIRST_DELAY_S
        self._judge()
        if data:
            self._readable = self._deliver(channel, data)
            self._judge()

    def _judge(self) -> None:
        if self._readable:
            self._become(FeedStatus.LIVE)
        else:
            self._become(FeedStatus.STALE, "the frames cannot be read")

    def _schedule_check(self) -> None:
        rest = self._heard + self._stale_after_s - self._world.monotonic()
        self._check = self._world.reactor.callLater(max(rest, 1.0), self._check_silence)

    def _check_silence(self) -> None:
        silent_s = self._world.monotonic() - self._heard
        if silent_s >= self._stale_after_s and self._status is not FeedStatus.LOST:
            self._become(FeedStatus.STALE, f"silent for {silent_s:.0f} s")
        self._schedule_check()

    def _become(self, status: FeedStatus, reason: str | None = None) -> None:
        if status is self._status:
            return
        first, self._status = self._status is None, status
        level = LogLevel.info if first and status is FeedStatus.LIVE else LogLevel.warn
        words = f": {reason}" if reason else ""
        self._log.emit(level, "feed {status}{words}", status=status, words=words)
        self._on_status(Feed(status, reason))


def _cancelled(failure: Any) -> None:
    failure.trap(CancelledError)
