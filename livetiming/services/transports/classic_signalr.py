"""Feeds over classic ASP.NET SignalR, protocol 1.5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from livetiming.errors import FeedError
from livetiming.services.api import Deliver
from livetiming.services.transports.conversation import (
    MAX_MESSAGE,
    Answer,
    Breach,
    Record,
    Terms,
    Times,
)
from livetiming.services.transports.signalr import SIGNALR_TIMES
from livetiming.services.transports.socket_urls import SocketUrl, read_socket_url

if TYPE_CHECKING:
    from livetiming.services.transports.questions import Questions

_ID = "0"


class ClassicSignalR:
    """Negotiates, connects, starts, calls one method of a hub, and delivers each message (JSON
    text, those that only keep the connection alive too) on channel "".

    Each run is a new connection, which gets the whole state anew: the cursor of the one before
    is not gone back to.

    Args:
        url: above `negotiate` and `connect`, http, https, ws or wss.
        hub: its name.
        method: called once on each connection.
        arguments: of the call.
        headers: of all requests.
        max_message: bytes of a message, unpacked.
        times: how long things may take; the server may say that it is to be given up earlier.
        allow_private: whether the server may be at an address that is not public.
    Raises: `BadArgument` for an address that is none.
    """

    def __init__(
        self,
        url: str,
        hub: str,
        method: str,
        arguments: Sequence[Any] = (),
        *,
        headers: Mapping[str, str] | None = None,
        max_message: int = MAX_MESSAGE,
        times: Times = SIGNALR_TIMES,
        allow_private: bool = False,
    ) -> None:
        self._url = read_socket_url(url)
        self._call = _call(hub, method, arguments)
        self._method = method
        self._query = {"clientProtocol": "1.5", "connectionData": _text([{"name": hub}])}
        self._terms = Terms(times, max_message, dict(headers or {}), allow_private)

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: a hub never ends a feed, so this always ends by `FeedError`."""
        from livetiming.services.transports.questions import Questions  # brings twisted.web

        questions = Questions(reactor, self._url.host, self._terms)
        try:
            await self._talk(reactor, deliver, questions)
        finally:
            questions.leave()

    async def _talk(self, reactor: Any, deliver: Deliver, questions: Questions) -> None:
        from livetiming.services.transports.sockets import Say, converse  # brings Autobahn

        negotiated = await questions.ask("GET", self._under("/negotiate"), _Negotiated)
        questions.leave()
        if not negotiated.token:
            raise FeedError(f"{self._url.shown} expected a ConnectionToken to be given, got none")
        there = {"transport": "webSockets", "connectionToken": negotiated.token}

        async def start(say: Say) -> None:
            url = self._under("/start", there)
            started = await questions.ask("GET", url, _Started)
            questions.leave()
            if started.response != "started":
                raise Breach(f"expected 'started', got {started.response[:80]!r}")
            say(Answer(self._call))

        url = self._under("/connect", there)
        terms = questions.terms_of(url)
        terms = terms._replace(times=_heeding(terms.times, negotiated.keep_alive_s))
        conversation = ClassicConversation(self._method)
        await converse(reactor, url, conversation, deliver, terms, start)

    def _under(self, path: str, query: Mapping[str, str] | None = None) -> SocketUrl:
        return self._url.under(path, self._query | dict(query or {}))


class ClassicConversation:
    """Waits for the first message, whose `S` says that we may start; see `Conversation`.

    Args:
        method: that is called once, for errors.
    """

    def __init__(self, method: str) -> None:
        self.settled = False
        self._method = method

    def begin(self) -> Iterator[Answer]:
        """The server speaks first."""
        return iter(())

    def hear(self, message: str | bytes) -> Iterator[Record | Answer]:
        """Deliver, and heed what concerns the connection."""
        yield Record(message)
        try:
            head = _head(message)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return  # the parser says so
        if head.error is not None and str(head.id) == _ID:
            raise Breach(f"refuses {self._method}: {head.error[:200]}")
        if head.leave:
            raise Breach("asks us to leave")
        if head.come_back:
            raise Breach("asks us to connect anew")
        if head.started:
            self.settled = True

    def ping(self) -> None:
        """Only the server says that it is there."""


class _Head(msgspec.Struct):
    """What of a message concerns the connection; `C` (cursor), `G` (groups) and `M` do not."""

    started: int = msgspec.field(name="S", default=0)
    leave: int = msgspec.field(name="D", default=0)
    come_back: int = msgspec.field(name="T", default=0)
    error: str | None = msgspec.field(name="E", default=None)
    id: str | int = msgspec.field(name="I", default="")


class _Negotiated(msgspec.Struct):
    token: str = msgspec.field(name="ConnectionToken", default="")
    keep_alive_s: float | None = msgspec.field(name="KeepAliveTimeout", default=None)


class _Started(msgspec.Struct):
    response: str = msgspec.field(name="Response", default="")


_head = msgspec.json.Decoder(_Head).decode


def _call(hub: str, method: str, arguments: Sequence[Any]) -> str:
    return _text({"H": hub, "M": method, "A": list(arguments), "I": _ID})


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _heeding(times: Times, keep_alive_s: float | None) -> Times:
    """A server sends something at least every half of that; it can only shorten our patience."""
    if keep_alive_s is None or keep_alive_s <= 0:
        return times
    return times._replace(idle_s=min(times.idle_s, keep_alive_s))
