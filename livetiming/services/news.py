"""The facts of a feed that are news: said once in a session, however often a provider says them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from livetiming.events import Event, Origin, Passed, Posted
from livetiming.events.model import MAX_INTEGER
from livetiming.services.api import Fact

MAX_WAITING = 10_000
"""Facts kept until the feed says which session they are of; the oldest go first."""


class News:
    """The facts of one session that wait to be recorded."""

    def __init__(self) -> None:
        self._waiting: deque[Fact] = deque(maxlen=MAX_WAITING)
        self._told: set[tuple[object, ...]] = set()

    def known(self, facts: Iterable[Fact]) -> None:
        """Take facts that were recorded before."""
        self._told.update(identity for fact in facts if (identity := _identity(fact)) is not None)

    def add(self, payload: Passed | Posted, source_at: object) -> None:
        """Take a fact, if it is news.

        Args:
            payload: a clean one.
            source_at: the provider's own time of it, as the provider gave it.
        """
        fact = Fact(payload, instant(source_at))
        identity = _identity(fact)
        if identity is None:
            self._waiting.append(fact)
        elif identity not in self._told:
            self._told.add(identity)
            self._waiting.append(fact)

    def take(self) -> Iterator[Fact]:
        """Give what waits, in order."""
        while self._waiting:
            yield self._waiting.popleft()


def _identity(fact: Fact) -> tuple[object, ...] | None:
    """What makes two facts one and the same; `None` for a crossing that says no time of its own."""
    payload = fact.payload
    if isinstance(payload, Posted):
        return (fact.source_at, payload.category, payload.text, payload.car)
    if payload.total_us is None:
        return None
    return (payload.car, payload.line, payload.lap, payload.total_us)


def instant(source_at: object) -> int | None:
    """A provider's own time, if it is one that a log can hold."""
    return source_at if type(source_at) is int and 0 <= source_at <= MAX_INTEGER else None


def provider_facts(events: Iterable[Event]) -> Iterator[Fact]:
    """What the provider told, among the events of a log."""
    for event in events:
        payload = event.payload
        if isinstance(payload, Passed) or (
            isinstance(payload, Posted) and payload.origin is Origin.PROVIDER
        ):
            yield Fact(payload, event.source_at)
