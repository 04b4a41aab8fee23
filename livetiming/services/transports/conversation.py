"""What is said over a WebSocket, apart from the socket: messages in, records and answers out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

MAX_MESSAGE = 1024 * 1024
"""Bytes of one message, unpacked; a feed that begins with a long state says how long."""


class Record(NamedTuple):
    """A piece of the feed, for its parser."""

    data: str | bytes


class Answer(NamedTuple):
    """What the server is to be told."""

    data: str | bytes


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


class Conversation(Protocol):
    """One protocol over one connection, from its opening on; no socket, no clock."""

    settled: bool
    """Whether all was said that comes before the feed."""

    def begin(self) -> Iterable[Answer]:
        """The WebSocket is open: what we say first."""

    def hear(self, message: str | bytes) -> Iterator[Record | Answer]:
        """Take a message.

        Raises: `Breach` where the conversation is over.
        """

    def ping(self) -> Answer | None:
        """How we say that we are there; `None` where the WebSocket's own ping will do."""


def shown(message: object) -> str:
    """As much of what came as an error may show."""
    text = repr(message)
    return text if len(text) <= 80 else f"{text[:77]}..."
