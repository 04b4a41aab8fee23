"""The router: Crossbar as a child that is started again when it dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.protocol import ProcessProtocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.components.allowance import Allowance
from livetiming.components.backoff import Backoff
from livetiming.components.saying import Saying

POLL_S = 0.1
START_S = 120.0
"""A Crossbar that does not answer for so long after its start never will."""
STOP_S = 10.0
FUTILE = 10
"""So many deaths one after the other, without an answer between them, and we give up."""
_LAST_LINES = 5

_log = Logger()


class Outside(NamedTuple):
    """What the router needs of the world.

    Args:
        reactor: Twisted's, or a clock.
        spawn: starts Crossbar, whose output goes to the given protocol; it is the first of a
            process group of its own.
        kill: kills what is left of a process group.
        healthy: asks whether Crossbar answers over HTTP; gives a Deferred of yes or no.
        tell: says a line to the operator.
    """

    reactor: Any
    spawn: Callable[[ProcessProtocol], Any]
    kill: Callable[[int], None]
    healthy: Callable[[], Deferred[bool]]
    tell: Callable[[str], None]


class _State(Enum):
    STARTING = "starting"
    LISTENING = "listening"
    DEAD = "dead"
    STOPPING = "stopping"


class Router:
    """Keeps a Crossbar running.

    Args:
        outside: the world.
        url: where it listens, for the operator.
    """

    def __init__(self, outside: Outside, url: str) -> None:
        self._outside = outside
        self._clock = outside.reactor
        self._url = url
        self._backoff = Backoff()
        self._allowance = Allowance(outside.reactor.seconds)
        self._state = _State.DEAD
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._futile = 0
        self._born_at = 0.0
        self._process: Any = None
        self._group = 0
        self._later: Any = None
        self._ended: Deferred[bool] = Deferred()

    def start(self) -> Deferred[bool]:
        """Start Crossbar.

        Returns: fires when all is over: whether it was stopped, and not given up.
        """
        self._spawn()
        return self._ended

    def stop(self) -> None:
        """Stop Crossbar, and be over when it has ended."""
        was, self._state = self._state, _State.STOPPING
        self._cancel()
        if was is _State.DEAD:
            self._ended.callback(True)
        elif was is _State.STARTING:
            self._kill()  # it has nobody to say goodbye to, and would not always listen yet
        elif was is _State.LISTENING:
            self._process.signalProcess("TERM")
            self._later = self._clock.callLater(STOP_S, self._kill)

    def _spawn(self) -> None:
        self._state = _State.STARTING
        self._last.clear()
        self._born_at = self._clock.seconds()
        self._process = self._outside.spawn(Saying(self._said, self._died))
        self._group = self._process.pid
        self._later = self._clock.callLater(POLL_S, self._poll)

    def _poll(self) -> None:
        """Ask the Crossbar of this moment; an answer about an earlier one counts for nothing."""
        process = self._process

        def answered(healthy: bool) -> None:
            if self._state is _State.STARTING and self._process is process:
                self._go_on(healthy)

        asked = self._outside.healthy()
        asked.addErrback(_no)
        asked.addCallback(answered)
        asked.addErrback(lambda failure: _log.failure("asking Crossbar", failure=failure))

    def _go_on(self, healthy: bool) -> None:
        if healthy:
            self._state = _State.LISTENING
            self._futile = 0
            self._outside.tell(f"listening on {self._url}")
        elif self._clock.seconds() - self._born_at > START_S:
            self._last.append(f"nothing: it did not answer within {START_S:.0f} s")
            self._kill()
        else:
            self._later = self._clock.callLater(POLL_S, self._poll)

    def _said(self, line: str) -> None:
        self._last.append(line)
        shown = self._allowance.admit(line)
        if shown is not None:
            say = _log.debug if self._state is _State.STOPPING else _log.warn
            say("crossbar: {line}", line=shown)

    def _died(self, how: str) -> None:
        self._cancel()
        self._sweep()
        if self._state is _State.STOPPING:
            self._ended.callback(True)
            return
        self._futile += 1
        said = f"; it said: {' / '.join(self._last)}" if self._last else ""
        self._state = _State.DEAD
        if self._futile >= FUTILE:
            self._outside.tell(f"Crossbar {how}, {FUTILE} times now; giving up{said}")
            self._ended.callback(False)
            return
        wait_s = self._backoff.after(self._clock.seconds() - self._born_at)
        self._outside.tell(f"Crossbar {how}; again in {wait_s:.1f} s{said}")
        self._later = self._clock.callLater(wait_s, self._spawn)

    def _sweep(self) -> None:
        """What a dead one leaves behind would keep the port."""
        self._outside.kill(self._group)

    def _kill(self) -> None:
        """Kill it and its children; it may be so young that it has no group of its own."""
        self._process.signalProcess("KILL")
        self._sweep()

    def _cancel(self) -> None:
        if self._later is not None and self._later.active():
            self._later.cancel()
        self._later = None


def _no(_failure: Failure) -> bool:
    """A question that fails is no answer; who is asked may not be there yet."""
    return False
