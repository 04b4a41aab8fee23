"""A feed through a provider's parser and the production recorder, into logs in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from livetiming.events import Event, Payload, SessionId
from livetiming.events.log import Folded, FoldedLog, number
from livetiming.services.api import Frame, Parser, Plugin
from livetiming.services.importing import record
from livetiming.services.messages import GENERATORS
from livetiming.services.recorder import Recorder
from livetiming.services.sessions import EventLog
from livetiming.services.terms import Terms


class MemoryLog(FoldedLog):
    """The log of one session, whose events are kept beside it."""

    def __init__(self, session: SessionId) -> None:
        super().__init__(Folded(session))
        self.events: list[Event] = []
        self.lines: list[bytes] = []

    def append(self, payload: Payload, at: int, source_at: int | None = None) -> Event:
        """See `EventLog`."""
        event, line = number(self._folded, payload, at, source_at)
        self._folded.take(event, line)
        self.events.append(event)
        self.lines.append(line)
        return event


class Followed:
    """What came of a feed.

    Args:
        plugin: the provider.
        service_class: its name.
        parser: reads the feed.
    """

    def __init__(self, plugin: Plugin, service_class: str, parser: Parser) -> None:
        self.logs: list[MemoryLog] = []
        self.told: list[str] = []
        """The first bad frame or value of each kind, in words."""
        terms = Terms(class_=service_class, attribution=plugin.attribution)
        generators = (*GENERATORS, *plugin.generators)
        self._recorder = Recorder(parser, terms, self, generators, self._report)

    @property
    def skipped(self) -> Counter[str]:
        """Bad frames and values, by kind."""
        return self._recorder.skipped

    def _report(self, _kind: str, what: str) -> None:
        self.told.append(what)

    def new_id(self) -> SessionId:
        """See `Sessions`: the first session is 1."""
        return SessionId(f"{len(self.logs) + 1:032x}")

    def open(self, session: SessionId) -> EventLog:
        """See `Sessions`."""
        log = MemoryLog(session)
        self.logs.append(log)
        return log

    def close(self, log: EventLog) -> None:
        """See `Sessions`."""

    def read(self, frames: Iterable[Frame]) -> Followed:
        """Read a feed to its end."""
        record(self._recorder, frames)
        return self
