"""Feeds that are pages of the web, asked for at intervals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import BadArgument, FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.http_limits import USUAL, Limits, NoAnswer
from livetiming.services.transports.http_urls import Url, read_url

if TYPE_CHECKING:
    from livetiming.services.transports.http_page import Page

PATIENCE = 3
"""So many failures in a row are no hiccup."""
LAST_PAUSE_S = 60.0
"""The longest pause after a failure, where a poll's interval is not longer."""
_JITTER = 0.5


class Poll(NamedTuple):
    """A page of a feed.

    Args:
        channel: what its bodies are delivered on.
        url: its address.
        every_s: from one question to the next, in seconds.
        required: whether the feed is lost without it; else it is asked on and on.
    """

    channel: str
    url: str
    every_s: float
    required: bool = True


class HttpPolling:
    """Asks for pages, and delivers each body that is another than the one before, as bytes.

    The first answer after a break is always delivered.

    Args:
        polls: what to ask for; each on its own, never twice at the same time.
        limits: what a question may take.
        patience: failures of a required poll in a row by which the feed is lost.
        allow_private: whether a page may be at an address that is not public.
        random: for the jitter of pauses after failures.
    Raises: `BadArgument` for no page, what is no http or https address, or no interval.
    """

    def __init__(
        self,
        polls: Sequence[Poll],
        *,
        limits: Limits = USUAL,
        patience: int = PATIENCE,
        allow_private: bool = False,
        random: random.Random | None = None,
    ) -> None:
        if not polls:
            raise BadArgument("expected a page to poll, got none")
        self._asking = [_Asking(poll, read_url(poll.url)) for poll in polls]
        self._terms = _Terms(limits, patience, allow_private, random or _system_random())

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: pages have no end, so this always ends by `FeedError`."""
        broken: Deferred[None] = Deferred()

        def broke(failure: Failure) -> None:
            if not broken.called:
                broken.errback(failure)

        try:
            for asking in self._asking:
                asking.start(reactor, deliver, self._terms).addErrback(broke)
            await broken
        finally:
            for asking in self._asking:
                asking.stop()


class _Terms(NamedTuple):
    """What all polls of a feed have in common."""

    limits: Limits
    patience: int
    allow_private: bool
    random: random.Random


class _Asking:
    """Asks for one page, again and again."""

    _log = Logger(namespace="livetiming.services.transports.http_polling")

    def __init__(self, poll: Poll, url: Url) -> None:
        if not poll.every_s > 0:
            raise BadArgument(f"{url.shown}: expected an interval, got {poll.every_s}")
        self._poll = poll
        self._url = url
        self._not_before = 0.0
        """A server that wants to be left alone is left alone over a break of the feed, too."""
        self._over = False
        self._page: Page | None = None
        self._running: Deferred[None] | None = None

    def start(self, reactor: Any, deliver: Deliver, terms: _Terms) -> Deferred[None]:
        """Begin; fails by `FeedError` where a required page cannot be had."""
        from livetiming.services.transports.http_page import Page  # brings twisted.web

        self._reactor = reactor
        self._deliver = deliver
        self._terms = terms
        self._failures = 0
        self._over = False
        self._page = page = Page(
            reactor, self._url, terms.limits, allow_private=terms.allow_private
        )
        self._running = Deferred.fromCoroutine(self._run(page))
        return self._running

    def stop(self) -> None:
        """Leave no connection and no timer."""
        self._over = True
        if self._running is not None:
            self._running.cancel()
        if self._page is not None:
            self._page.break_off()

    async def _run(self, page: Page) -> None:
        pause = self._not_before - self._reactor.seconds()
        while not self._over:
            if pause > 0:
                await deferLater(self._reactor, pause)
            pause = await self._ask(page)

    async def _ask(self, page: Page) -> float:
        """Ask once; how long to wait now."""
        began = self._reactor.seconds()
        try:
            body = await page.get()
        except NoAnswer as error:
            return self._failed(error)
        self._answered(body)
        rest = self._poll.every_s - float(self._reactor.seconds() - began)
        return max(rest, self._poll.every_s / 2)

    def _answered(self, body: bytes | None) -> None:
        if self._failures >= self._terms.patience:
            self._log.warn("{url} answers again", url=self._url.shown)
        self._failures = 0
        if body is not None:
            self._deliver(self._poll.channel, body)

    def _failed(self, error: NoAnswer) -> float:
        """How long to wait now.

        Raises: `FeedError` where patience is at its end.
        """
        if self._over:
            return 0.0
        self._failures += 1
        pause = self._pause(error)
        self._not_before = self._reactor.seconds() + min(error.retry_after_s, LAST_PAUSE_S)
        if self._failures >= self._terms.patience and self._poll.required:
            raise FeedError(f"{self._url.shown}: {error}") from error
        if self._failures == self._terms.patience:
            self._log.warn("{url}: {error}", url=self._url.shown, error=str(error))
        return pause

    def _pause(self, error: NoAnswer) -> float:
        """Twice as long after each failure, and as long as the server wants, up to a ceiling."""
        every_s = self._poll.every_s
        jitter = self._terms.random.uniform(_JITTER, 1)
        grown: float = every_s * 2.0 ** min(self._failures, 32) * jitter
        return float(min(max(grown, error.retry_after_s), max(every_s, LAST_PAUSE_S)))


def _system_random() -> random.Random:
    return random.SystemRandom()
