"""What a recorder needs of whoever keeps its logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from livetiming.events import Event, Payload, SessionId, State
from livetiming.events.log import Place


class EventLog(Protocol):
    """Where the events of one session go."""

    @property
    def session(self) -> SessionId:
        """Whose log it is."""

    @property
    def state(self) -> State:
        """After the last event; to be read only."""

    @property
    def place(self) -> Place:
        """Number, instant and chain of the last event."""

    def append(self, payload: Payload, at: int, source_at: int | None = None) -> Event:
        """Add an event; `BadValue` where it may not enter a log."""


class Sessions(Protocol):
    """Who opens and closes logs for the recorder."""

    def new_id(self) -> SessionId:
        """An id for the next session."""

    def open(self, session: SessionId) -> EventLog:
        """Open the log of a new session."""

    def close(self, log: EventLog) -> None:
        """A log got its last event."""


Report = Callable[[str, str], None]
"""Told `(kind, what)` of each bad frame or value, the first time it is of its kind."""
