"""Asking the other side for lines: one call at a time, with patience."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.events import SessionId
from livetiming.network.connection import CallFailed, Connection
from livetiming.network.names import events_procedure
from livetiming.network.wire import MAX_ANSWER, MAX_LINES, Answer, BadMessage, read_answer
from livetiming.services.world import World

BACK_S = 1.0
LONGEST_BACK_S = 30.0
JITTER = 0.25
HOLE_S = (0.1, 1.0)
"""After so long a hole is asked for: perhaps what fills it is only late."""
MAX_TEXT = 8 * MAX_ANSWER
"""Characters of an answer: lines in JSON, each byte of which may take six."""


class Pulling:
    """What is asked of the other side about one session.

    Args:
        world: the outside.
        remote: the connection to the other side.
        session: whose lines they are.
        wanted: the line to ask from; `None` while nothing is lacking, or could be taken.
        take: given an answer; says whether it brought anything.
        drop: given what came that is no answer.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        remote: Connection,
        session: SessionId,
        *,
        wanted: Callable[[], int | None],
        take: Callable[[Answer], bool],
        drop: Callable[[BadMessage], None],
    ) -> None:
        self._world = world
        self._remote = remote
        self._session = session
        self._wanted = wanted
        self._take = take
        self._drop = drop
        self._attempt = 0
        self._is_asking = False
        self._is_slow = False
        self._again: Any = None
        self._back_s = BACK_S
        self._is_begun = False
        self._stopped = False

    def joined(self) -> None:
        """What is published is heard from now on; what was asked before is void."""
        self._is_begun = True
        self._attempt += 1
        self._is_asking = False
        self._back_s = BACK_S
        self._cancel()
        self._ask()

    def heard(self) -> None:
        """The session is on the air there: asking may help soon."""
        was, self._back_s = self._back_s, BACK_S
        if self._is_slow and was > BACK_S:
            self._wait(BACK_S)

    def poke(self) -> None:
        """See now whether anything is lacking."""
        if not self._is_slow:
            self._cancel()
            self._ask()

    def poke_later(self) -> None:
        """See soon whether anything is still lacking."""
        if self._again is None and not self._is_asking:
            self._wait(self._world.random.uniform(*HOLE_S))

    def _ask(self) -> None:
        if self._stopped or self._is_asking or not self._is_begun:
            return
        first = self._wanted()
        if first is None:
            return
        self._is_asking = True
        self._attempt += 1
        asked = self._remote.call(events_procedure(self._session), first, MAX_LINES)
        asked.addBoth(self._ended, self._attempt)

    def _ended(self, result: object, attempt: int) -> None:
        if attempt != self._attempt or self._stopped:
            return
        self._is_asking = False
        try:
            progress = self._answered(result)
        except Exception:
            self._log.failure("an answer could not be followed")
            progress = False
        if self._stopped:
            return
        if progress:
            self._back_s = BACK_S
            self._ask()
        elif self._wanted() is not None:
            self._slow()

    def _answered(self, result: object) -> bool:
        if isinstance(result, Failure):
            if not isinstance(result.value, CallFailed):
                self._log.failure("asking went wrong", result)
            return False
        try:
            if not isinstance(result, str) or len(result) > MAX_TEXT:
                raise BadMessage(f"expected a text of at most {MAX_TEXT} characters")
            answer = read_answer(result)
            if len(answer.lines) > MAX_LINES:
                raise BadMessage(f"expected at most {MAX_LINES} lines, got {len(answer.lines)}")
            return self._take(answer)
        except BadMessage as error:
            self._drop(error)
            return False

    def _slow(self) -> None:
        self._is_slow = True
        self._wait(self._back_s * self._world.random.uniform(1 - JITTER, 1 + JITTER))
        self._back_s = min(2 * self._back_s, LONGEST_BACK_S)

    def _wait(self, seconds: float) -> None:
        self._cancel_timer()
        self._again = self._world.reactor.callLater(seconds, self._wake)

    def _wake(self) -> None:
        self._again = None
        self._is_slow = False
        self._ask()

    def _cancel(self) -> None:
        self._is_slow = False
        self._cancel_timer()

    def _cancel_timer(self) -> None:
        if self._again is not None:
            self._again.cancel()
            self._again = None

    def stop(self) -> None:
        """Ask no more."""
        self._stopped = True
        self._cancel()
