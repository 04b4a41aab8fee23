"""Which session of a feed is followed, and what is to be subscribed to for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from livetiming.services import BadFrame, read_json
from livetiming.services.alkamel.documents import Documents, collection_of
from livetiming.services.alkamel.plain import fields_of, id_of

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


def choose(documents: Documents, current: str | None) -> Chosen | None:
    """The session to follow.

    The one that is followed as long as it is open; else the first that is, in the order of the
    feed; where none is, the one that was followed, or the last.
    """
    known = {chosen.id: chosen for chosen in _sessions(documents)}
    if not known:
        return None
    order = [id_ for id_ in _order(documents) if id_ in known]
    order += [id_ for id_ in known if id_ not in order]
    running = [id_ for id_ in order if not known[id_].is_closed]
    if current in running:
        return known[current]
    if running:
        return known[running[0]]
    return known[current if current in known else order[-1]]


def _sessions(documents: Documents) -> Iterator[Chosen]:
    for _, document in documents.all("session_info"):
        info = fields_of(document.get("info"))
        session = document.get("session")
        if info and (id_ := id_of(session)) is not None:
            yield Chosen(id_, session, info, info.get("closed") is True)


def _order(documents: Documents) -> list[str]:
    found = []
    for _, feed in documents.all("feeds"):
        sessions = feed.get("sessions")
        for session in sessions if isinstance(sessions, list) else ():
            if (id_ := id_of(session)) is not None and id_ not in found:
                found.append(id_)
    return found


class Subscribing:
    """Asks for more as the feed shows what there is; one for each connection.

    Args:
        feed: its name, such as `imsa` or `fiawec`.
    """

    def __init__(self, feed: str) -> None:
        self.first = (Wanted("livetimingFeed", [feed]),)
        self._documents = Documents()
        self._asked: set[str] = set()

    def then(self, text: str | bytes) -> Iterator[Wanted]:
        """What to subscribe to after a message; nothing after one that cannot be read."""
        try:
            collection = self._take(text)
        except BadFrame:
            return
        if collection == "feeds":
            yield from self._of_feeds()
        elif collection == "session_info":
            chosen = choose(self._documents, None)
            if chosen is not None and chosen.id not in self._asked:
                self._asked.add(chosen.id)
                yield from (Wanted(name, [chosen.session]) for name in OF_SESSION)

    def _take(self, text: str | bytes) -> str | None:
        message = fields_of(read_json(text))
        if message.get("msg") == "connected":
            self._documents.forget()
            self._asked.clear()
        collection = collection_of(message.get("collection"))
        if collection not in ("feeds", "session_info") or "msg" not in message:
            return None
        self._documents.take(collection, message)
        return collection

    def _of_feeds(self) -> Iterator[Wanted]:
        """Once for each list of sessions: a feed gets new ones through a weekend."""
        for _, feed in self._documents.all("feeds"):
            sessions = feed.get("sessions")
            if isinstance(sessions, list) and sessions and str(sessions) not in self._asked:
                self._asked.add(str(sessions))
                yield Wanted("sessions", [sessions])
                yield Wanted("sessionInfo", [sessions])
