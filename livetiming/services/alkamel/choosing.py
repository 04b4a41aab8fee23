"""Which session of a feed is followed, and what is to be subscribed to for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from livetiming.services import BadFrame, read_json
from livetiming.services.alkamel.documents import CHANGES, Documents, collection_of
from livetiming.services.alkamel.plain import fields_of, id_of

SESSIONS = ("feeds", "sessions", "session_info")
"""The collections that say which session to follow."""
OF_SESSION = (
    "entry",
    "trackInfo",
    "standings",
    "sessionStatus",
    "weather",
    "bestResults",
    "raceControl",
    "sessionBestResultsByClass",
)
"""What is published for each session."""


class Wanted(NamedTuple):
    """A subscription.

    Args:
        name: of what is published.
        parameters: of it.
    """

    name: str
    parameters: list[Any]


class Chosen(NamedTuple):
    """A session.

    Args:
        id: of it.
        session: the id as the feed writes it.
        info: what the feed says of it.
        is_closed: whether it is over.
    """

    id: str
    session: Any
    info: dict[str, Any]
    is_closed: bool


class Choosing:
    """Chooses the session to follow, as documents come.

    The one that is followed as long as it is open; else the first that is, in the order of the
    feed; where none is, the one that was followed, or the last. A new connection sends them one
    by one: so it waits until all of the feed are known, or the server says `ready`.

    Args:
        documents: that a connection has sent.
    """

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._is_settled = False
        self.current: Chosen | None = None

    def connected(self) -> None:
        """All is sent again."""
        self._is_settled = False

    def look(self, *, is_ready: bool) -> Chosen | None:
        """Choose again.

        Args:
            is_ready: whether the server says that it has sent what was asked for.
        """
        known = {chosen.id: chosen for chosen in _sessions(self._documents)}
        order = list(_order(self._documents))
        if known and (self._is_settled or is_ready or all(id_ in known for id_ in order)):
            self._is_settled = True
            order = list(dict.fromkeys(id_ for id_ in (*order, *known) if id_ in known))
            self.current = _choose(known, order, self.current.id if self.current else None)
        return self.current


def _choose(known: dict[str, Chosen], order: list[str], current: str | None) -> Chosen:
    running = [id_ for id_ in order if not known[id_].is_closed]
    if current is not None and current in (running or known):
        return known[current]
    return known[running[0] if running else order[-1]]


def _sessions(documents: Documents) -> Iterator[Chosen]:
    for _, document in documents.all("session_info"):
        info = fields_of(document.get("info"))
        session = document.get("session")
        if info and (id_ := id_of(session)) is not None:
            yield Chosen(id_, session, info, info.get("closed") is True)


def _order(documents: Documents) -> Iterator[str]:
    for _, feed in documents.all("feeds"):
        sessions = feed.get("sessions")
        for session in sessions if isinstance(sessions, list) else ():
            if (id_ := id_of(session)) is not None:
                yield id_


class Subscribing:
    """Asks for more as the feed shows what there is.

    Args:
        feed: its name, such as `imsa` or `fiawec`.
    """

    def __init__(self, feed: str) -> None:
        self.first = Wanted("livetimingFeed", [feed])
        self._documents = Documents()
        self._choosing = Choosing(self._documents)

    def then(self, text: str | bytes) -> Iterator[Wanted]:
        """All that is wanted after a message; nothing after one that cannot be read.

        What was wanted before is wanted still: the transport asks for it once.
        """
        try:
            kind, collection = self._take(fields_of(read_json(text)))
        except BadFrame:
            return
        if collection == "feeds":
            yield from self._of_feeds()
        if collection in SESSIONS or kind == "ready":
            chosen = self._choosing.look(is_ready=kind == "ready")
            if chosen is not None:
                yield from (Wanted(name, [chosen.session]) for name in OF_SESSION)

    def _take(self, message: dict[str, Any]) -> tuple[object, str | None]:
        kind, collection = message.get("msg"), collection_of(message.get("collection"))
        if kind == "connected":
            self._documents.forget()
            self._choosing.connected()
        if kind not in CHANGES or collection not in SESSIONS:
            return kind, None
        self._documents.take(collection, message)
        return kind, collection

    def _of_feeds(self) -> Iterator[Wanted]:
        """A feed gets new sessions through a weekend."""
        for _, feed in self._documents.all("feeds"):
            sessions = feed.get("sessions")
            if isinstance(sessions, list) and sessions:
                yield Wanted("sessions", [sessions])
                yield Wanted("sessionInfo", [sessions])
