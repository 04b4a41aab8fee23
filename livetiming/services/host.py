"""The timing service: one feed followed into one log after another."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger

from livetiming.errors import LogError, LogFailed, LogLocked
from livetiming.events import CloseReason, Feed, FeedStatus, Posted, SessionId
from livetiming.events.log import Group, LogWriter, adopt_log, open_log, open_reader
from livetiming.services.api import Frame, Parser, Plugin, Transport
from livetiming.services.capture import CaptureWriter
from livetiming.services.clocks import SessionClock
from livetiming.services.ending import Ending
from livetiming.services.feedwatch import FeedWatch
from livetiming.services.keeper import Keeper, new_session_id, resumed
from livetiming.services.messages import GENERATORS
from livetiming.services.recorder import GROUP_MS, EventLog, Recorder, provider_messages
from livetiming.services.terms import Terms
from livetiming.services.world import World

RETRY_S = 1.0
PATIENCE_S = 15.0
"""So long a stopped service waits for the disk."""
MAX_FAILURES = 50
"""So many bad frames in a row mean that the feed cannot be read: it is called stale."""


class Ended(IntEnum):
    """How a service ended: its exit code."""

    WELL = 0
    BADLY = 1
    LOCKED = 75


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator wants of one run.

    Args:
        state_dir: folder of the service's own logs.
        initial: a log to go on in.
        session: id of the first session.
        recording: where a session's log is sealed to when it closes.
    """

    state_dir: Path
    initial: Path | None = None
    session: SessionId | None = None
    recording: Path | None = None


class TimingService:
    """Follows a feed until it ends or is stopped.

    Args:
        world: the outside.
        plugin: the provider.
        parser: of the feed.
        transport: what carries it.
        terms: of its sessions.
        wishes: of the operator.
        capture: where raw frames are kept.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        plugin: Plugin,
        parser: Parser,
        transport: Transport,
        terms: Terms,
        wishes: Wishes,
        capture: CaptureWriter | None = None,
    ) -> None:
        self._world = world
        self._wishes = wishes
        self._capture = capture
        self._clock = SessionClock(world.monotonic, world.wall_clock(), terms.rate)
        self._rate = terms.rate
        generators = (*GENERATORS, *plugin.generators)
        self._recorder = Recorder(parser, terms, self, generators, self._report)
        self._watch = FeedWatch(
            world, transport, plugin.stale_after_s, self._deliver, self._feed_changed
        )
        self._keepers: dict[SessionId, Keeper] = {}
        self._ending = Ending(
            world, wishes.state_dir, wishes.recording, do_not_record=terms.do_not_record
        )
        self._endings: list[Deferred[Any]] = []
        self._flush_due: Any = None
        self._first_session = wishes.session
        self._finished: Deferred[Ended] = Deferred()
        self._result = Ended.WELL
        self._stopping = False
        self._unreadable = False

    def start(self) -> Deferred[Ended]:
        """Begin.

        Returns: fires when the service has ended, with all that it recorded on disk.
        Raises: `LogError` where the log to go on in cannot be opened.
        """
        if self._wishes.initial is not None:
            self._resume(self._wishes.initial)
        feed = self._watch.start()
        feed.addCallback(lambda _: self.stop(CloseReason.ENDED))
        return self._finished

    def _resume(self, path: Path) -> None:
        world, folder = self._world, self._wishes.state_dir
        session = adopt_log(world.disk, path, folder)
        opened = open_log(world.disk, folder, session)
        log = opened.log
        for kept in opened.kept:
            self._log.warn("the log's end was torn; it is kept in {path}", path=str(kept))
        now = max(world.wall_clock(), log.place.at)
        self._clock = SessionClock(world.monotonic, now, self._rate)
        keeper = self._keep(log)
        messages = _messages(world, folder / session)
        self._recorder.resume(log, messages, resumed(world, log, "restart"), now)
        self._log.info("session {session}: goes on", session=session)
        keeper.poke()

    def new_id(self) -> SessionId:
        """See `Sessions`."""
        first, self._first_session = self._first_session, None
        return first or new_session_id(self._world)

    def open(self, session: SessionId) -> EventLog:
        """See `Sessions`."""
        log = open_log(self._world.disk, self._wishes.state_dir, session).log
        if log.place.seq:
            log.close()
            path = self._wishes.state_dir / session
            raise LogError(path, "is the log of an earlier run; go on in it with -s")
        self._keep(log)
        self._log.info("session {session}: begins", session=session)
        return log

    def _keep(self, log: LogWriter) -> Keeper:
        keeper = Keeper(
            self._world,
            self._wishes.state_dir,
            log,
            on_durable=self._durable,
            on_lost=self._recorder.detach,
            on_back=self._back,
            on_broken=self._broken,
        )
        self._keepers[log.session] = keeper
        return keeper

    def close(self, log: EventLog) -> None:
        """See `Sessions`."""
        keeper = self._keepers.pop(log.session)
        self._log.info("session {session}: closed", session=log.session)
        ending = Deferred.fromCoroutine(self._ending.end(keeper))
        ending.addCallback(self._ended)
        self._endings.append(ending)

    def _ended(self, well: bool) -> None:
        if not well:
            self._result = Ended.BADLY

    def _durable(self, group: Group) -> None:
        self._recorder.durable(group.last_seq)

    def _back(self, log: LogWriter, feed: Feed) -> None:
        self._recorder.attach(log, feed, self._clock.now())
        self._recorder.flush(self._clock.now())

    def _deliver(self, channel: str, data: str | bytes) -> None:
        frame = Frame(self._clock.now(), channel, data)
        self._keep_raw(frame)
        self._try(lambda: self._recorder.receive(frame))
        if self._recorder.failures >= MAX_FAILURES and not self._unreadable:
            self._unreadable = True
            self._feed_changed(Feed(FeedStatus.STALE, "the frames cannot be read"))
        elif self._recorder.failures == 0 and self._unreadable:
            self._unreadable = False
            self._feed_changed(Feed(FeedStatus.LIVE))
        if self._flush_due is None:
            self._flush_due = self._world.reactor.callLater(GROUP_MS / 1000, self._flush)

    def _keep_raw(self, frame: Frame) -> None:
        if self._capture is None:
            return
        try:
            self._capture.add(frame)
        except OSError as error:
            self._log.error("the capture ends here: {reason}", reason=str(error))
            self._capture = None

    def _try(self, step: Callable[[], None]) -> None:
        """Do what may open a log; while the disk refuses that, try again."""
        try:
            step()
        except LogFailed as error:
            self._log.error("recording is paused: {reason}", reason=str(error))
            self._world.reactor.callLater(RETRY_S, self._try, self._recorder.retry)
        except LogError as error:
            self._broken(error)

    def _flush(self) -> None:
        self._flush_due = None
        self._recorder.flush(self._clock.now())
        self._poke()

    def _poke(self) -> None:
        for keeper in list(self._keepers.values()):
            keeper.poke()

    def _feed_changed(self, feed: Feed) -> None:
        self._recorder.feed(feed, self._clock.now())
        self._poke()

    def _report(self, kind: str, what: str) -> None:
        self._log.warn("bad frame, first of its kind: {what}", kind=kind, what=what)

    def _broken(self, error: LogError) -> None:
        self._log.critical("{reason}", reason=str(error))
        self._result = Ended.LOCKED if isinstance(error, LogLocked) else Ended.BADLY
        self._recorder.detach()
        self.stop(CloseReason.STOPPED)

    def stop(self, reason: CloseReason = CloseReason.STOPPED) -> None:
        """End the service; the open session is closed."""
        if self._hang_up():
            self._recorder.close(reason, self._clock.now())
            self._finish()

    def restart(self) -> None:
        """End the service so that another process goes on in its session."""
        if self._hang_up():
            self._feed_changed(Feed(FeedStatus.LOST, "restart"))
            for keeper in self._keepers.values():
                self._endings.append(_let_go(keeper))
            self._finish()

    def _hang_up(self) -> bool:
        """Stop following the feed; false where that was done before."""
        if self._stopping:
            return False
        self._stopping = True
        self._watch.stop()
        if self._flush_due is not None:
            self._flush_due.cancel()
        self._recorder.flush(self._clock.now())
        return True

    def _finish(self) -> None:
        patience = self._world.reactor.callLater(PATIENCE_S, self._give_up)
        everything: Any = DeferredList(self._endings, consumeErrors=True)
        everything.addCallback(lambda _: patience.active() and patience.cancel())
        everything.addCallback(lambda _: self._fire())

    def _give_up(self) -> None:
        self._log.critical("the disk does not take the last events; they are given up")
        self._result = Ended.BADLY
        self._fire()

    def _fire(self) -> None:
        for keeper in self._keepers.values():
            keeper.close()
        if self._capture is not None:
            self._capture.close()
        skipped = self._recorder.skipped
        if skipped:
            self._log.warn("frames skipped: {skipped}", skipped=dict(skipped))
        if not self._finished.called:
            self._finished.callback(self._result)


def _let_go(keeper: Keeper) -> Deferred[None]:
    done = keeper.drained()
    done.addCallback(lambda _: keeper.close())
    return done


def _messages(world: World, path: Path) -> list[tuple[Posted, int | None]]:
    with open_reader(world.disk, path) as reader:
        return list(provider_messages(event for _, event in reader.events()))
