"""The connection that comes and goes: it joins the router for ever, again and again.

Autobahn's `Component` is not used, as its delay between tries is never reset without `main`, its
calls under way at a loss never end, and a normal GOODBYE of the router ends it (all measured).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.logger import Logger, LogLevel

from livetiming.errors import LivetimingError
from livetiming.network.connection import CallFailed, Kept
from livetiming.network.names import NOT_JOINED
from livetiming.network.wamp.answering import Asked
from livetiming.network.wamp.kept import Ask, KeptAnew, tell
from livetiming.network.wamp.session import Session
from livetiming.network.wamp.transport import Loss

PING_S = 5.0
"""After so long a silence the router is asked whether it is there, and has as long to answer."""
FIRST_WAIT_S = 0.2
GROWTH = 1.5
LONGEST_WAIT_S = 1.5
"""After so long a join is tried again, so that a router is joined within 2 s of its return; jitter
only shortens it.
"""
REFUSED_WAIT_S = 5.0
"""After so long a secret is shown again that the router does not take."""
NO_SECRET_WAIT_S = 1.0
"""After so long a secret is looked for again."""

_REFUSALS = frozenset(
    {
        "wamp.error.not_authorized",
        "wamp.error.authentication_failed",
        "wamp.error.authentication_denied",
        "wamp.error.cannot_authenticate",
        "wamp.error.no_auth_method",
    }
)

_log = Logger()


def connect(
    reactor: Any,
    url: str,
    secret: Callable[[], str | None],
    random: Random,
    *,
    anonymous: bool = False,
    ping_s: float = PING_S,
) -> RouterConnection:
    """Join the router now and whenever it is there.

    Args:
        reactor: Twisted's.
        url: of the router's WebSocket.
        secret: that our services join with, asked for at each attempt; `None` where there is none
            yet, which is no error.
        random: for the jitter.
        anonymous: join as a viewer, without a secret.
        ping_s: after so long a silence the router is asked whether it is there, and has as long
            to answer.
    """
    connection = RouterConnection(reactor, url, secret, random, anonymous=anonymous, ping_s=ping_s)
    connection.start()
    return connection


class RouterConnection:
    """See `livetiming.network.connection.Connection`; the arguments are those of `connect`."""

    def __init__(
        self,
        reactor: Any,
        url: str,
        secret: Callable[[], str | None],
        random: Random,
        *,
        anonymous: bool,
        ping_s: float,
    ) -> None:
        self._reactor = reactor
        self._url = url
        self._secret = secret
        self._random = random
        self._anonymous = anonymous
        self._ping_s = ping_s
        self._session: Session | None = None
        self._joined = False
        self._closed = False
        self._wait_s = FIRST_WAIT_S
        self._again: Any = None
        self._kept: dict[KeptAnew, None] = {}
        self._told: list[Callable[[], None]] = []
        self._news: tuple[object, ...] = ()

    def start(self) -> None:
        """Try to join, until it is closed."""
        if self._closed:
            return
        found = None if self._anonymous else self._find_secret()
        if found is None and not self._anonymous:
            self._try_again(NO_SECRET_WAIT_S)
            return
        session = Session(
            self._reactor,
            self._url,
            found,
            lambda: self._join(session),
            lambda loss: self._lose(loss, found),
            self._ping_s,
        )
        self._session = session
        session.open()

    def close(self) -> Deferred[None]:
        """Leave in order, and stay away.

        Returns: fires when the connection is closed; everything that was kept has ended.
        """
        done: Deferred[None] = Deferred()
        session = self._session
        self._closed = True
        self._joined = False
        if self._again is not None and self._again.active():
            self._again.cancel()
        if session is None or session.gone.called:
            done.callback(None)
        else:
            session.gone.addCallback(done.callback)
            session.leave()
        self._drop_kept()
        return done

    def _find_secret(self) -> str | None:
        try:
            found = self._secret()
        except LivetimingError as error:
            self._say(LogLevel.warn, f"off the air: {error}", str(error))
            return None
        if found is None:
            self._say(LogLevel.warn, "off the air: no secret yet to join the router with", None)
        return found

    def _join(self, session: Session) -> None:
        self._joined = True
        self._wait_s = FIRST_WAIT_S
        level = LogLevel.warn if self._news else LogLevel.info
        self._say(level, f"on the air: {self._url}", "joined")
        for kept in list(self._kept):
            if kept in self._kept:
                kept.make(session)
        for told in list(self._told):
            tell(told, "on_join")

    def _lose(self, loss: Loss, secret: str | None) -> None:
        self._joined = False
        for kept in list(self._kept):
            kept.lose()
        if self._closed:
            return
        if loss.error in _REFUSALS:
            why = f"{self._url} refuses our secret: {loss.error}: {loss.what}"
            self._say(LogLevel.error, f"off the air: {why}", "refused", secret)
            self._try_again(REFUSED_WAIT_S)
        else:
            why = loss.what or loss.error
            self._say(LogLevel.warn, f"off the air: {self._url}: {why}", "away")
            self._try_again(self._next_wait())

    def _next_wait(self) -> float:
        wait_s = self._wait_s
        self._wait_s = min(wait_s * GROWTH, LONGEST_WAIT_S)
        return wait_s * self._random.uniform(0.5, 1.0)

    def _try_again(self, wait_s: float) -> None:
        self._again = self._reactor.callLater(wait_s, self.start)

    def _drop_kept(self) -> None:
        for kept in list(self._kept):
            kept.lose()
        self._kept.clear()
        self._told.clear()

    def _say(self, level: Any, text: str, *news: object) -> None:
        """Say what changed: the same news again, in whichever words, is none."""
        if news != self._news:
            self._news = news
            _log.emit(level, "{text}", text=text)

    @property
    def joined(self) -> bool:
        """Whether the router is there now."""
        return self._joined

    def on_join(self, told: Callable[[], None]) -> None:
        self._told.append(told)
        if self._joined:
            self._reactor.callLater(0, self._tell_now, self._session, told)

    def publish(self, topic: str, *args: Any, retained: bool = False) -> None:
        if self._joined and self._session is not None:
            self._session.publish(topic, args, retained=retained)

    def call(self, procedure: str, *args: Any) -> Deferred[Any]:
        if not self._joined or self._session is None:
            return fail(CallFailed(NOT_JOINED, "the router is away"))
        return self._session.call(procedure, args)

    def subscribe(
        self, topic: str, take: Callable[..., object], ready: Callable[[], None] | None = None
    ) -> Kept:
        return self._keep(
            topic, lambda session, made: session.hearing.subscribe(topic, take, made), ready
        )

    def register(
        self,
        procedure: str,
        answer: Callable[..., object],
        *,
        prefix: bool = False,
        shared: bool = False,
    ) -> Kept:
        asked = Asked(procedure, prefix, shared)
        return self._keep(
            procedure, lambda session, made: session.answering.register(asked, answer, made)
        )

    def _keep(self, name: str, ask: Ask, ready: Callable[[], None] | None = None) -> Kept:
        kept = KeptAnew(self._reactor, name, ask, ready, lambda kept: self._kept.pop(kept, None))
        if self._closed:
            return kept
        self._kept[kept] = None
        if self._joined and self._session is not None:
            kept.make(self._session)
        return kept

    def _tell_now(self, session: Session | None, told: Callable[[], None]) -> None:
        if self._joined and session is self._session:
            tell(told, "on_join")
