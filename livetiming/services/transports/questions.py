"""What must be asked over HTTP before a WebSocket opens, with the cookies that come of it."""

from __future__ import annotations

from http.cookiejar import CookieJar
from typing import Any, TypeVar
from urllib.request import Request

import msgspec
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.defer import TimeoutError as TooLate
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    ConnectionDone,
    ConnectionLost,
    DNSLookupError,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import CookieAgent, ResponseDone, ResponseFailed
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers

from livetiming import __version__
from livetiming.errors import FeedError
from livetiming.services.transports.conversation import Breach, Terms, shown
from livetiming.services.transports.http_connections import Connections
from livetiming.services.transports.socket_urls import SocketUrl

MAX_ANSWER = 128 * 1024
"""Bytes of an answer, head and body; those that are needed have a few hundred."""
_WHOLE = (ResponseDone, PotentialDataLoss)
"""How a whole answer ends; the second where the server only hangs up, as old ones do."""
Answered = TypeVar("Answered")


class Questions:
    """Asks one host, one question at a time; no redirect is followed.

    Args:
        reactor: Twisted's.
        host: its name or address.
        terms: how long a question may take, which headers it has, where the host may be.
    """

    def __init__(self, reactor: Any, host: str, terms: Terms) -> None:
        self._reactor = reactor
        self._terms = terms
        self._connections = Connections(
            reactor,
            host,
            connect_s=terms.times.connect_s,
            allow_private=terms.allow_private,
            heard=self._heard,
        )
        self._cookies = CookieJar()
        self._agent: Any = CookieAgent(self._connections.agent, self._cookies)
        self._headers = Headers({"User-Agent": [f"livetiming/{__version__}"]})
        for name, value in terms.headers.items():
            self._headers.setRawHeaders(name, [value])
        self._asked: Deferred[bytes] | None = None
        self._left = 0

    async def ask(self, method: str, url: SocketUrl, answer: type[Answered]) -> Answered:
        """Ask for a document.

        Args:
            method: of HTTP.
            url: where.
            answer: what it must be.
        Raises: `FeedError` where it is not answered, or by something else.
        """
        body = await self._answer(method, url, 200)
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise FeedError(f"{_page(url)} answered {shown(body)}: {error}") from error

    async def knock(self, method: str, url: SocketUrl) -> None:
        """Ask for cookies alone: whatever the answer is.

        Raises: `FeedError` where there is none.
        """
        await self._answer(method, url, None)

    def terms_of(self, url: SocketUrl) -> Terms:
        """The terms of a WebSocket there: with the cookies that are for it."""
        request = Request(url.http)  # noqa: S310 - of http or https, and never opened
        self._cookies.add_cookie_header(request)
        cookies = request.get_header("Cookie")
        headers = {**self._terms.headers, **({"Cookie": cookies} if cookies else {})}
        return self._terms._replace(headers=headers)

    def leave(self) -> None:
        """Leave no connection; the next question makes one."""
        self._connections.break_off()

    async def _answer(self, method: str, url: SocketUrl, wanted: int | None) -> bytes:
        try:
            return await self._in_time(method, url, wanted)
        except Breach as error:
            raise FeedError(f"{_page(url)} {error}") from error
        except ResponseFailed as error:
            raise FeedError(f"{_page(url)} {_failed(error)}") from error
        except (ConnectError, DNSLookupError, ValueError, FeedError) as error:
            raise FeedError(f"{_page(url)} cannot be reached: {error}") from error

    async def _in_time(self, method: str, url: SocketUrl, wanted: int | None) -> bytes:
        self._left = MAX_ANSWER
        self._asked = Deferred.fromCoroutine(self._ask(method, url, wanted))
        self._asked.addTimeout(self._terms.times.handshake_s, self._reactor)
        try:
            return await self._asked
        except TooLate as error:
            self.leave()
            raise Breach(f"did not answer within {self._terms.times.handshake_s:g} s") from error
        except CancelledError as error:
            self.leave()
            if self._left < 0:
                raise Breach(f"answers with more than {MAX_ANSWER} bytes") from error
            raise

    async def _ask(self, method: str, url: SocketUrl, wanted: int | None) -> bytes:
        try:
            response = await self._agent.request(method.encode(), url.http.encode(), self._headers)
            body = _Body()
            response.deliverBody(body)
            content = await body.whole
        except ConnectingCancelledError as error:
            raise CancelledError from error
        except ResponseFailed as error:
            if isinstance(_reason(error), CancelledError):  # Twisted wraps that too
                raise CancelledError from error
            raise
        if wanted is not None and response.code != wanted:
            phrase = response.phrase.decode("latin-1")[:40]
            raise Breach(f"answered {response.code} {phrase}, expected {wanted}")
        return content

    def _heard(self, count: int) -> None:
        self._left -= count
        if self._left < 0 and self._asked is not None:
            self._asked.cancel()


class _Body(Protocol):
    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.whole: Deferred[bytes] = Deferred()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._pieces.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        if self.whole.called:
            return
        if isinstance(reason.value, _WHOLE):
            self.whole.callback(b"".join(self._pieces))
        else:
            self.whole.errback(reason)


def _page(url: SocketUrl) -> str:
    return url._replace(query="").http


def _failed(error: ResponseFailed) -> str:
    """What went wrong; garbage is part of what Twisted says."""
    reason = _reason(error)
    if isinstance(reason, ConnectionDone):
        return "hung up before it had answered"
    if isinstance(reason, ConnectionLost):
        return f"broke the connection: {reason}"
    return f"gave no answer of HTTP: {shown(str(reason))}"


def _reason(error: ResponseFailed) -> Exception:
    reasons = getattr(error, "reasons", None)
    reason: Exception = reasons[0].value if reasons else error
    return reason
