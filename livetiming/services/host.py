"""The timing service: one feed followed into one log after another."""

from __future__ import annotations

from collections.abc import Coroutine
from enum import IntEnum
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LogError, LogLocked
from livetiming.events import CloseReason, Feed, FeedStatus, Posted, SessionId
from livetiming.events.log import adopt_log, open_log, open_reader
from livetiming.services.again import new_writer, resumed
from livetiming.services.api import Frame, Parser, Plugin, Transport
from livetiming.services.capture import CaptureWriter
from livetiming.services.clocks import SessionClock
from livetiming.services.ending import Ending
from livetiming.services.feedwatch import FeedWatch
from livetiming.services.keeper import Keeper
from livetiming.services.messages import GENERATORS
from livetiming.services.news import provider_messages
from livetiming.services.recorder import GROUP_MS, Recorder
from livetiming.services.sessions import EventLog
from livetiming.services.terms import Terms
from livetiming.services.world import World

PATIENCE_S = 15.0
"""So long a stopped service waits for the disk to take the last events; what is done with the log
after that may take its time.
"""
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
        self._leaving: dict[Keeper, Deferred[Any]] = {}
        self._flush_due: Any = None
        self._first_session = wishes.session
        self._finished: Deferred[Ended] = Deferred()
        self._result = Ended.WELL
        self._stopping = False

    def start(self) -> Deferred[Ended]:
        """Begin.

        Returns: fires when the service has ended, with all that it recorded on disk.
        Raises: `LogError` where the log to go on in cannot be opened.
        """
        if self._wishes.initial is not None:
            self._resume(self._wishes.initial)
        feed = self._watch.start()
        feed.addCallbacks(lambda _: self.stop(CloseReason.ENDED), self._feed_broke)
        return self._finished

    def _resume(self, path: Path) -> None:
        world, folder = self._world, self._wishes.state_dir
        session = adopt_log(world.disk, path, folder)
        opened = open_log(world.disk, folder, session)
        for kept in opened.kept:
            self._log.warn("the log's end was torn; it is kept in {path}", path=str(kept))
        keeper = self._keeper(session)
        keeper.go_on(opened.log)
        now = max(world.wall_clock(), keeper.place.at)
        self._clock = SessionClock(world.monotonic, now, self._rate)
        writer = new_writer(world, keeper.state.writer)
        messages = _messages(world, folder / session)
        self._recorder.resume(keeper, messages, resumed(keeper, writer, "restart"), now)
        self._log.info("session {session}: goes on", session=session)
        world.tell(f"session {session}: going on, recording to {keeper.path}")
        keeper.poke()

    @property
    def is_recording(self) -> bool:
        """Whether a session is open."""
        return bool(self._keepers)

    def new_id(self) -> SessionId:
        """See `Sessions`."""
        first, self._first_session = self._first_session, None
        return first or SessionId(f"{self._world.random.getrandbits(128):032x}")

    def open(self, session: SessionId) -> EventLog:
        """See `Sessions`; while the disk refuses the log, it is kept in memory."""
        keeper = self._keeper(session)
        self._log.info("session {session}: begins", session=session)
        keeper.begin()
        if not keeper.is_broken:
            self._world.tell(f"session {session}: recording to {keeper.path}")
        return keeper

    def _keeper(self, session: SessionId) -> Keeper:
        keeper = self._keepers[session] = Keeper(
            self._world,
            self._wishes.state_dir,
            session,
            now=lambda: self._clock.now(),
            on_broken=self._broken,
        )
        return keeper

    def close(self, log: EventLog) -> None:
        """See `Sessions`."""
        keeper = self._keepers.pop(log.session)
        self._log.info("session {session}: closed", session=log.session)
        self._await(keeper, self._ending.end(keeper))

    def _await(self, keeper: Keeper, end: Coroutine[Any, Any, bool]) -> None:
        ending = self._leaving[keeper] = Deferred.fromCoroutine(end)
        ending.addErrback(self._end_crashed)
        ending.addCallback(self._ended, keeper)

    def _end_crashed(self, failure: Failure) -> bool:
        self._log.failure("a session could not be ended", failure)
        return False

    def _ended(self, well: bool, keeper: Keeper) -> None:
        del self._leaving[keeper]
        if not well:
            self._went_badly(Ended.BADLY)

    def _went_badly(self, how: Ended) -> None:
        """The first trouble decides the exit code; others follow from it."""
        if self._result is Ended.WELL:
            self._result = how

    def _deliver(self, channel: str, data: str | bytes) -> bool:
        if not self._stopping:
            frame = Frame(self._clock.now(), channel, data)
            self._keep_raw(frame)
            self._recorder.receive(frame)
            if self._flush_due is None:
                self._flush_due = self._world.reactor.callLater(GROUP_MS / 1000, self._flush)
        return self._recorder.failures < MAX_FAILURES

    def _keep_raw(self, frame: Frame) -> None:
        if self._capture is None:
            return
        try:
            self._capture.add(frame)
        except OSError as error:
            self._log.error("the capture ends here: {reason}", reason=str(error))
            self._capture.close()
            self._capture = None

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

    def _feed_broke(self, failure: Failure) -> None:
        self._log.critical("{reason}", reason=failure.getErrorMessage())
        self._went_badly(Ended.BADLY)
        self.stop(CloseReason.ENDED)

    def _broken(self, error: LogError) -> None:
        """Stops later: this may be the feed's own doing, which cannot be cut off from within."""
        self._log.critical("{reason}", reason=str(error))
        self._went_badly(Ended.LOCKED if isinstance(error, LogLocked) else Ended.BADLY)
        self._world.reactor.callLater(0, self.stop)

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
                self._await(keeper, self._leave(keeper))
            self._finish()

    async def _leave(self, keeper: Keeper) -> bool:
        well = await keeper.drained()
        keeper.close()
        if well:
            self._world.tell(f"session {keeper.session}: left open, its log is {keeper.path}")
        return well

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
        everything: Any = DeferredList(list(self._leaving.values()))
        everything.addCallback(lambda _: patience.active() and patience.cancel())
        everything.addCallback(lambda _: self._fire())

    def _give_up(self) -> None:
        late = [keeper for keeper in self._leaving if not keeper.is_closed]
        if late:
            self._log.critical("the disk does not take the last events; they are given up")
        for keeper in late:
            keeper.close()

    def _fire(self) -> None:
        for keeper in self._keepers.values():
            keeper.close()
        if self._capture is not None:
            self._capture.close()
        skipped = self._recorder.skipped
        if skipped:
            self._log.warn("frames skipped: {skipped}", skipped=dict(skipped))
        self._finished.callback(self._result)


def _messages(world: World, path: Path) -> list[tuple[Posted, int | None]]:
    with open_reader(world.disk, path) as reader:
        return list(provider_messages(event for _, event in reader.events()))
