"""One session on the air: its durable lines published, and whoever asks for them answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

from twisted.logger import Logger

from livetiming.errors import LogError
from livetiming.events import SessionId
from livetiming.events.codec import decode
from livetiming.events.log import FoldedLog, Place, open_reader
from livetiming.events.log.lines import link
from livetiming.network.connection import Connection, Kept
from livetiming.network.names import (
    ANNOUNCE,
    analysis_procedure,
    events_procedure,
    events_topic,
    log_procedure,
    snapshot_procedure,
)
from livetiming.network.served import Served
from livetiming.network.wire import (
    MAX_LINES,
    MAX_MESSAGE,
    BadMessage,
    Beacon,
    Lines,
    Recorded,
    Standing,
    portions,
    read_message,
    write_announcement,
    write_beacon,
    write_lines,
)
from livetiming.services.analysing import Analysing
from livetiming.services.announcing import Head, announcement, flag_of
from livetiming.services.answering import Junk
from livetiming.services.answers import Answers
from livetiming.services.confirmed import Confirmed
from livetiming.services.world import World


class Host(NamedTuple):
    """What a session on the air knows of the service that it is of.

    Args:
        instance: the name of the process among those of its class.
        now: the session's clock, epoch ms.
        seen_at: when the provider last sent anything, epoch ms.
        newer: told that another process goes on in this session.
        contradicted: told that the dvr has lines of ours that we do not have.
    """

    instance: str
    now: Callable[[], int]
    seen_at: Callable[[], int | None]
    newer: Callable[[SessionId], None]
    contradicted: Callable[[SessionId], None]


class OnAir:
    """One session as far as it is durable, for all who listen and ask.

    It is on the air from its writer's first durable line until `stop`. It is the audience of the
    log's keeper, which tells it what is durable.

    Args:
        world: the outside.
        connection: to the router.
        path: one of the log's files.
        session: whose log it is.
        host: the service.
        on_recorded: told that all is recorded, when the log gets no more lines.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        connection: Connection,
        path: Path,
        session: SessionId,
        host: Host,
        on_recorded: Callable[[OnAir], None],
    ) -> None:
        self._world = world
        self._connection = connection
        self._path = path
        self._host = host
        self._all_recorded = on_recorded
        self._junk = Junk(f"session {session}")
        self._served: Served | None = None
        self._answers = Answers(world, lambda: self.served, host.now, host.seen_at)
        self.analysing = Analysing(world, connection, path, session, lambda: self.writer)
        self._public: list[Kept] = []
        self._internal: list[Kept] = []
        self._started_at = 0
        self._said: tuple[object, ...] = ()
        self._confirmed: Confirmed | None = None
        self._stopped = False
        self.session = session
        self.writer = 0
        self.goes_on = False
        """Whether it is the log of an earlier process, whose viewers may be there still."""
        self.status = Standing.LIVE

    @property
    def served(self) -> Served:
        """What may be spoken of."""
        if self._served is None:
            raise LookupError("nothing of a log may be spoken of before it was opened")
        return self._served

    @property
    def is_on(self) -> bool:
        """Whether anything of it was ever published."""
        return self.writer > 0 and not self._stopped

    @property
    def recorded(self) -> int | None:
        """The last line that the dvr has for sure."""
        return None if self._confirmed is None else self._confirmed.seq

    @property
    def is_recorded(self) -> bool:
        """Whether the dvr has all of it."""
        return self.recorded is not None and self.recorded == self.served.place.seq

    @property
    def is_not_recorded(self) -> bool:
        """Whether nobody is to record it."""
        described = self.served.state.described
        return described is not None and described.do_not_record

    def opened(self, log: FoldedLog) -> None:
        """See `Audience`; what was served before is the beginning of it."""
        self._served = Served(self._world.disk, self._path, log)
        self.analysing.opened(self._served)

    def durable(self, lines: bytes) -> None:
        """See `Audience`."""
        served, before = self.served, self.served.place
        if lines:
            served.add(lines, self.analysing.take)
        if self._stopped:
            return
        if served.state.writer not in (None, self.writer):
            self._begin(served.state.writer or 0, before, lines)
        self._publish(before, lines)
        self._tell_change()
        self.analysing.taken()

    def _begin(self, writer: int, before: Place, lines: bytes) -> None:
        """Go on the air as a writer, whose first line is durable now."""
        if not self._started_at:
            self._started_at = self._first_at(before, lines)
            self.goes_on = before.seq > 0
        self.writer = writer
        for kept in self._internal:
            kept.stop()
        connection, session = self._connection, self.session
        self._confirmed = Confirmed(
            connection,
            session,
            writer,
            lambda seq: self.served.chain_after(seq),
            self.tell_recorded,
            self._contradicted,
        )
        self._internal = [
            self._confirmed,
            connection.register(
                log_procedure(session, writer), self._answers.log_events, shared=True
            ),
        ]
        if not self._public:
            answers = self._answers
            self._public = [
                connection.register(events_procedure(session), answers.events, shared=True),
                connection.register(snapshot_procedure(session), answers.snapshot, shared=True),
                connection.register(
                    analysis_procedure(session), self.analysing.answer, shared=True
                ),
                connection.subscribe(events_topic(session), self._on_message),
            ]

    def _first_at(self, before: Place, lines: bytes) -> int:
        if before.seq == 0 and lines:
            return decode(lines.partition(b"\n")[0]).at
        try:
            with open_reader(self._world.disk, self._path) as reader:
                return next(reader.events())[1].at
        except LogError as error:
            self._log.error("its beginning cannot be read: {reason}", reason=str(error))
            return before.at

    def _publish(self, before: Place, lines: bytes) -> None:
        if not (lines and self._connection.joined):
            return
        first, chain = before.seq + 1, before.chain
        topic = events_topic(self.session)
        for portion in portions(lines[:-1].split(b"\n"), MAX_MESSAGE, MAX_LINES):
            message = Lines(self.writer, first, chain, portion)
            self._connection.publish(topic, *write_lines(message))
            first, chain = first + len(portion), reduce(link, portion, chain)

    def _tell_change(self) -> None:
        """Announce at once what lists show: that it begins, ends, what it is, feed and flag."""
        state = self.served.state
        if state.closed is not None and self.status is Standing.LIVE:
            self.status = Standing.CLOSED
        feed = state.feed and state.feed.status
        said = (self.writer, self.status, state.described, feed, flag_of(state))
        begins_or_ends = said[:2] != self._said[:2]
        if said != self._said:
            self.announce()
        self._said = said
        if begins_or_ends:
            self.beacon()

    def announce(self) -> None:
        """Say that it is there, what it is and where its log stands."""
        described = self.served.state.described if self.is_on else None
        if described is not None and self._connection.joined:
            said = announcement(described, self.served.state, self._head())
            self._connection.publish(ANNOUNCE, write_announcement(said))

    def _head(self) -> Head:
        return Head(
            self.writer,
            self.served.place,
            self.recorded,
            self._started_at,
            self._host.seen_at(),
            self._host.instance,
            self.status,
        )

    def beacon(self) -> None:
        """Say where its log stands and how late it is, unless another writer is on the air."""
        if self.is_on and self.status is not Standing.FENCED and self._connection.joined:
            _, _, chain = self.served.place
            now, seen_at = self._host.now(), self._host.seen_at()
            beacon = Beacon(self.writer, self.served.next_seq, chain, now, seen_at)
            self._connection.publish(events_topic(self.session), *write_beacon(beacon))

    def _on_message(self, *args: Any) -> None:
        try:
            writer = read_message(args).writer
        except BadMessage as error:
            self._junk.drop(error)
            return
        if writer > self.writer and self.status is not Standing.FENCED:
            self._fence(writer)

    def _fence(self, newer: int) -> None:
        """Leave the air to a newer writer; who wants our lines still gets them."""
        self._log.warn(
            "session {session}: writer {newer} goes on in it, newer than {writer}",
            session=self.session,
            newer=newer,
            writer=self.writer,
        )
        self.status = Standing.FENCED
        for kept in self._public:
            kept.stop()
        self.analysing.stop()
        self.announce()
        self._host.newer(self.session)

    def _contradicted(self, said: Recorded) -> None:
        """What is recorded of us is another line than ours, or one that we do not have."""
        if self.status is Standing.LIVE:
            self._log.critical(
                "session {session}: the dvr has another line {seq} of writer {writer} than we have",
                session=self.session,
                seq=said.seq,
                writer=said.writer,
            )
            self._host.contradicted(self.session)

    def tell_recorded(self) -> None:
        """Tell the service if all is recorded of a log that gets no more lines."""
        if self.is_recorded and self.status is not Standing.LIVE:
            self._all_recorded(self)

    def stop(self) -> None:
        """Leave the air."""
        self._stopped = True
        self.analysing.stop()
        for kept in (*self._public, *self._internal):
            kept.stop()
