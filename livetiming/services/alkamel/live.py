"""The parser of the live feed: DDP messages in, sessions, crossings, messages, picture out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from livetiming.events import Picture
from livetiming.racing import Kind
from livetiming.services import (
    Finished,
    Frame,
    SessionSeen,
    Strange,
    Update,
    read_json,
)
from livetiming.services.alkamel.choosing import SESSIONS, Choosing, Chosen
from livetiming.services.alkamel.documents import CHANGES, Documents, collection_of
from livetiming.services.alkamel.live_cars import LiveCars
from livetiming.services.alkamel.plain import fields_of, number_of, text_of
from livetiming.services.alkamel.race_control import RaceControl
from livetiming.services.alkamel.standings import read_standings
from livetiming.services.alkamel.status import FIELDS, read_status
from livetiming.services.alkamel.table import TRACK, live_columns
from livetiming.services.alkamel.titles import is_by_best_lap, kind_of

_BETWEEN = ("ready", "ping", "pong", "updated", "result", "connected")
"""Messages that say nothing of a document."""
WEATHER = {
    "air": "ambientTemperature",
    "track_temp": "trackTemperature",
    "humidity": "humidity",
    "pressure": "pressure",
    "wind_speed": "windSpeed",
    "wind_direction": "windDirection",
}
"""Track data by the fields of the weather."""


class LiveParser:
    """Follows one feed over all its sessions."""

    def __init__(self) -> None:
        self._documents = Documents()
        self._strange = Strange()
        self._choosing = Choosing(self._documents)
        self._chosen: Chosen | None = None
        self._said: SessionSeen | None = None
        self._venue: str | None = None
        self._start()
        self._parts: dict[str, Callable[[dict[str, Any], int], Iterable[Update]]] = {
            "track_info": self._track,
            "session_entry": self._entries,
            "standings": self._standings,
            "session_status": self._status,
            "weather": self._weather,
            "race_control": self._messages,
        }

    def _start(self) -> None:
        self._cars = LiveCars(by_best_lap=False)
        self._race_control = RaceControl()
        self._venue = None

    def picture(self) -> Picture:
        """The cars now."""
        return self._cars.settle()

    def receive(self, frame: Frame) -> Iterator[Update]:
        """Read a message."""
        message = fields_of(read_json(frame.data))
        kind, collection = message.get("msg"), self._take(message)
        if collection in SESSIONS or kind == "ready":
            yield from self._choose(frame.at, is_ready=kind == "ready")
        elif collection is not None:
            yield from self._tell(collection, frame.at)
        self._strange.tell()

    def _take(self, message: dict[str, Any]) -> str | None:
        """Take a message.

        Returns: the collection that it is about, if that is one of ours.
        """
        kind = message.get("msg")
        if kind == "connected":
            self._documents.forget()
            self._choosing.connected()
        if kind not in CHANGES:
            self._pass_over(kind, message)
            return None
        name = message.get("collection")
        collection = collection_of(name)
        if collection is None:
            self._strange.meet("collection", text_of(name))
        else:
            self._documents.take(collection, message)
        return collection

    def _pass_over(self, kind: object, message: dict[str, Any]) -> None:
        if kind in ("nosub", "error"):
            error = fields_of(message.get("error"))
            self._strange.meet(
                "subscription", text_of(error.get("reason") or message.get("reason"))
            )
        elif kind not in _BETWEEN and "server_id" not in message:
            self._strange.meet("message", text_of(kind))

    def _choose(self, at: int, *, is_ready: bool) -> Iterator[Update]:
        """Follow the session that is open; all that is known of it counts at once."""
        before, chosen = self._chosen, self._choosing.look(is_ready=is_ready)
        if chosen is None:
            return
        self._chosen = chosen
        if before is None or before.id != chosen.id:
            yield self._described(chosen, venue=None, sectors=3)
            self._start()
            self._cars.rank(by_best_lap=is_by_best_lap(_kind(chosen)))
            for collection in self._parts:
                yield from self._tell(collection, at)
            return
        yield from self._describe()
        self._cars.rank(by_best_lap=is_by_best_lap(_kind(chosen)))
        if chosen.is_closed and not before.is_closed:
            yield Finished()

    def _tell(self, collection: str, at: int) -> Iterator[Update]:
        part = self._parts.get(collection)
        if part is None or self._chosen is None:
            return
        document = self._documents.of_session(collection, self._chosen.id)
        if document is not None:
            yield from part(document, at)

    def _describe(self) -> Iterator[Update]:
        if self._chosen is not None:
            said = self._said
            seen = self._described(self._chosen, venue=self._venue, sectors=self._cars.sectors)
            if seen != said:
                yield seen

    def _described(self, chosen: Chosen, *, venue: str | None, sectors: int) -> SessionSeen:
        info = chosen.info
        name = self._session_name(chosen)
        event = text_of(info.get("eventName"))
        self._said = SessionSeen(
            key=chosen.id,
            name=text_of(info.get("champName")) or "Al Kamel",
            description=" - ".join(filter(None, (event, name))),
            kind=_kind(chosen),
            columns=live_columns(sectors),
            track=TRACK,
            venue=venue,
        )
        return self._said

    def _session_name(self, chosen: Chosen) -> str:
        for id_, document in self._documents.all("sessions"):
            if id_ == chosen.id and (name := text_of(document.get("name"))):
                return name
        return text_of(chosen.info.get("name"))

    def _track(self, document: dict[str, Any], _at: int) -> Iterator[Update]:
        self._venue = text_of(fields_of(document.get("track")).get("name")) or None
        yield from self._describe()

    def _entries(self, document: dict[str, Any], _at: int) -> tuple[()]:
        self._cars.enter(fields_of(document.get("entry")))
        return ()

    def _standings(self, document: dict[str, Any], _at: int) -> Iterator[Update]:
        yield from self._cars.take(read_standings(document, self._strange), self._strange)
        yield from self._describe()

    def _status(self, document: dict[str, Any], at: int) -> tuple[()]:
        session = self._cars.picture.session
        found = read_status(fields_of(document.get("status")), at, self._strange)
        for field in FIELDS:
            session.pop(field, None)
        session.update(found)
        return ()

    def _weather(self, document: dict[str, Any], _at: int) -> tuple[()]:
        session, weather = self._cars.picture.session, fields_of(document.get("weather"))
        for column, field in WEATHER.items():
            value = number_of(weather.get(field))
            if value is None:
                session.pop(column, None)
            else:
                session[column] = value
        return ()

    def _messages(self, document: dict[str, Any], _at: int) -> Iterator[Update]:
        yield from self._race_control.take(document)


def _kind(chosen: Chosen) -> Kind:
    """By the type, such as `QUALIFYING_BEST_LAP`; else by the name."""
    type_ = text_of(chosen.info.get("type")).replace("_", " ")
    kind = kind_of(type_)
    return kind if kind is not Kind.OTHER else kind_of(text_of(chosen.info.get("name")))
