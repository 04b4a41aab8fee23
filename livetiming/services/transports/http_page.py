"""One page of the web, asked for again and again, which may have changed or not."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import ResponseDone
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers

from livetiming import __version__
from livetiming.errors import FeedError
from livetiming.services.transports.bounded_body import BoundedBody
from livetiming.services.transports.http_connections import Connections
from livetiming.services.transports.http_limits import Limits, NoAnswer, Watch
from livetiming.services.transports.http_urls import Url, redirected

MAX_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_VALIDATORS = ((b"ETag", b"If-None-Match"), (b"Last-Modified", b"If-Modified-Since"))
_WHOLE = (ResponseDone, PotentialDataLoss)
"""How a whole body ends; the second where the server only hangs up, as old ones do."""


class Page:
    """A page; at most one question at a time.

    Args:
        reactor: Twisted's.
        url: its address.
        limits: what a question may take.
        allow_private: whether it may be at an address that is not public.
    """

    def __init__(self, reactor: Any, url: Url, limits: Limits, *, allow_private: bool) -> None:
        self._reactor = reactor
        self._url = url
        self._limits = limits
        self._watch: Watch | None = None
        self._known = Headers()
        self._body: bytes | None = None
        self._connections = Connections(
            reactor,
            url.host,
            connect_s=limits.connect_s,
            allow_private=allow_private,
            heard=self._heard,
        )

    async def get(self) -> bytes | None:
        """Ask.

        Returns: its body; `None` where that is as it was.
        Raises: `NoAnswer`.
        """
        asked = Deferred.fromCoroutine(self._ask())
        self._watch = watch = Watch(self._reactor, self._limits, asked.cancel)
        try:
            return await asked
        except Exception as error:
            self.break_off()
            if isinstance(error, NoAnswer):
                raise
            raise NoAnswer(watch.reason or _words(error)) from error
        finally:
            watch.stop()

    def break_off(self) -> None:
        """Leave no connection and no timer."""
        self._connections.break_off()

    def _heard(self, count: int) -> None:
        if self._watch is not None:
            self._watch.heard(count)

    async def _ask(self) -> bytes | None:
        url = self._url
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._connections.agent.request(
                b"GET", url.text.encode("ascii"), self._headers()
            )
            if response.code not in _REDIRECTS:
                return await self._changed(response)
            await self._taken(response, BoundedBody(self._limits.max_body))
            url = redirected(url, _header(response, b"Location"))
        raise NoAnswer(f"redirects more than {MAX_REDIRECTS} times")

    def _headers(self) -> Headers:
        if self._watch is not None:
            self._watch.expect_head()
        headers = self._known.copy()
        headers.setRawHeaders(b"Accept-Encoding", [b"gzip"])
        headers.setRawHeaders(b"User-Agent", [f"livetiming/{__version__}".encode()])
        return headers

    async def _changed(self, response: Any) -> bytes | None:
        if response.code == 304 and self._body is not None:
            return None
        if response.code != 200:
            raise NoAnswer(f"answered {response.code}", _retry_after(response))
        encoding = _header(response, b"Content-Encoding").strip().lower()
        body = await self._taken(response, BoundedBody(self._limits.max_body, encoding))
        if not body:
            raise NoAnswer("answered an empty page")
        self._known = _validators(response)
        if body == self._body:
            return None
        self._body = body
        return body

    async def _taken(self, response: Any, body: BoundedBody) -> bytes:
        if isinstance(response.length, int) and response.length > self._limits.max_body:
            raise NoAnswer(f"the body has {response.length} of at most {self._limits.max_body}")
        if self._watch is not None:
            self._watch.expect_body()
        taking = _Taking(body)
        response.deliverBody(taking)
        return await taking.done


class _Taking(Protocol):
    """Takes a body as it comes."""

    def __init__(self, body: BoundedBody) -> None:
        self._body = body
        self.done: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if not self.done.called:
            self._try(self._body.take, data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        if self.done.called:
            return
        if not isinstance(reason.value, _WHOLE):
            self.done.errback(reason)
        else:
            self._try(lambda: self.done.callback(self._body.whole()))

    def _try(self, take: Any, *args: Any) -> None:
        try:
            take(*args)
        except FeedError as error:
            self.done.errback(error)


def _header(response: Any, name: bytes) -> str:
    return bytes(response.headers.getRawHeaders(name, [b""])[-1]).decode("latin-1")


def _validators(response: Any) -> Headers:
    """What to ask with the next time, so that the body only comes when it is another."""
    known = Headers()
    for name, asked_as in _VALIDATORS:
        if value := _header(response, name):
            known.setRawHeaders(asked_as, [value.encode("latin-1")])
    return known


def _retry_after(response: Any) -> float:
    """Seconds; a date is measured by the server's own clock."""
    text = _header(response, b"Retry-After").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
        return max(0.0, (until - parsedate_to_datetime(_header(response, b"Date"))).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _words(error: Exception) -> str:
    """What went wrong; Twisted wraps that, and garbage is part of what it says."""
    reasons = getattr(error, "reasons", None)
    words = reasons[0].getErrorMessage() if reasons else str(error)
    return (words or type(error).__name__)[:200]
