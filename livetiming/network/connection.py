"""What a component needs of its connection to the router, so that tests can hand in another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred

from livetiming.errors import LivetimingError

CALL_S = 5.0
"""So long a call waits for its answer."""


class CallFailed(LivetimingError):
    """A call got no answer: ask again later.

    Args:
        error: its name on the wire, such as `wamp.error.no_such_procedure`, or `TIMEOUT` or
            `NOT_JOINED` of `names`.
        what: in words.
    """

    def __init__(self, error: str, what: str = "") -> None:
        super().__init__(f"{error}: {what}" if what else error)
        self.error = error


class Refused(LivetimingError):
    """What is asked of us cannot be answered; the caller gets `CallFailed` of that name.

    Args:
        error: its name on the wire.
        what: in words.
    """

    def __init__(self, error: str, what: str) -> None:
        super().__init__(what)
        self.error = error


class Kept(Protocol):
    """A subscription or a registration, made anew at each join until it is stopped."""

    def stop(self) -> None:
        """Take it back."""


class Connection(Protocol):
    """A connection to the router, which comes and goes.

    What was subscribed to or registered is made anew at each join. Arguments are positional, and
    only `None`, booleans, integers, text and dictionaries of these.
    """

    @property
    def joined(self) -> bool:
        """Whether the router is there now."""

    def on_join(self, told: Callable[[], None]) -> None:
        """Have something told after each join, when all that is kept was asked for; also now, if
        joined.
        """

    def publish(self, topic: str, *args: Any, retained: bool = False) -> None:
        """Tell whoever listens, but not ourselves; lost while not joined."""

    def call(self, procedure: str, *args: Any) -> Deferred[Any]:
        """Ask; fails with `CallFailed` after `CALL_S` at the latest."""

    def subscribe(
        self, topic: str, take: Callable[..., object], ready: Callable[[], None] | None = None
    ) -> Kept:
        """Hear what others publish.

        Args:
            topic: exactly.
            take: called with the arguments; what it raises is logged.
            ready: called each time that the subscription was made.
        """

    def register(
        self,
        procedure: str,
        answer: Callable[..., object],
        *,
        prefix: bool = False,
        shared: bool = False,
    ) -> Kept:
        """Answer calls.

        Args:
            procedure: exactly, or the beginning of its name.
            answer: called with the arguments, before them the procedure's name where it is a
                prefix; gives the result or a Deferred of it, and raises `Refused`.
            prefix: whether all procedures that begin so are meant.
            shared: whether others may answer too; the newest registration does.
        """
