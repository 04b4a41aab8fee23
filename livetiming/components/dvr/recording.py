"""One session as the dvr records it: what its writers say, its histories, what they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from livetiming.components.dvr.folders import Folders
from livetiming.components.dvr.history import History, Stage
from livetiming.components.dvr.pull import Pull
from livetiming.components.dvr.telling import Telling
from livetiming.events import SessionId
from livetiming.network.connection import Connection
from livetiming.network.names import events_topic
from livetiming.network.replica import Replica, Taken
from livetiming.network.said import Said, Step, walk
from livetiming.network.sources import Branch, Source
from livetiming.network.wire import (
    Announcement,
    BadMessage,
    Beacon,
    Lines,
    Standing,
    read_message,
)
from livetiming.services.world import World

ON_AIR_S = 15.0
"""So long after a writer was heard it counts as on air."""


class Clock(NamedTuple):
    """What the last beacon said of a session's time.

    Args:
        now: the session's clock, epoch ms.
        seen_at: when the provider last sent anything, epoch ms.
        heard_at: when that was heard, by the monotonic clock.
    """

    now: int
    seen_at: int | None
    heard_at: float


class Recording:
    """One session.

    Args:
        world: the outside.
        connection: to the router.
        folders: where logs are.
        session: whose.
        report: told what came that is no message.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        connection: Connection,
        folders: Folders,
        session: SessionId,
        report: Callable[[SessionId, str], None],
    ) -> None:
        self._world = world
        self._connection = connection
        self._folders = folders
        self._report = report
        self.session = session
        self.replica = Replica(session)
        self.histories: dict[int, History] = {}
        self.pulls: dict[int, Pull] = {}
        self._telling = Telling(world, connection, self.replica, self._is_paused)
        self.heard_at = world.monotonic()
        """When anybody was last heard, by the monotonic clock."""
        self.clock: Clock | None = None
        self.shown = 0
        """The history that was shown before a restart; 0 where that is not known."""
        self.forbidden = False
        """Whether nobody may keep the session."""
        self.stopped = False
        self._subscription = connection.subscribe(events_topic(session), self._message)

    # --- beginning and ending

    def found(self, number: int, sealed: Path | None) -> None:
        """Take up a history of which something is there.

        Args:
            number: the history.
            sealed: its recording, if there is one.
        """
        self._history(number, sealed).recover()

    def _history(self, number: int, sealed: Path | None = None) -> History:
        branch = self.replica.branch(number)
        history = History(self._world, self._folders, self.session, branch, self._changed, sealed)
        self.histories[number] = history
        return history

    def joined(self) -> None:
        """The router is there again."""
        for pull in self.pulls.values():
            pull.joined()

    def stop(self) -> list[Deferred[None]]:
        """Let go of everything.

        Returns: what is still under way in threads.
        """
        self.stopped = True
        self._subscription.stop()
        for pull in self.pulls.values():
            pull.stop()
        return [history.close() for history in self.histories.values()]

    # --- hearing

    def _message(self, *args: object) -> None:
        try:
            message = read_message(args)
            lines = message.lines if isinstance(message, Lines) else ()
            said = walk(self.session, *message[:3], lines)
        except BadMessage as error:
            self._report(self.session, f"a message: {error}")
            return
        if self._hear(said) and isinstance(message, Beacon):
            self.clock = Clock(message.now, message.seen_at, self._world.monotonic())

    def announced(self, announcement: Announcement) -> None:
        """A service said where its log stands."""
        if announcement.do_not_record:
            self.forbid()
        writer, next_seq, chain = announcement.writer, announcement.next_seq, announcement.end
        try:
            said = walk(self.session, writer, next_seq, chain, ())
        except BadMessage as error:
            self._report(self.session, f"an announcement: {error}")
            return
        on_air = announcement.status in (Standing.LIVE, Standing.CLOSED)
        if self._hear(said, on_air=on_air):
            self._telling.tell(self.pulls[said.writer].source, again=True)
            if len(self.histories) > 1:
                self._telling.tell_forked(len(self.histories))

    def _hear(self, said: Said, *, on_air: bool = True) -> bool:
        """Take what a writer said of its log.

        Returns: whether the session is recorded.
        """
        self.heard_at = self._world.monotonic()
        if self._is_forbidden(said.steps):
            return False
        pull = self._pull(said.writer)
        pull.heard(on_air=on_air)
        trusted = self.replica.contradicted(pull.source) is None
        self._append(self.replica.hear(said))
        self._care(pull.source)
        pull.poke()
        if trusted and self.replica.contradicted(pull.source) is not None:
            self._telling.tell(pull.source, at_once=True)
        return True

    def _answered(self, source: Source, said: Said, is_all: bool) -> None:
        """A writer's own log answered."""
        if not self._is_forbidden(said.steps):
            self._append(self.replica.answered(source, said, is_all=is_all))
            if source.refused:
                self._log.critical(
                    "session {session}: no room for the history of writer {writer}",
                    session=self.session,
                    writer=source.writer,
                )
            self._care(source)

    def extend(self, history: History, steps: Sequence[Step]) -> bool:
        """Go on in a history with lines of the service's own log.

        Returns: whether there were any.
        """
        if self._is_forbidden(steps):
            return False
        taken = self.replica.extend(history.branch, steps)
        history.append(taken)
        return bool(taken)

    def _pull(self, writer: int) -> Pull:
        pull = self.pulls.get(writer)
        if pull is None:
            source = self.replica.source(writer)
            pull = self.pulls[writer] = Pull(
                self._world, self._connection, self.replica, source, self._answered, self._report
            )
        return pull

    def _append(self, taken: Taken | None) -> None:
        if taken is not None:
            self.histories[taken.branch.number].append(taken.steps)

    def _care(self, source: Source) -> None:
        """See that the history of a writer is there and takes its lines."""
        for number in self.replica.branches:
            if number not in self.histories:
                self._history(number).begin()
                break
        if source.branch is None or not self.replica.needs(source) or source.doubted is not None:
            return
        history = self.histories[source.branch.number]
        given_up = self.pulls[source.writer].given_up
        if history.stage in (Stage.SEALED, Stage.DROPPED) and not given_up:
            history.reopen()
            self.replica.reset(source.branch)

    def _changed(self, history: History) -> None:
        """A history takes lines, or does not any more, or has more of them on disk."""
        if self.stopped or self.forbidden:
            return
        if history.stage is Stage.PAUSED:
            self.replica.reset(history.branch)
        elif history.stage is Stage.REFUSED:
            self.replica.refuse(history.branch)
        if self._is_unwanted(history):
            self.forbid()
            return
        for pull in list(self.pulls.values()):
            self._append(self.replica.attach(pull.source))
            self._care(pull.source)
            pull.poke()
            if pull.source.branch is history.branch or pull.source.liar is history.branch:
                self._telling.tell(pull.source)

    # --- nobody may keep it

    def _is_unwanted(self, history: History) -> bool:
        served = history.served
        described = served.state.described if served is not None else None
        return described is not None and described.do_not_record

    def _is_forbidden(self, steps: Sequence[Step]) -> bool:
        if not self.forbidden and any(step.do_not_record for step in steps):
            self.forbid()
        return self.forbidden

    def forbid(self) -> None:
        """Keep nothing of it."""
        if self.forbidden:
            return
        self.forbidden = True
        self._subscription.stop()
        for pull in self.pulls.values():
            pull.stop()
        for history in self.histories.values():
            history.remove()

    # --- telling

    def beat(self) -> None:
        """Tell what could not be told so soon, and that a disk has recovered."""
        for history in self.histories.values():
            if history.troubled and self._has_all(history):
                history.recovered()
                self._changed(history)
        if not self.forbidden:
            self._telling.beat()

    def _is_paused(self, branch: Branch) -> bool:
        return self.histories[branch.number].troubled

    def _has_all(self, history: History) -> bool:
        """Whether a history has on disk what was heard of it."""
        sources = [p.source for p in self.pulls.values() if p.source.branch is history.branch]
        lacks = any(self.replica.needs(source) for source in sources)
        return history.stage is Stage.OPEN and not history.is_busy and not lacks

    # --- which history it is

    def best(self) -> History | None:
        """The history to show: the one last on air, else the one of the newest writer."""
        found = [
            each
            for each in self.histories.values()
            if each.served is not None or each.stage is Stage.SEALED
        ]
        return max(found, key=self._rank, default=None)

    def _rank(self, history: History) -> tuple[bool, int, int]:
        branch = history.branch
        pull = self.pulls.get(branch.writer or 0)
        heard = [each.on_air_at for each in self.pulls.values() if each.on_air_at is not None]
        on_air_at = pull.on_air_at if pull is not None else None
        if heard:
            best = on_air_at is not None and on_air_at >= max(heard) - ON_AIR_S
        else:
            best = branch.number == self.shown
        return best, branch.writer or 0, branch.durable
