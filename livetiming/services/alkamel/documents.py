"""The collections of a Meteor server as its DDP messages build them.

The messages: https://github.com/meteor/meteor/blob/devel/packages/ddp/DDP.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from livetiming.services import BadFrame
from livetiming.services.alkamel.plain import fields_of, id_of

MAX_DOCUMENTS = 500
"""In one collection."""
COLLECTIONS = (
    "feeds",
    "sessions",
    "session_info",
    "session_entry",
    "track_info",
    "standings",
    "session_status",
    "weather",
    "best_results",
    "race_control",
    "session_best_results_by_class",
)
CHANGES = ("added", "changed", "removed")
"""Messages of documents."""
_BARE = {name.replace("_", ""): name for name in COLLECTIONS} | {"entry": "session_entry"}


def collection_of(name: object) -> str | None:
    """The collection of this name, however it is written: `session_info`, `sessionInfo`."""
    return _BARE.get(name.replace("_", "").lower()) if isinstance(name, str) else None


class Documents:
    """What a connection has sent so far."""

    def __init__(self) -> None:
        self._collections: dict[str, dict[str, dict[str, Any]]] = {}

    def forget(self) -> None:
        """A new connection: all that is known will be sent again."""
        self._collections = {}

    def take(self, collection: str, message: dict[str, Any]) -> None:
        """Take an `added`, `changed` or `removed`.

        A change has whole top-level fields; one of a document that is not known adds it.

        Args:
            collection: as `collection_of` calls it.
            message: it.
        Raises: `BadFrame` where it has no id, or there are too many documents.
        """
        id_ = id_of(message.get("id"))
        if id_ is None:
            raise BadFrame("document", f"expected an id in {str(message)[:80]!r}")
        documents = self._collections.setdefault(collection, {})
        if message["msg"] == "removed":
            documents.pop(id_, None)
            return
        if id_ not in documents and len(documents) >= MAX_DOCUMENTS:
            raise BadFrame("too many documents", f"more than {MAX_DOCUMENTS} in {collection}")
        if message["msg"] == "added":
            documents[id_] = {}
        document = documents.setdefault(id_, {})
        document.update(fields_of(message.get("fields")))
        for name in message.get("cleared") or ():
            if isinstance(name, str):
                document.pop(name, None)

    def all(self, collection: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The documents of a collection by their ids, in the order they came."""
        yield from self._collections.get(collection, {}).items()

    def of_session(self, collection: str, session: str) -> dict[str, Any] | None:
        """The document that belongs to a session, the newest of several."""
        found = None
        for _, document in self.all(collection):
            if id_of(document.get("session")) in (session, None):
                found = document
        return found
