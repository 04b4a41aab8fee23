"""Feeds of messages over a WebSocket, without a protocol of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from livetiming.services.api import Deliver
from livetiming.services.transports.conversation import (
    MAX_MESSAGE,
    Answer,
    Ping,
    Record,
    Terms,
    Times,
)
from livetiming.services.transports.socket_urls import read_socket_url

Message = str | bytes
Greeting = Iterable[Message] | Callable[[int], Iterable[Message]]


class WebSocket:
    """Connects to a server and delivers each message that it sends, text or bytes, on channel "".

    Args:
        url: a ws or wss address.
        greeting: said as soon as the WebSocket is open; called with the time, epoch ms, where it
            must tell that.
        answer: what is said to a message, if anything.
        headers: of the request that opens the WebSocket.
        protocols: subprotocols that are offered.
        max_message: bytes of a message, unpacked; a longer one breaks the connection.
        times: how long things may take; the WebSocket's own pings are sent and count as life.
        allow_private: whether the server may be at an address that is not public.
    Raises: `BadArgument` for an address that is none.
    """

    def __init__(
        self,
        url: str,
        *,
        greeting: Greeting = (),
        answer: Callable[[Message], Iterable[Message]] | None = None,
        headers: Mapping[str, str] | None = None,
        protocols: Iterable[str] = (),
        max_message: int = MAX_MESSAGE,
        times: Times = Times(),  # noqa: B008 - a tuple
        allow_private: bool = False,
    ) -> None:
        self._url = read_socket_url(url)
        self._greeting = greeting if callable(greeting) else tuple(greeting)
        self._answer = answer or (lambda _: ())
        self._terms = Terms(
            times, max_message, dict(headers or {}), allow_private, tuple(protocols)
        )

    async def run(self, reactor: Any, deliver: Deliver) -> None:
        """See `Transport`: a server never ends a feed, so this always ends by `FeedError`."""
        from livetiming.services.transports.sockets import converse  # brings Autobahn

        await converse(
            reactor,
            self._url,
            Plain(lambda: self._greet(int(reactor.seconds() * 1000)), self._answer),
            deliver,
            self._terms,
        )

    def _greet(self, now: int) -> Iterable[Message]:
        return self._greeting(now) if callable(self._greeting) else self._greeting


class Plain:
    """Each message is a record; see `Conversation`.

    Args:
        greet: what is said first.
        answer: what is said to a message.
    """

    settled = True

    def __init__(
        self,
        greet: Callable[[], Iterable[Message]],
        answer: Callable[[Message], Iterable[Message]],
    ) -> None:
        self._greet = greet
        self._answer = answer

    def begin(self) -> Iterator[Answer]:
        """Greet."""
        return map(Answer, self._greet())

    def hear(self, message: Message) -> Iterator[Record | Answer]:
        """Deliver, then answer."""
        yield Record(message)
        yield from map(Answer, self._answer(message))

    def ping(self) -> Ping:
        """The WebSocket's own."""
        return Ping()
