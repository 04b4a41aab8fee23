"""What is said over a WebSocket, apart from the socket: messages in, records and answers out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

MAX_MESSAGE = 1024 * 1024
"""Bytes of one message, unpacked; a feed that begins with a long state says how long."""


class Record(NamedTuple):
    """A piece of the feed, for its parser."""

    data: str | bytes


class Answer(NamedTuple):
    """What the server is to be told."""

    data: str | bytes


class Ping(NamedTuple):
    """The WebSocket's own question whether the server is there; its answer counts as life."""


class Breach(Exception):
    """What a server did that ends the connection, in words that follow its address."""


class Times(NamedTuple):
    """How long things may take.

    Args:
        connect_s: an attempt to connect.
        handshake_s: all that comes between the connection and the feed; each question over HTTP.
        idle_s: silence of the server; the connection is then taken for dead.
        ping_s: how often we say that we are there.
    """

    connect_s: float = 10.0
    handshake_s: float = 15.0
    idle_s: float = 120.0
    ping_s: float = 30.0


class Terms(NamedTuple):
    """On what terms we talk.

    Args:
        times: how long things may take.
        max_message: bytes of a message, unpacked.
        headers: of the request that opens the WebSocket.
        allow_private: whether the server may be at an address that is not public.
        protocols: subprotocols that we offer.
    """

    times: Times
    max_message: int
    headers: Mapping[str, str]
    allow_private: bool
    protocols: tuple[str, ...] = ()


class Conversation(Protocol):
    """One protocol over one connection, from its opening on; no socket, no clock."""

    @property
    def settled(self) -> bool:
        """Whether all was said that comes before the feed."""

    def begin(self) -> Iterable[Answer]:
        """The WebSocket is open: what we say first."""

    def hear(self, message: str | bytes) -> Iterator[Record | Answer]:
        """Take a message.

        Raises: `Breach` where the conversation is over.
        """

    def ping(self) -> Answer | Ping | None:
        """How we say that we are there, if at all."""


def shown(message: object) -> str:
    """As much of what came as an error may show."""
    text = repr(message)
    return text if len(text) <= 80 else f"{text[:77]}..."
