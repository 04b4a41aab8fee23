"""The facts of a feed that are news: said once in a session, however often a provider says them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from livetiming.events import Event, Origin, Passed, Posted
from livetiming.events.model import MAX_INTEGER
from livetiming.services.api import Fact

MAX_WAITING = 10_000
"""Facts kept until the feed says which session they are of; the oldest go first."""


class _Identity(NamedTuple):
    """What makes a provider's message one and the same."""

    source_at: int | None
    category: str
    text: str
    car: str | None


class News:
    """The facts of one session that wait to be recorded."""

    def __init__(self) -> None:
        self._waiting: deque[Fact] = deque(maxlen=MAX_WAITING)
        self._posted: set[_Identity] = set()

    def known(self, posted: Iterable[tuple[Posted, int | None]]) -> None:
        """Take messages that were recorded before, with their own times."""
        self._posted.update(_identity(message, source_at) for message, source_at in posted)

    def add(self, payload: Passed | Posted, source_at: object) -> None:
        """Take a fact, if it is news.

        Args:
            payload: a clean one.
            source_at: the provider's own time of it, as the provider gave it.
        """
        fact = Fact(payload, instant(source_at))
        if isinstance(payload, Posted):
            identity = _identity(payload, fact.source_at)
            if identity in self._posted:
                return
            self._posted.add(identity)
        self._waiting.append(fact)

    def take(self) -> Iterator[Fact]:
        """Give what waits, in order."""
        while self._waiting:
            yield self._waiting.popleft()


def _identity(message: Posted, source_at: int | None) -> _Identity:
    return _Identity(source_at, message.category, message.text, message.car)


def instant(source_at: object) -> int | None:
    """A provider's own time, if it is one that a log can hold."""
    return source_at if type(source_at) is int and 0 <= source_at <= MAX_INTEGER else None


def provider_messages(events: Iterable[Event]) -> Iterator[tuple[Posted, int | None]]:
    """The provider's messages among the events of a log."""
    for event in events:
        if isinstance(event.payload, Posted) and event.payload.origin is Origin.PROVIDER:
            yield event.payload, event.source_at
