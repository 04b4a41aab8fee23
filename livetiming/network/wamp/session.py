"""One joining of the router, from its first byte to its loss; whatever is under way then ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autobahn.exception import Disconnected
from autobahn.wamp.exception import Error, TransportLost
from twisted.internet.defer import Deferred, fail, maybeDeferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.network.connection import CALL_S, CallFailed
from livetiming.network.names import NOT_JOINED, TIMEOUT
from livetiming.network.wamp.answering import Answering
from livetiming.network.wamp.errors import call_failed, why_not_connected
from livetiming.network.wamp.hearing import Hearing
from livetiming.network.wamp.sendable import unsendable
from livetiming.network.wamp.transport import (
    Loss,
    WampSession,
    router_endpoint,
    transport_factory,
)
from livetiming.network.wamp.untyped import publishing

JOIN_S = 10.0
"""So long the router may take to let us in: a frozen one is connected to, and stays silent."""
LEAVE_S = 2.0
"""So long an orderly end may take."""

_log = Logger()


class Session:
    """A connection to the router, used once.

    Args:
        reactor: Twisted's.
        url: of the router's WebSocket.
        secret: of our services; `None` joins as a viewer.
        joined: called when the router has let us in.
        lost: called once, when it is over.
        ping_s: after so long a silence the router is asked whether it is there, and has as long
            to answer.
    """

    def __init__(
        self,
        reactor: Any,
        url: str,
        secret: str | None,
        joined: Callable[[], None],
        lost: Callable[[Loss], None],
        ping_s: float,
    ) -> None:
        self._reactor = reactor
        self._told_joined = joined
        self._told_lost = lost
        self._over = False
        self._wamp = WampSession(secret, self._joined, self._lose)
        self._factory = transport_factory(reactor, url, self._wamp, self._closed, ping_s)
        self._connecting: Deferred[Any] | None = None
        self._connected_to: Any = None
        self._deadline: Any = None
        self._calls: dict[Deferred[Any], Any] = {}
        self.hearing = Hearing(reactor, self._wamp)
        self.answering = Answering(self._wamp)
        self.gone: Deferred[None] = Deferred()
        """Fires when nothing of it is left."""

    def open(self) -> None:
        """Connect, and join."""
        self._deadline = self._reactor.callLater(JOIN_S, self.drop, "it does not let us in")
        endpoint = router_endpoint(self._reactor, self._factory)
        self._connecting = endpoint.connect(self._factory)
        self._connecting.addCallbacks(self._connected, self._not_connected)

    def drop(self, why: str) -> None:
        """End it at once, whatever is under way."""
        self._lose(Loss("", why))
        if self._connecting is not None:
            self._connecting.cancel()
        if self._connected_to is not None:
            self._connected_to.transport.abortConnection()

    def leave(self) -> None:
        """End it in order: what was published before still arrives."""
        if self._over or not self._wamp.is_attached():
            self.drop("we left")
            return
        self._deadline = self._reactor.callLater(LEAVE_S, self.drop, "we left")
        self._wamp.leave()

    def publish(self, topic: str, args: Sequence[Any], *, retained: bool) -> None:
        """Tell; what cannot be sent is logged, and the connection stays."""
        wrong = unsendable(*args)
        if wrong is not None:
            _log.error("{topic}: cannot publish: {wrong}", topic=topic, wrong=wrong)
            return
        try:
            self._wamp.publish(topic, *args, options=publishing(retained=retained))
        except (TransportLost, Disconnected):  # the connection ends at this moment
            return
        except Error as error:
            _log.error("{topic}: cannot publish: {wrong}", topic=topic, wrong=error)

    def call(self, procedure: str, args: Sequence[Any]) -> Deferred[Any]:
        """Ask; fails with `CallFailed` after `CALL_S`, or at once when the connection is lost."""
        wrong = unsendable(*args)
        if wrong is not None:
            return fail(wrong)
        result: Deferred[Any] = Deferred()
        late = CallFailed(TIMEOUT, f"{procedure}: no answer in {CALL_S:.0f} s")
        self._calls[result] = self._reactor.callLater(CALL_S, self._end_call, result, late)
        asked = maybeDeferred(self._wamp.call, procedure, *args)
        asked.addErrback(call_failed)
        asked.addCallback(lambda answer: self._end_call(result, answer))
        return result

    def _end_call(self, result: Deferred[Any], answer: object) -> None:
        limit = self._calls.pop(result, None)
        if limit is None:  # too late: the caller was told already
            return
        if limit.active():
            limit.cancel()
        if isinstance(answer, CallFailed):
            result.errback(answer)
        else:
            result.callback(answer)

    def _connected(self, websocket: Any) -> None:
        self._connecting = None
        self._connected_to = websocket

    def _not_connected(self, failure: Failure) -> None:
        self._connecting = None
        self._lose(Loss("", why_not_connected(failure)))
        self._closed()

    def _joined(self) -> None:
        self._stop_deadline()
        self._told_joined()

    def _closed(self) -> None:
        self._stop_deadline()
        self._lose(Loss("", "the connection was lost"))
        if not self.gone.called:
            self.gone.callback(None)

    def _lose(self, loss: Loss) -> None:
        if self._over:
            return
        self._over = True
        self._told_lost(loss)
        for result in list(self._calls):
            self._end_call(result, CallFailed(NOT_JOINED, loss.what))

    def _stop_deadline(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
