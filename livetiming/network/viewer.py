"""A viewer: a follower with a connection and a clock."""

from __future__ import annotations

from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.events import SessionId
from livetiming.network.connection import CallFailed, Connection, Kept
from livetiming.network.follow import Ask, Follower
from livetiming.network.names import events_procedure, events_topic, snapshot_procedure
from livetiming.network.wire import BadMessage, read_answer, read_message, read_snapshot


class Viewer:
    """Follows one live session over a connection, for tools and measurements.

    Args:
        reactor: Twisted's, or a clock.
        connection: to the router.
        session: whose lines they are.
        follower: of the session; kept up from now on.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        connection: Connection,
        session: SessionId,
        follower: Follower,
    ) -> None:
        self._reactor = reactor
        self._connection = connection
        self._session = session
        self.follower = follower
        self._wake: Any = None
        self._kept: Kept | None = None
        self._bad = 0

    def start(self) -> None:
        """Subscribe first; what follows is the follower's business."""
        topic = events_topic(self._session)
        self._kept = self._connection.subscribe(topic, self._heard, self._subscribed)

    def stop(self) -> None:
        """Hear and ask no more."""
        if self._kept is not None:
            self._kept.stop()
            self._kept = None
        if self._wake is not None and self._wake.active():
            self._wake.cancel()
        self.follower.lost()

    def _subscribed(self) -> None:
        self._act(self.follower.subscribed(self._reactor.seconds()))

    def _heard(self, *args: Any) -> None:
        try:
            message = read_message(args)
        except BadMessage as error:
            self._is_bad(error)
        else:
            self._act(self.follower.message(message, self._reactor.seconds()))

    def _is_bad(self, error: BadMessage) -> None:
        self._bad += 1
        if self._bad == 1:
            self._log.warn("bad message, dropped as all that follow: {reason}", reason=str(error))

    def _tick(self) -> None:
        self._act(self.follower.tick(self._reactor.seconds()))

    def _act(self, ask: Ask | None) -> None:
        if ask is not None:
            self._call(ask)
        self._set_alarm()

    def _call(self, ask: Ask) -> None:
        if ask.from_seq is None:
            called = self._connection.call(snapshot_procedure(self._session), None)
        else:
            procedure = events_procedure(self._session)
            called = self._connection.call(procedure, ask.from_seq, ask.limit)
        called.addCallbacks(self._answered, self._failed, callbackArgs=(ask,), errbackArgs=(ask,))
        called.addErrback(self._crashed)

    def _answered(self, text: object, ask: Ask) -> None:
        now = self._reactor.seconds()
        try:
            answer = read_snapshot(text) if ask.from_seq is None else read_answer(text)
        except BadMessage as error:
            self._is_bad(error)
            self.follower.failed(ask, now)
            self._set_alarm()
        else:
            self._act(self.follower.answered(ask, answer, now))

    def _failed(self, failure: Failure, ask: Ask) -> None:
        if not isinstance(failure.value, CallFailed):
            self._crashed(failure)
        self.follower.failed(ask, self._reactor.seconds())
        self._set_alarm()

    def _crashed(self, failure: Failure) -> None:
        self._log.failure("an answer could not be followed", failure)

    def _set_alarm(self) -> None:
        """Wake when the follower wants it; an alarm that rings too early does no harm."""
        at = self.follower.wake_at
        if at is None or self._kept is None:
            return
        after = max(0.0, at - self._reactor.seconds())
        if self._wake is None or not self._wake.active():
            self._wake = self._reactor.callLater(after, self._tick)
        elif self._wake.getTime() > at:
            self._wake.reset(after)
