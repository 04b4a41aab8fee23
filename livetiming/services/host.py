"""The timing service: one feed followed into one log after another."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.errors import LogError, LogLocked
from livetiming.events import CloseReason, Feed, FeedStatus, SessionId
from livetiming.events.log import LogWriter
from livetiming.network.connection import Connection
from livetiming.services.again import new_writer, resumed
from livetiming.services.air import Air
from livetiming.services.api import Frame, Parser, Plugin, Transport
from livetiming.services.capture import CaptureWriter
from livetiming.services.clocks import SessionClock
from livetiming.services.ending import Ending
from livetiming.services.feedwatch import FeedWatch
from livetiming.services.logs import Leave, Logs
from livetiming.services.messages import GENERATORS
from livetiming.services.on_air import Host
from livetiming.services.recorder import GROUP_MS, Recorder
from livetiming.services.resuming import facts_of, open_to_go_on
from livetiming.services.stock import Elsewhere, Stock, StockTaking
from livetiming.services.terms import Terms
from livetiming.services.wishes import Wishes
from livetiming.services.world import World

MAX_FAILURES = 50
"""So many bad frames in a row mean that the feed cannot be read: it is called stale."""


class Ended(IntEnum):
    """How a service ended: its exit code."""

    WELL = 0
    BADLY = 1
    CONTRADICTED = 70
    """The dvr knows another history of ours than we do: to be started again, with -s."""
    LOCKED = 75
    """Another process has this session: not to be started again."""


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
        connection: to the router; off the air without one.
        instance: the name of the process among those of its class.
        on_session: told of each session that it has.
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
        connection: Connection | None = None,
        instance: str = "main",
        on_session: Callable[[SessionId], None] = lambda _: None,
    ) -> None:
        self._world = world
        self._wishes = wishes
        self._capture = capture
        self._clock = SessionClock(world.monotonic, world.wall_clock(), terms.rate)
        self._rate = terms.rate
        self._connection = connection
        host = Host(
            instance=instance,
            now=self._now,
            seen_at=lambda: self._seen_at,
            newer=self._newer,
            contradicted=self._contradicted,
        )
        expected = wishes.take_stock
        folder, told = wishes.state_dir, terms.class_
        self._air = Air(
            world,
            connection,
            folder,
            told,
            host,
            longest_s=wishes.longest_s,
            expected=expected,
        )
        self._logs = Logs(
            world,
            wishes,
            self._air,
            Ending(world, wishes.state_dir, wishes.recording, do_not_record=terms.do_not_record),
            now=self._now,
            on_open=on_session,
            on_broken=self._broken,
            on_left=self._left,
        )
        generators = (*GENERATORS, *plugin.generators)
        self._recorder = Recorder(parser, terms, self._logs, generators, self._report)
        self._watch = FeedWatch(
            world, transport, plugin.stale_after_s, self._deliver, self._feed_changed
        )
        self._stock: Deferred[Stock] | None = None
        self._seen_at: int | None = None
        self._flush_due: Any = None
        self._finished: Deferred[Ended] = Deferred()
        self._result = Ended.WELL
        self._stopping = False

    def _now(self) -> int:
        return self._clock.now()

    def start(self) -> Deferred[Ended]:
        """Begin.

        Returns: fires when the service has ended, with all that it recorded on disk.
        Raises: `LogError` where the log to go on in cannot be opened.
        """
        path, folder = self._wishes.initial, self._wishes.state_dir
        log = None if path is None else open_to_go_on(self._world, path, folder)
        self._air.start()
        if log is None:
            self._follow()
        elif self._connection is None or not self._wishes.take_stock:
            self._go_on(log, Stock(0, 0))
        else:
            self._take_stock(self._connection, log)
        return self._finished

    def _follow(self) -> None:
        feed = self._watch.start()
        feed.addCallbacks(lambda _: self.stop(CloseReason.ENDED), self._feed_broke)

    def _take_stock(self, connection: Connection, log: LogWriter) -> None:
        taking = StockTaking(self._world, connection, log, take_over=self._wishes.take_over)
        self._stock = Deferred.fromCoroutine(taking.take())
        self._stock.addCallback(lambda stock: self._go_on(log, stock))
        self._stock.addErrback(self._not_gone_on, log)

    def _not_gone_on(self, failure: Failure, log: LogWriter) -> None:
        log.close()
        self._stock = None
        error = failure.value
        if not isinstance(error, CancelledError):
            self._log.critical("{reason}", reason=failure.getErrorMessage())
            self._went_badly(Ended.LOCKED if isinstance(error, Elsewhere) else Ended.BADLY)
            self.stop()

    def _go_on(self, log: LogWriter, stock: Stock) -> None:
        self._stock = None
        world = self._world
        facts = facts_of(world, self._wishes.state_dir / log.session)
        keeper = self._logs.go_on(log)
        now = max(world.wall_clock(), keeper.place.at)
        self._clock = SessionClock(world.monotonic, now, self._rate)
        writer = new_writer(world, max(keeper.state.writer or 0, stock.heard))
        first = resumed(keeper, writer, "restart", stock.adopted)
        self._recorder.resume(keeper, facts, first, now)
        keeper.poke()
        self._follow()

    @property
    def is_recording(self) -> bool:
        """Whether a session is open, and more of it is to come."""
        return self._logs.is_any_open and not self._stopping

    def _left(self, well: bool) -> None:
        if not well:
            self._went_badly(Ended.BADLY)

    def _went_badly(self, how: Ended) -> None:
        """The first trouble decides the exit code; others follow from it."""
        if self._result is Ended.WELL:
            self._result = how

    def _deliver(self, channel: str, data: str | bytes) -> bool:
        if not self._stopping:
            frame = Frame(self._now(), channel, data)
            self._seen_at = frame.at
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
        self._recorder.flush(self._now())
        self._logs.poke()

    def _feed_changed(self, feed: Feed) -> None:
        self._recorder.feed(feed, self._now())
        self._logs.poke()

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

    def _newer(self, session: SessionId) -> None:
        """Another process goes on in a session: nothing more of it is written here."""
        if self._logs.is_open(session) and self._hang_up():
            self._went_badly(Ended.LOCKED)
            self._leave(Logs.handed_over)

    def _contradicted(self, session: SessionId) -> None:
        """The log is not what it was when it was recorded: another opening is to find out."""
        if self._logs.is_open(session) and self._hang_up():
            self._went_badly(Ended.CONTRADICTED)
            self._leave(Logs.dropped)
            self._air.give_up()

    def stop(self, reason: CloseReason = CloseReason.STOPPED) -> None:
        """End the service; the open session is closed."""
        if self._hang_up():
            self._recorder.flush(self._now())
            self._recorder.close(reason, self._now())
            self._finish()

    def restart(self) -> None:
        """End the service so that another process goes on in its session, and hands over what
        others it has.
        """
        if self._hang_up():
            self._recorder.flush(self._now())
            self._feed_changed(Feed(FeedStatus.LOST, "restart"))
            self._leave(Logs.left_open)
            self._air.give_up()

    def give_up(self) -> None:
        """Wait neither for the disk nor for the dvr any longer, once stopped."""
        if self._stopping:
            self._logs.give_up()

    def _hang_up(self) -> bool:
        """Stop following the feed; false where that was done before."""
        if self._stopping:
            return False
        self._stopping = True
        if self._stock is not None:
            self._stock.cancel()
        self._watch.stop()
        if self._flush_due is not None:
            self._flush_due.cancel()
        return True

    def _leave(self, how: Leave) -> None:
        self._logs.leave(how)
        self._finish()

    def _finish(self) -> None:
        self._logs.all_left().addCallback(lambda _: self._fire())

    def _fire(self) -> None:
        self._air.stop()
        if self._capture is not None:
            self._capture.close()
        skipped = self._recorder.skipped
        if skipped:
            self._log.warn("frames skipped: {skipped}", skipped=dict(skipped))
        self._finished.callback(self._result)
