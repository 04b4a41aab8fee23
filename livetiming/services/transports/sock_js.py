"""SockJS's framing of messages over a WebSocket (its protocol 0.3.3), around any conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from string import ascii_lowercase, digits

import msgspec

from livetiming.services.transports.conversation import (
    Answer,
    Breach,
    Conversation,
    Ping,
    Record,
    shown,
)
from livetiming.services.transports.socket_urls import SocketUrl

_ALPHABET = ascii_lowercase + digits
_messages = msgspec.json.Decoder(list[str]).decode
_message = msgspec.json.Decoder(str).decode
_goodbye = msgspec.json.Decoder(tuple[int, str]).decode


def session_url(url: SocketUrl, random: Random) -> SocketUrl:
    """The address of a new session.

    Args:
        url: of the endpoint.
        random: chooses among the servers and names the session.
    """
    server = f"{random.randrange(1000):03d}"
    session = "".join(random.choice(_ALPHABET) for _ in range(8))
    return url.under(f"/{server}/{session}/websocket")


class OverSockJs:
    """A conversation whose messages are framed; see `Conversation`.

    Args:
        inner: begins when the server opens the session.
    """

    def __init__(self, inner: Conversation) -> None:
        self._inner = inner
        self._is_open = False

    @property
    def settled(self) -> bool:
        """Whether what is inside is."""
        return self._inner.settled

    def begin(self) -> Iterator[Answer]:
        """The server speaks first."""
        return iter(())

    def hear(self, message: str | bytes) -> Iterator[Record | Answer]:
        """Take a frame: o(pen), h(eartbeat), a(rray), m(essage) or c(lose)."""
        text = message if isinstance(message, str) else message.decode(errors="replace")
        kind, content = text[:1], text[1:]
        if kind == "o" and not self._is_open:
            self._is_open = True
            yield from _framed(self._inner.begin())
        elif kind in ("a", "m") and self._is_open:
            for inner in _unframed(kind, content, text):
                yield from _framed(self._inner.hear(inner))
        elif kind == "c":
            raise Breach(_closed(content))
        elif kind != "h":
            raise Breach(f"expected a frame of SockJS, got {shown(text)}")

    def ping(self) -> Answer | Ping | None:
        """That of what is inside."""
        said = self._inner.ping()
        return _frame(said) if isinstance(said, Answer) else said


def _unframed(kind: str, content: str, text: str) -> list[str]:
    try:
        return _messages(content) if kind == "a" else [_message(content)]
    except msgspec.DecodeError as error:
        raise Breach(f"expected messages in a frame of SockJS, got {shown(text)}") from error


def _closed(content: str) -> str:
    try:
        code, reason = _goodbye(content)
    except msgspec.DecodeError:
        return "closed the connection"
    return f"closed the connection: {code} {reason[:200]}"


def _framed(all_said: Iterable[Record | Answer]) -> Iterator[Record | Answer]:
    for said in all_said:
        yield _frame(said) if isinstance(said, Answer) else said


def _frame(said: Answer) -> Answer:
    return Answer(msgspec.json.encode([said.data]).decode())
