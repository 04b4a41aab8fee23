"""What must be asked over HTTP before a WebSocket opens, with the cookies that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import CookieJar
from typing import Any, TypeVar
from urllib.request import Request

import msgspec
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.defer import TimeoutError as TooLate
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost, DNSLookupError
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, CookieAgent, ResponseDone, ResponseFailed
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers

from livetiming import __version__
from livetiming.errors import FeedError
from livetiming.services.transports.conversation import Breach, Times, shown
from livetiming.services.transports.socket_urls import SocketUrl

MAX_ANSWER = 64 * 1024
"""Bytes of an answer; those that are needed have a few hundred."""
_WHOLE = (ResponseDone, PotentialDataLoss)
"""How a whole answer ends; the second where the server only hangs up, as old ones do."""
Answered = TypeVar("Answered")


class Questions:
    """Asks one question at a time, each on a connection of its own.

    Redirects are not followed: a server that knows us answers where it is asked.

    Args:
        reactor: Twisted's.
        times: how long a question may take.
        headers: of each question.
    """

    def __init__(self, reactor: Any, times: Times, headers: Mapping[str, str]) -> None:
        make: Any = Agent
        self._reactor = reactor
        self._times = times
        self._cookies = CookieJar()
        self._agent: Any = CookieAgent(make(reactor, connectTimeout=times.connect_s), self._cookies)
        self._headers = Headers({"User-Agent": [f"livetiming/{__version__}"]})
        for name, value in headers.items():
            self._headers.setRawHeaders(name, [value])

    async def ask(self, method: str, url: SocketUrl, answer: type[Answered]) -> Answered:
        """Ask for a document.

        Args:
            method: of HTTP.
            url: where.
            answer: what it must be.
        Raises: `FeedError` where it is not answered, or by something else.
        """
        body = await self._asked(method, url, 200)
        try:
            return msgspec.json.decode(body, type=answer)
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise FeedError(f"{_page(url)} answered {shown(body)}: {error}") from error

    async def knock(self, method: str, url: SocketUrl) -> None:
        """Ask for cookies alone: whatever the answer is.

        Raises: `FeedError` where there is none.
        """
        await self._asked(method, url, None)

    def cookies(self, url: SocketUrl) -> dict[str, str]:
        """The header that brings the cookies to an address, if there are any."""
        request = Request(url.http)  # noqa: S310 - of http or https, and never opened
        self._cookies.add_cookie_header(request)
        header = request.get_header("Cookie")
        return {"Cookie": header} if header else {}

    async def _asked(self, method: str, url: SocketUrl, wanted: int | None) -> bytes:
        asked = Deferred.fromCoroutine(self._answered(method, url, wanted))
        asked.addTimeout(self._times.handshake_s, self._reactor)
        try:
            return await asked
        except TooLate as error:
            late = f"did not answer within {self._times.handshake_s:g} s"
            raise FeedError(f"{_page(url)} {late}") from error
        except (ConnectError, DNSLookupError, ValueError) as error:
            raise FeedError(f"{_page(url)} cannot be reached: {error}") from error
        except ResponseFailed as error:
            raise FeedError(f"{_page(url)} {_failed(error)}") from error
        except Breach as error:
            raise FeedError(f"{_page(url)} {error}") from error

    async def _answered(self, method: str, url: SocketUrl, wanted: int | None) -> bytes:
        try:
            response = await self._agent.request(method.encode(), url.http.encode(), self._headers)
            body = _Body()
            response.deliverBody(body)
            content = await body.whole
        except ResponseFailed as error:
            if isinstance(_reason(error), CancelledError):  # Twisted wraps that too
                raise CancelledError from error
            raise
        if wanted is not None and response.code != wanted:
            phrase = response.phrase.decode("latin-1")[:40]
            raise Breach(f"answered {response.code} {phrase}, expected {wanted}")
        return content


class _Body(Protocol):
    def __init__(self) -> None:
        self._body = bytearray()
        self.whole: Deferred[bytes] = Deferred(lambda _: self._abort())

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._body += data
        if len(self._body) > MAX_ANSWER and not self.whole.called:
            self.whole.errback(Breach(f"answers with more than {MAX_ANSWER} bytes"))
            self._abort()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        if self.whole.called:
            return
        if isinstance(reason.value, _WHOLE):
            self.whole.callback(bytes(self._body))
        else:
            self.whole.errback(reason)

    def _abort(self) -> None:
        abort: Any = self.transport
        abort.abortConnection()


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
