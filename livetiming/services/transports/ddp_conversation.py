"""The conversation of Meteor's DDP: connect, subscribe, and answer pings (its specification,
versions 1, pre2 and pre1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from livetiming.services.transports.conversation import Answer, Breach, Record

VERSIONS = ("1", "pre2", "pre1")
"""Best first."""


class Subscription(NamedTuple):
    """What a server is asked to send.

    Args:
        name: of the publication.
        params: of it, JSON values.
    """

    name: str
    params: tuple[Any, ...] = ()


Then = Callable[[str], Iterable[Subscription]]


class _Error(msgspec.Struct):
    reason: str | None = None
    message: str | None = None


class _Head(msgspec.Struct):
    """What of a message concerns the connection."""

    msg: str = ""
    version: str = ""
    id: str | None = None
    error: _Error | None = None


_head = msgspec.json.Decoder(_Head).decode


class DdpConversation:
    """Connects, subscribes, and takes what comes; see `Conversation`.

    Every message is delivered, those of unknown kinds too. There is one subscription of a name:
    the same again is nothing new, and one with other parameters takes its place.

    Args:
        subscriptions: asked for at once.
        then: given each message; those that it asks for.
        version: of the protocol that is proposed.
    """

    def __init__(self, subscriptions: Iterable[Subscription], then: Then, version: str) -> None:
        self.settled = False
        self.suggested: str | None = None
        """The version that the server speaks, where it does not speak ours."""
        self._first = list(subscriptions)
        self._then = then
        self._version = version
        self._standing: dict[str, Subscription] = {}
        self._count = 0

    def begin(self) -> Iterator[Answer]:
        """Propose a version."""
        yield _said(msg="connect", version=self._version, support=VERSIONS)

    def hear(self, message: str | bytes) -> Iterator[Record | Answer]:
        """Deliver, heed what concerns the connection, and ask for what is wanted then."""
        text = message if isinstance(message, str) else message.decode(errors="replace")
        yield Record(text)
        try:
            head = _head(text)
        except (msgspec.DecodeError, RecursionError):
            return  # the parser says so
        yield from self._heed(head)
        if self.settled:
            for wanted in self._then(text):
                yield from self._want(wanted)

    def ping(self) -> Answer | None:
        """A message of the protocol; its first version has none."""
        return None if self._version == "pre1" else _said(msg="ping")

    def _heed(self, head: _Head) -> Iterator[Answer]:
        if head.msg == "connected":
            self.settled = True
            for wanted in self._first:
                yield from self._want(wanted)
        elif head.msg == "failed":
            self.suggested = head.version
            raise Breach(f"does not speak DDP {self._version}, but {head.version[:40]!r}")
        elif head.msg == "ping":
            yield _said(msg="pong") if head.id is None else _said(msg="pong", id=head.id)
        elif head.msg == "nosub" and head.id is not None:
            self._ended(head.id, head.error)

    def _want(self, wanted: Subscription) -> Iterator[Answer]:
        before = {key: one for key, one in self._standing.items() if one.name == wanted.name}
        if wanted in before.values():
            return
        for key in before:
            del self._standing[key]
            yield _said(msg="unsub", id=key)
        self._count += 1
        self._standing[str(self._count)] = wanted
        yield _said(msg="sub", id=str(self._count), name=wanted.name, params=wanted.params)

    def _ended(self, number: str, error: _Error | None) -> None:
        """One that is refused costs that one, until none is left."""
        ended = self._standing.pop(number, None)
        if ended is None or self._standing:
            return
        words = error and (error.reason or error.message)
        why = f": {words[:200]}" if words else ""
        raise Breach(f"refuses the last subscription, {ended.name!r}{why}")


def _said(**fields: Any) -> Answer:
    return Answer(_text(fields))


def _text(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
