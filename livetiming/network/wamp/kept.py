"""What is made anew at each join: a subscription or a registration, until it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from twisted.logger import Logger

from livetiming.network.connection import CallFailed
from livetiming.network.wamp.errors import PROCEDURE_EXISTS
from livetiming.network.wamp.session import Session

OCCUPIED_S = 1.0
"""After so long a procedure that somebody else answers is asked for again."""
REFUSED_S = 5.0
"""After so long anything else that was refused is."""

_log = Logger()


class _Made(Protocol):
    def stop(self) -> None: ...


Ask: TypeAlias = Callable[[Session, Callable[[CallFailed | None], None]], _Made]
"""Asks a session for it; the function is called when it is so, or with why not."""


class KeptAnew:
    """See `livetiming.network.connection.Kept`.

    Args:
        reactor: Twisted's.
        name: for the log.
        ask: asks a session for it.
        ready: called each time that it was made.
        forget: called when it is stopped.
    """

    def __init__(
        self,
        reactor: Any,
        name: str,
        ask: Ask,
        ready: Callable[[], None] | None,
        forget: Callable[[KeptAnew], None],
    ) -> None:
        self._reactor = reactor
        self._name = name
        self._ask = ask
        self._ready = ready
        self._forget = forget
        self._again: Any = None
        self._made: _Made | None = None
        self._stopped = False
        self._complained = ""

    def make(self, session: Session) -> None:
        """Ask for it in a session."""
        self.lose()
        self._made = self._ask(session, lambda failed: self._answered(session, failed))

    def lose(self) -> None:
        """The session is over, and all of it that was in it."""
        self._made = None
        if self._again is not None and self._again.active():
            self._again.cancel()

    def stop(self) -> None:
        """Take it back."""
        if self._stopped:
            return
        self._stopped = True
        self._forget(self)
        made = self._made
        self.lose()
        if made is not None:
            made.stop()

    def _answered(self, session: Session, failed: CallFailed | None) -> None:
        if self._stopped:
            return
        if failed is None:
            self._complained = ""
            if self._ready is not None:
                tell(self._ready, self._name)
            return
        self._complain(failed)
        wait_s = OCCUPIED_S if failed.error == PROCEDURE_EXISTS else REFUSED_S
        self._again = self._reactor.callLater(wait_s, self.make, session)

    def _complain(self, failed: CallFailed) -> None:
        if failed.error != self._complained:
            self._complained = failed.error
            _log.warn("{name}: {failed}; tried again", name=self._name, failed=failed)


def tell(told: Callable[[], object], name: str) -> None:
    """Call a function of somebody else's; what it raises is logged by name."""
    try:
        told()
    except Exception:
        _log.failure("{name}: {told}", name=name, told=getattr(told, "__qualname__", told))
