"""A program's connection to the router, which waits for a secret to be there.

Autobahn takes a second to import; a service that stays off the air need not wait for it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.threads import deferToThread
from twisted.logger import Logger

from livetiming.cli.addresses import router_to_join
from livetiming.errors import BadSetting
from livetiming.network.connection import CallFailed, Connection, Kept
from livetiming.network.names import NOT_JOINED
from livetiming.settings import Settings, find_secret

LOOK_S = 2.0
"""So often a secret is looked for."""


class SecretConnection:
    """See `livetiming.network.connection.Connection`; it is not joined while there is no secret.

    Args:
        reactor: Twisted's.
        settings: of the deployment.
        tell: says a line to the operator.
    """

    _log = Logger()

    def __init__(self, reactor: Any, settings: Settings, tell: Callable[[str], None]) -> None:
        self._reactor = reactor
        self._settings = settings
        self._tell = tell
        self._told = False
        self._real: Any = None
        self._waiting: list[_Later] = []
        self._again: Any = None
        self._closed = False

    def start(self) -> bool:
        """Begin.

        Returns: whether there is a secret now.
        Raises: `BadSetting` where it is no good.
        """
        if find_secret(self._settings) is not None:
            self._connect()
            return True
        self._look_again()
        return False

    def _look_again(self) -> None:
        self._again = self._reactor.callLater(LOOK_S, self._look)

    def _look(self) -> None:
        self._again = None
        try:
            found = find_secret(self._settings)
        except BadSetting as error:
            self._log.debug("{reason}", reason=str(error))  # it is being written
            found = None
        if found is None:
            self._tell_once()
            self._look_again()
            return
        importing = deferToThread(__import__, "livetiming.network.wamp")
        importing.addCallback(lambda _: self._connect())
        importing.addErrback(lambda failure: self._log.failure("off the air", failure))

    def _tell_once(self) -> None:
        """Not at the start: a service that ends at once has something else to say."""
        if not self._told:
            self._told = True
            self._tell("no secret to join the router with: off the air until there is one")

    def _connect(self) -> None:
        if self._closed:
            return
        from livetiming.network.wamp import connect

        self._real = connect(
            self._reactor,
            router_to_join(self._settings),
            lambda: find_secret(self._settings),
            random.SystemRandom(),
        )
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.make(self._real)

    def close(self) -> Deferred[None]:
        """Leave in order, and stay away."""
        self._closed = True
        if self._again is not None:
            self._again.cancel()
        closed: Deferred[None] = succeed(None) if self._real is None else self._real.close()
        return closed

    # --- Connection

    @property
    def joined(self) -> bool:
        return self._real is not None and bool(self._real.joined)

    def on_join(self, told: Callable[[], None]) -> None:
        self._later(lambda real: real.on_join(told))

    def publish(self, topic: str, *args: Any, retained: bool = False) -> None:
        if self._real is not None:
            self._real.publish(topic, *args, retained=retained)

    def call(self, procedure: str, *args: Any) -> Deferred[Any]:
        if self._real is None:
            return fail(CallFailed(NOT_JOINED))
        asked: Deferred[Any] = self._real.call(procedure, *args)
        return asked

    def subscribe(
        self, topic: str, take: Callable[..., object], ready: Callable[[], None] | None = None
    ) -> Kept:
        return self._later(lambda real: real.subscribe(topic, take, ready))

    def register(
        self,
        procedure: str,
        answer: Callable[..., object],
        *,
        prefix: bool = False,
        shared: bool = False,
    ) -> Kept:
        return self._later(
            lambda real: real.register(procedure, answer, prefix=prefix, shared=shared)
        )

    def _later(self, make: Callable[[Connection], Any]) -> Kept:
        if self._real is not None:
            kept: Kept = make(self._real)
            return kept
        later = _Later(make)
        self._waiting.append(later)
        return later


class _Later:
    """What is to be kept when there is a connection."""

    def __init__(self, make: Callable[[Connection], Any]) -> None:
        self._make = make
        self._kept: Kept | None = None
        self._stopped = False

    def make(self, real: Connection) -> None:
        if not self._stopped:
            self._kept = self._make(real)

    def stop(self) -> None:
        self._stopped = True
        if self._kept is not None:
            self._kept.stop()
