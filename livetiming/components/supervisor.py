"""Keeping programs running: started again when they die, ended when it is time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from typing import Any, NamedTuple

from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ProcessExitedAlready

from livetiming.components.backoff import STEADY_S, Backoff
from livetiming.components.spawning import Spawn, Watching

LONGEST_S = 10.0
"""So long a program that died waits at most, unless it dies all the time."""
MANY = 5
"""So many deaths …"""
SPAN_S = 60.0
"""… in so many seconds are a crash loop …"""
SLOW_S = 30.0
"""… which is tried again so often."""
CONTRADICTED_S = 3.0
"""So long a service that must begin as a new writer waits at least."""
LAST_LINES = 5

_DONE = 0
_USAGE = 2
_CONTRADICTED = 70
_LOCKED = 75
_FINAL = {
    _DONE: "is done",
    _USAGE: "refuses its options, and is not started again",
    _LOCKED: "is not started again: another one runs here",
}


class Program(NamedTuple):
    """What is to be kept running.

    Args:
        name: for the operator.
        command: gives the command of the next start.
        variables: of its environment, beside ours.
    """

    name: str
    command: Callable[[], Sequence[str]]
    variables: Mapping[str, str]


class Outside(NamedTuple):
    """What a supervisor needs of the world.

    Args:
        reactor: Twisted's, or a clock.
        spawn: starts a program.
        tell: says a line to the operator.
        said: takes what a program says: its name and the line.
    """

    reactor: Any
    spawn: Spawn
    tell: Callable[[str], None]
    said: Callable[[str, str], None]


class _Stage(Enum):
    RUNNING = "running"
    DEAD = "dead"
    """It is started again soon."""
    ENDING = "ending"
    OVER = "over"


class Child:
    """One program, from its first start to its last end.

    Args:
        outside: the world.
        program: what it is.
    """

    def __init__(self, outside: Outside, program: Program) -> None:
        self.program = program
        self._outside = outside
        self._backoff = Backoff(LONGEST_S)
        self._deaths: deque[float] = deque(maxlen=MANY)
        self._loops = False
        self._quiet = False
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._stage = _Stage.DEAD
        self._process: Any = None
        self._born_s = 0.0
        self._later: Any = None
        self._waiting: list[Deferred[None]] = []
        self.code: int | None = None
        """Of its last end by itself."""

    @property
    def is_over(self) -> bool:
        """Whether it will not be started again."""
        return self._stage is _Stage.OVER

    @property
    def pid(self) -> int | None:
        """Of its process, while there is one."""
        return None if self._process is None else int(self._process.pid)

    @property
    def last(self) -> str:
        """What it said last."""
        return " / ".join(self._last) or "nothing"

    def start(self) -> None:
        """Start it, for the first time or again."""
        self._later = None
        self._last.clear()
        self._stage, self._born_s = _Stage.RUNNING, self._outside.reactor.seconds()
        watching = Watching(self._said, lambda how: self._died(how, watching.code))
        program = self.program
        self._process = self._outside.spawn(program.command(), program.variables, watching)

    def _said(self, line: str) -> None:
        self._last.append(line)
        if not self._quiet:
            self._outside.said(self.program.name, line)

    def _died(self, how: str, code: int | None) -> None:
        self._process, self.code = None, code
        if self._stage is _Stage.ENDING:
            self._over()
        elif code in _FINAL:
            said = f"; it said: {self.last}" if code == _USAGE else ""
            self._outside.tell(f"{self.program.name} {_FINAL[code]}{said}")
            self._over()
        else:
            self._stage = _Stage.DEAD
            wait_s = self._wait_s(code, how)
            self._later = self._outside.reactor.callLater(wait_s, self.start)

    def _wait_s(self, code: int | None, how: str) -> float:
        """How long to wait before the next start; said."""
        now = self._outside.reactor.seconds()
        ran_s = now - self._born_s
        wait_s = self._backoff.after(ran_s)
        if code == _CONTRADICTED:
            wait_s = max(wait_s, CONTRADICTED_S)
        if self._is_crash_loop(now, ran_s):
            how = f"{how}, {len(self._deaths)} times in {now - self._deaths[0]:.0f} s"
            wait_s = max(wait_s, SLOW_S)
        said = f"; it said: {self.last}" if code is not None else ""
        self._outside.tell(f"{self.program.name} {how}; started again in {wait_s:.1f} s{said}")
        return wait_s

    def _is_crash_loop(self, now: float, ran_s: float) -> bool:
        """Whether it dies all the time; that is over when it runs steadily once."""
        if ran_s >= STEADY_S:
            self._loops = False
            self._deaths.clear()
        self._deaths.append(now)
        if len(self._deaths) == MANY and now - self._deaths[0] <= SPAN_S:
            self._loops = True
        return self._loops

    def _over(self) -> None:
        self._stage = _Stage.OVER
        self._cancel()
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.callback(None)

    def over(self) -> Deferred[None]:
        """Fires when it has ended for good."""
        if self.is_over:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._waiting.append(waiting)
        return waiting

    def end(self, limit_s: float, *, quietly: bool = False) -> Deferred[None]:
        """Ask it to end, and kill it where that takes too long.

        Args:
            limit_s: so long it may take.
            quietly: whether what it says on its way out is not handed on.
        Returns: fires when it has ended.
        """
        over = self.over()
        self._quiet = quietly
        if self._process is None:
            self._over()
        elif not self.is_over:
            self._stage = _Stage.ENDING
            self._signal("TERM")
            self._later = self._outside.reactor.callLater(limit_s, self._too_long, limit_s)
        return over

    def _too_long(self, limit_s: float) -> None:
        self._later = None
        self._outside.tell(f"{self.program.name} did not end within {limit_s:.0f} s: killed")
        self.kill()

    def kill(self) -> None:
        """End it at once."""
        if self._process is None:
            self._over()
        else:
            self._cancel()
            self._stage = _Stage.ENDING
            self._signal("KILL")

    def _signal(self, name: str) -> None:
        with suppress(ProcessExitedAlready):
            self._process.signalProcess(name)

    def _cancel(self) -> None:
        if self._later is not None and self._later.active():
            self._later.cancel()
        self._later = None


class Supervisor:
    """Keeps programs running.

    Args:
        outside: the world.
    """

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self.children: dict[str, Child] = {}
        """By name, in the order in which they were started."""

    def start(self, program: Program) -> Child:
        """Keep one more running."""
        child = self.children[program.name] = Child(self._outside, program)
        child.start()
        return child

    def end(self, name: str, limit_s: float) -> Deferred[None]:
        """End one, if it was started; see `Child.end`."""
        child = self.children.get(name)
        return succeed(None) if child is None else child.end(limit_s)

    def kill(self) -> None:
        """End all of them at once."""
        for child in self.children.values():
            if not child.is_over:
                child.kill()
