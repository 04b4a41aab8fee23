"""The directory: what is on air, told to everybody, and what was on air, in a log of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.components.directory.announced import GONE_S, Announced, Heard, Present
from livetiming.components.directory.keeping import DirectoryLog, read_entry
from livetiming.errors import BadLine
from livetiming.events.codec import strict_json
from livetiming.events.names import SessionId
from livetiming.network.connection import Connection, Kept
from livetiming.network.names import (
    ANNOUNCE,
    FORKED,
    LIST,
    LIST_ALL,
    PUBLIC_DIRECTORY,
    recorded_topic,
)
from livetiming.network.wire import (
    Announcement,
    BadMessage,
    Entry,
    Idle,
    Listing,
    Standing,
    listed,
    read_announcement,
    read_recorded,
    write_listing,
)
from livetiming.services.world import World

TICK_S = 1.0
"""The list is published at most so often."""
HEADS_S = 10.0
"""Where nothing changed but how far everything is, it is published so often."""
MAX_LISTING = 400_000
"""Bytes of a list; the router throws off who answers more than it lets through."""
MAX_ANNOUNCEMENT = 16 * 1024
"""Characters."""

_log = Logger()


class Directory:
    """Knows which sessions are on air.

    Args:
        world: the outside.
        connection: to the router.
        state_dir: of its log.
    """

    def __init__(self, world: World, connection: Connection, state_dir: Path) -> None:
        self._world = world
        self._connection = connection
        self._announced = Announced()
        self._keeping = DirectoryLog(world, state_dir)
        self._kept: list[Kept] = []
        self._recorded: dict[str, Kept] = {}
        self._ticking = LoopingCall(self._tick)
        self._ticking.clock = world.reactor
        self._joined_s = 0.0
        self._published: tuple[Entry, ...] | None = None
        self._published_s = 0.0
        self._on_air: dict[str, Present] = {}
        self._dropped = 0
        """What was announced and could not be taken."""

    @property
    def dropped(self) -> int:
        """How many messages were not taken."""
        return self._dropped

    def start(self) -> None:
        """Take up what was on air, and answer.

        Raises: `LogLocked` where another directory runs on this folder.
        """
        now = self._world.reactor.seconds()
        for fields in self._keeping.open().sessions.values():
            entry = read_entry(fields)
            if entry is not None:
                self._hear(Heard(entry, bool(fields.get("hidden")), Standing.LIVE, now))
        self._on_air = self._present_on_air()
        connection = self._connection
        self._kept += [
            connection.subscribe(ANNOUNCE, self._take),
            connection.subscribe(FORKED, self._take_forked),
            connection.register(LIST, self._list),
            connection.register(LIST_ALL, self._list_all),
        ]
        connection.on_join(self._joined)
        self._ticking.start(TICK_S, now=False).addErrback(self._failed)

    def stop(self) -> Deferred[None]:
        """Answer no more; what is on air stays so in the log, but for what has closed."""
        if not self._ticking.running:
            return succeed(None)
        self._ticking.stop()
        present = self._present_on_air().items()
        self._keeping.keep({k: each for k, each in present if each.standing is Standing.LIVE})
        for kept in (*self._kept, *self._recorded.values()):
            kept.stop()
        return self._keeping.close()

    def _failed(self, failure: Failure) -> None:
        """One look that went wrong is not the last."""
        _log.failure("what is on air could not be looked through", failure)
        self._ticking.start(TICK_S, now=False).addErrback(self._failed)

    def _joined(self) -> None:
        """The router may have forgotten what it retained, and nobody was heard without it."""
        if self._ticking.running:
            self._joined_s = self._world.reactor.seconds()
            self._publish()

    def _take(self, *args: Any) -> None:
        try:
            announcement = read_announcement(_short(args))
            _check_numbers(announcement)
        except BadMessage as error:
            self._drop(str(error))
            return
        if isinstance(announcement, Idle):
            return
        now = self._world.reactor.seconds()
        entry = listed(announcement)
        hidden, standing = announcement.hidden, announcement.status
        kept = not announcement.do_not_record
        if not self._hear(Heard(entry, hidden, standing, now, is_to_be_recorded=kept)):
            self._drop(f"no room for session {entry.session}")

    def _take_forked(self, *args: Any) -> None:
        match args:
            case (str(session), int()):
                self._announced.forked(session)
            case _:
                self._drop("expected a session and how many histories it has")

    def _hear(self, heard: Heard) -> bool:
        taken = self._announced.hear(heard)
        session = heard.entry.session
        if taken and session not in self._recorded:
            topic = recorded_topic(SessionId(session))
            take = self._taking_recorded(session)
            self._recorded[session] = self._connection.subscribe(topic, take)
        return taken

    def _taking_recorded(self, session: str) -> Any:
        def take(*args: Any) -> None:
            try:
                self._announced.recorded(session, read_recorded(args))
            except BadMessage as error:
                self._drop(str(error))

        return take

    def _drop(self, why: str) -> None:
        self._dropped += 1
        if self._dropped == 1:
            _log.warn("not taken, and not told again: {why}", why=why)

    def _tick(self) -> None:
        now = self._world.reactor.seconds()
        if not self._connection.joined:
            self._joined_s = now
        elif now - self._joined_s >= GONE_S:
            self._forget(now - GONE_S)
        before, self._on_air = self._on_air, self._present_on_air()
        for session in before:
            if session not in self._on_air:
                _tell_gone(before[session])
        self._keeping.keep(self._on_air)
        self._publish_changes(now)

    def _forget(self, since_s: float) -> None:
        if self._announced.forget(since_s):
            there = set(self._announced.sessions)
            for session in [each for each in self._recorded if each not in there]:
                self._recorded.pop(session).stop()

    def _present_on_air(self) -> dict[str, Present]:
        present = self._announced.present()
        return {session: each for session, each in present.items() if each.on_air}

    def _public(self) -> tuple[Entry, ...]:
        present = self._announced.present().values()
        return _fitting(each.entry for each in present if each.public)

    def _publish_changes(self, now: float) -> None:
        shown, public = self._published, self._public()
        if shown == public:
            return
        if shown is None or _told(shown) != _told(public) or now - self._published_s >= HEADS_S:
            self._publish()

    def _publish(self) -> None:
        if self._connection.joined:
            self._published, self._published_s = self._public(), self._world.reactor.seconds()
            self._connection.publish(
                PUBLIC_DIRECTORY, self._listing(self._published), retained=True
            )

    def _list(self) -> str:
        return self._listing(self._public())

    def _list_all(self) -> str:
        present = self._announced.present().values()
        return self._listing(_fitting(each.entry for each in present))

    def _listing(self, entries: tuple[Entry, ...]) -> str:
        return write_listing(Listing(at=self._world.wall_clock(), sessions=entries))


def _short(args: tuple[Any, ...]) -> object:
    """The one argument of an announcement.

    Raises: `BadMessage`.
    """
    if len(args) != 1 or not isinstance(args[0], str) or len(args[0]) > MAX_ANNOUNCEMENT:
        raise BadMessage(f"expected one text of at most {MAX_ANNOUNCEMENT} characters")
    return args[0]


def _check_numbers(announcement: Announcement | Idle) -> None:
    """Refuse what no log takes.

    Raises: `BadMessage`.
    """
    try:
        strict_json(msgspec.json.encode(announcement))
    except BadLine as error:
        raise BadMessage(str(error)) from error


def _fitting(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """As many entries as one message takes."""
    fitting: list[Entry] = []
    room = MAX_LISTING
    for entry in entries:
        room -= len(msgspec.json.encode(entry)) + 1
        if room < 0:
            break
        fitting.append(entry)
    return tuple(fitting)


def _told(entries: tuple[Entry, ...]) -> list[Entry]:
    """Entries without what changes all the time."""
    return [
        msgspec.structs.replace(entry, next_seq=1, recorded=None, seen_at=None) for entry in entries
    ]


def _tell_gone(present: Present) -> None:
    entry = present.entry
    if not present.is_to_be_recorded:
        return
    if entry.next_seq - 1 > (entry.recorded or 0):
        _log.warn(
            "session {session} is gone: published to {published}, recorded to {recorded}",
            session=entry.session,
            published=entry.next_seq - 1,
            recorded=entry.recorded or 0,
        )
