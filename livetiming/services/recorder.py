"""From frames to the events of one session after another; no reactor, no file, no clock.

The live service and the import of a capture both record through it, so both make the same events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

import msgspec

from livetiming.errors import BadValue
from livetiming.events import (
    Changed,
    Clock,
    Closed,
    CloseReason,
    Described,
    Event,
    Feed,
    Passed,
    Payload,
    Picture,
    Posted,
    SessionId,
    State,
    diff,
)
from livetiming.events.clock import steady
from livetiming.events.split import split
from livetiming.events.values import clean
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
from livetiming.services.news import News, instant
from livetiming.services.overlay import Grace
from livetiming.services.sessions import EventLog, Report, Sessions
from livetiming.services.terms import Terms, describe

GROUP_MS = 50
"""What arrives within so many milliseconds is one look at the feed."""

_NO_SESSION = SessionId("0" * 32)
Said = TypeVar("Said", Described, Passed | Posted)


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
        self._began = False
        self._news = News()
        self._grace: Grace | None = None
        self._feed: Feed | None = None

    def receive(self, frame: Frame) -> None:
        """Read one frame; what it shows is recorded by the next `flush`.

        Nothing that the parser does is raised: it is reported, and costs the frame.
        """
        for update in self._updates(frame):
            self._take(update, frame.at)

    def _updates(self, frame: Frame) -> Iterator[Update]:
        """A parser is somebody else's code: whatever it raises costs this frame and no more."""
        try:
            updates = self._parser.receive(frame)
            while (update := next(updates, None)) is not None:
                self._began = True
                yield update
        except BadFrame as error:
            self.failures += 1
            self._bad(error.kind, str(error))
        except Exception as error:
            self.failures += 1
            self._bad(type(error).__name__, _words(error))
        else:
            self.failures = 0
            self._began = True

    def _bad(self, kind: str, what: str) -> None:
        self.skipped[kind] += 1
        if self.skipped[kind] == 1:
            self._report(kind, what)

    def _take(self, update: Update, at: int) -> None:
        match update:
            case SessionSeen():
                self._session_seen(update, at)
            case Fact():
                self._keep(update)
            case Finished():
                self.flush(at)
                self.close(CloseReason.FINISHED, at)

    def _keep(self, fact: Fact) -> None:
        """Keep a fact that is news: a provider repeats its messages, after each connect above all.

        What is said after the end of a session is not of the next one.
        """
        if self.log is not None and self.log.state.closed:
            return
        payload = self._cleaned(fact.payload)
        if payload is not None:
            self._news.add(payload, fact.source_at)

    def _cleaned(self, payload: Said) -> Said | None:
        try:
            return cast("Said", clean(payload))
        except BadValue as error:
            self._bad("value", str(error))
        except Exception as error:
            self._bad("value", f"{type(payload).__name__}: {_words(error)}")
        return None

    def _session_seen(self, seen: SessionSeen, at: int) -> None:
        described = self._described(seen)
        known = self.log.state.described if self.log else None
        if described is None or self.log is None or known is None:
            if described is not None:
                self._open(described, self._sessions.new_id(), at)
        elif described.key is None and known.key is not None:
            return
        elif described.key != known.key and (known.key is not None or self.log.state.closed):
            self._move(described, at)
        elif not self.log.state.closed:
            described = msgspec.structs.replace(described, session=known.session)
            if described != known:
                self._append(described, at)

    def _described(self, seen: SessionSeen) -> Described | None:
        """Describe a session; all that is taken of a bad description is its key."""
        bare = SessionSeen(key=seen.key, name="", description="", columns=())
        for each in (seen, bare):
            described = self._cleaned(describe(self._terms, each, _NO_SESSION))
            if described is not None:
                return described
        return None

    def _move(self, described: Described, at: int) -> None:
        self.flush(at)
        following = self._sessions.new_id()
        self.close(CloseReason.MOVED, at, following)
        self._news = News()
        self._open(described, following, at)

    def _open(self, described: Described, session: SessionId, at: int) -> None:
        self.log = self._sessions.open(session)
        self._grace = None
        self._append(msgspec.structs.replace(described, session=str(session), writer=at), at)
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
        if self.log and not self.log.state.closed:
            self._append(feed, at)

    def resume(self, log: EventLog, facts: Iterable[Fact], feed: Feed, at: int) -> None:
        """Go on in the log of an earlier process, with a parser that has seen nothing yet.

        Args:
            log: the log, folded to its end.
            facts: that the provider told in it.
            feed: the `resumed` that says so.
            at: when, epoch ms.
        """
        self.log = log
        self._news.known(facts)
        self._grace = Grace(log.state)
        self._append(feed, at)

    def flush(self, at: int) -> None:
        """Record what the feed has shown since the last time.

        Args:
            at: the instant of it, epoch ms.
        """
        log = self.log
        if log is None or log.state.closed:
            return
        for fact in self._news.take():
            self._append(fact.payload, at, fact.source_at)
        if self._began:
            self._look(log.state, at)

    def _look(self, state: State, at: int) -> None:
        """A picture is somebody else's too: a bad one costs this look and no more."""
        try:
            seen = self._parser.picture()
            if self._grace is not None:
                seen = self._grace.look(state, seen, at)
                self._grace = None if self._grace.is_over(at) else self._grace
            seen = _steadied(state, seen)
            change = diff(state, seen, lambda error: self._bad("value", str(error)))
        except BadValue as error:
            self._bad("picture", str(error))
        except Exception as error:
            self._bad(type(error).__name__, f"picture: {_words(error)}")
        else:
            if change is not None:
                self._record(state, change, at, instant(seen.source_at))

    def _record(self, state: State, change: Changed, at: int, source_at: int | None) -> None:
        for part in split(change):
            messages = self._derive(state, part)
            if self._append(part, at, source_at) is None:
                return
            for message in messages:
                self._append(message, at)

    def _derive(self, state: State, change: Changed) -> list[Posted]:
        messages: list[Posted] = []
        for generator in self._generators:
            try:
                messages.extend(filter(self._cleaned, generator(state, change)))
            except Exception as error:
                name = getattr(generator, "__name__", str(generator))
                self._bad(f"generator {name}", _words(error))
        return messages

    def _append(self, payload: Payload, at: int, source_at: int | None = None) -> Event | None:
        if self.log is None:
            return None
        try:
            return self.log.append(payload, at, source_at)
        except BadValue as error:
            self._bad("value", str(error))
            return None


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


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
