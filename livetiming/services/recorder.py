"""From frames to the events of one session after another; no reactor, no file, no clock.

The live service and the import of a capture both record through it, so both make the same events.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec

from livetiming.errors import BadValue, LogError
from livetiming.events import (
    Changed,
    Clock,
    Closed,
    CloseReason,
    Event,
    Feed,
    Origin,
    Payload,
    Picture,
    Posted,
    SessionId,
    State,
    diff,
)
from livetiming.events.clock import steady
from livetiming.events.log import Place
from livetiming.events.split import split
from livetiming.racing import SessionField
from livetiming.services.api import (
    BadFrame,
    Fact,
    Finished,
    Frame,
    Generator,
    Parser,
    SessionSeen,
    Update,
)
from livetiming.services.overlay import lacks_nothing, overlay
from livetiming.services.terms import Terms, describe

GROUP_MS = 50
"""What arrives within so many milliseconds is one look at the feed."""
GRACE_MS = 60_000
"""So long after a resume a feed may take to show again what the log already knows."""
MAX_WAITING = 10_000
"""Facts kept while the log cannot be written; the oldest go first."""


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


class _Appended(NamedTuple):
    """A fact that is in the log, but not yet known to be durable."""

    seq: int
    fact: Fact


class Recorder:
    """Records what a parser makes of a feed.

    Args:
        parser: of the feed; reads it from its first frame on.
        terms: what holds for every session.
        sessions: opens and closes the logs.
        generators: derive messages.
        report: told of bad frames.
    """

    def __init__(
        self,
        parser: Parser,
        terms: Terms,
        sessions: Sessions,
        generators: Iterable[Generator],
        report: Report,
    ) -> None:
        self._parser = parser
        self._terms = terms
        self._sessions = sessions
        self._generators = tuple(generators)
        self._report = report
        self.log: EventLog | None = None
        self.skipped: Counter[str] = Counter()
        self.failures = 0
        self._seen: SessionSeen | None = None
        self._facts: deque[Fact] = deque(maxlen=MAX_WAITING)
        self._appended: deque[_Appended] = deque()
        self._posted: set[tuple[object, ...]] = set()
        self._grace_until: int | None = None
        self._late: deque[tuple[Update, int]] = deque(maxlen=MAX_WAITING)
        self._following: SessionId | None = None
        self._feed: Feed | None = None
        self._detached = False

    def receive(self, frame: Frame) -> None:
        """Read one frame; what it shows is recorded by the next `flush`.

        Raises: what opening a log raises.
        """
        for update in self._updates(frame):
            if self._detached:
                self._late.append((update, frame.at))
            else:
                self._take(update, frame.at, late=False)

    def _updates(self, frame: Frame) -> Iterator[Update]:
        """A parser is somebody else's code: whatever it raises costs this frame and no more."""
        try:
            updates = self._parser.receive(frame)
            while (update := next(updates, None)) is not None:
                yield update
            self.failures = 0
        except BadFrame as error:
            self._bad(error.kind, str(error))
        except Exception as error:
            self._bad(type(error).__name__, f"{type(error).__name__}: {error}")

    def _bad(self, kind: str, what: str) -> None:
        self.failures += 1
        self.skipped[kind] += 1
        if self.skipped[kind] == 1:
            self._report(kind, what)

    def _take(self, update: Update, at: int, *, late: bool) -> None:
        """Take an update; a late one is of a time whose picture is gone."""
        match update:
            case SessionSeen():
                self._session_seen(update, at, late=late)
            case Fact():
                if self._is_news(update):
                    self._facts.append(update)
            case Finished():
                if not late:
                    self.flush(at)
                self.close(CloseReason.FINISHED, at)

    def _is_news(self, fact: Fact) -> bool:
        """A provider repeats its messages, after each connect above all."""
        if not isinstance(fact.payload, Posted):
            return True
        identity = _identity(fact.payload, fact.source_at)
        news = identity not in self._posted
        self._posted.add(identity)
        return news

    def _session_seen(self, seen: SessionSeen, at: int, *, late: bool) -> None:
        described = self.log.state.described if self.log else None
        if described is None:
            self._open(self._sessions.new_id(), seen, at)
        elif described.key is not None and seen.key is None:
            return
        elif described.key not in (None, seen.key):
            self._move(seen, at, late=late)
        elif self.log and seen != self._seen and not self.log.state.closed:
            self._append(describe(self._terms, seen, self.log.session), at)
        self._seen = seen

    def _move(self, seen: SessionSeen, at: int, *, late: bool) -> None:
        if not late:
            self.flush(at)
        self._following = self._following or self._sessions.new_id()
        self.close(CloseReason.MOVED, at, self._following)
        self._open(self._following, seen, at)

    def _open(self, session: SessionId, seen: SessionSeen, at: int) -> None:
        try:
            self.log = self._sessions.open(session)
        except LogError:
            self._detached = True
            self._late.appendleft((seen, at))
            raise
        self._following = None
        self._appended.clear()
        self._posted.clear()
        self._grace_until = None
        self._append(describe(self._terms, seen, session, writer=at), at)
        if self._feed is not None:
            self._append(self._feed, at)

    def close(self, reason: CloseReason, at: int, following: SessionId | None = None) -> None:
        """Say that the session is over; nothing is recorded after that until the next one."""
        if self.log is None or self.log.state.closed:
            return
        self._append(Closed(reason, following and str(following)), at)
        self._sessions.close(self.log)

    def feed(self, feed: Feed, at: int) -> None:
        """Say how the feed is."""
        self._feed = feed
        if self.log and not self._detached and not self.log.state.closed:
            self._append(feed, at)

    def detach(self) -> None:
        """The log cannot be written: keep what happens until `attach`."""
        self._detached = True

    def attach(self, log: EventLog, feed: Feed, at: int) -> None:
        """Go on in a log that was opened again.

        Args:
            log: the log, folded to its end; facts that it lost are added again.
            feed: the `resumed` that says so.
            at: when, epoch ms.
        """
        self._detached = False
        self.log = log
        lost = [entry.fact for entry in self._appended if entry.seq > log.place.seq]
        self._facts.extendleft(reversed(lost))
        self._appended.clear()
        self._append(feed, at)
        if self._feed is not None:
            self._append(self._feed, at)
        self._take_late()

    def retry(self) -> None:
        """Try again to open the log that could not be opened.

        Raises: what opening a log raises.
        """
        self._detached = False
        self._take_late()

    def _take_late(self) -> None:
        while self._late and not self._detached:
            self._take(*self._late.popleft(), late=True)

    def resume(
        self, log: EventLog, posted: Iterable[tuple[Posted, int | None]], feed: Feed, at: int
    ) -> None:
        """Go on in the log of an earlier process, with a parser that has seen nothing yet.

        Args:
            log: the log, folded to its end.
            posted: the provider's messages in it, with their own times.
            feed: the `resumed` that says so.
            at: when, epoch ms.
        """
        self._posted = {_identity(message, source_at) for message, source_at in posted}
        self._grace_until = at + GRACE_MS
        self.attach(log, feed, at)

    def durable(self, seq: int) -> None:
        """Events up to `seq` of the open log are on disk for good."""
        while self._appended and self._appended[0].seq <= seq:
            self._appended.popleft()

    def flush(self, at: int) -> None:
        """Record what the feed has shown since the last time.

        Args:
            at: the instant of it, epoch ms.
        """
        log = self.log
        if log is None or self._detached or log.state.closed:
            return
        while self._facts:
            fact = self._facts.popleft()
            event = self._append(fact.payload, at, fact.source_at)
            if event is not None:
                self._appended.append(_Appended(event.seq, fact))
        seen = self._picture(log.state, at)
        if seen is not None:
            self._record(log.state, seen, at)

    def _picture(self, state: State, at: int) -> Picture | None:
        try:
            picture = self._parser.picture()
        except Exception as error:
            self._bad(type(error).__name__, f"picture: {type(error).__name__}: {error}")
            return None
        if self._grace_until is not None:
            if at >= self._grace_until or lacks_nothing(state, picture):
                self._grace_until = None
            else:
                picture = overlay(state, picture)
        return _steadied(state, picture)

    def _record(self, state: State, seen: Picture, at: int) -> None:
        try:
            change = diff(state, seen, lambda error: self._bad("value", str(error)))
        except BadValue as error:
            self._bad("picture", str(error))
            return
        if change is None:
            return
        for part in split(change):
            messages = self._derive(state, part)
            self._append(part, at, seen.source_at)
            for message in messages:
                self._append(message, at)

    def _derive(self, state: State, change: Changed) -> list[Posted]:
        messages: list[Posted] = []
        for generator in self._generators:
            try:
                messages.extend(generator(state, change))
            except Exception as error:
                self._bad(f"generator {generator.__name__}", f"{type(error).__name__}: {error}")
        return messages

    def _append(self, payload: Payload, at: int, source_at: int | None = None) -> Event | None:
        if self.log is None:
            return None
        try:
            return self.log.append(payload, at, source_at)
        except BadValue as error:
            self._bad("value", str(error))
            return None


def _identity(message: Posted, source_at: int | None) -> tuple[object, ...]:
    return (source_at, message.category, message.text, message.car)


def provider_messages(events: Iterable[Event]) -> Iterator[tuple[Posted, int | None]]:
    """The provider's messages among the events of a log, for `Recorder.resume`."""
    for event in events:
        if isinstance(event.payload, Posted) and event.payload.origin is Origin.PROVIDER:
            yield event.payload, event.source_at


def _steadied(state: State, picture: Picture) -> Picture:
    clocks = {
        field: steady(known, seen, down=field == SessionField.REMAINING)
        for field in (SessionField.ELAPSED, SessionField.REMAINING)
        if isinstance(seen := picture.session.get(field), Clock)
        and isinstance(known := state.session.get(field), Clock)
    }
    if not clocks:
        return picture
    return msgspec.structs.replace(picture, session={**picture.session, **clocks})
