"""Asking one writer's own log for what is lacking: one call at a time, with patience."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.logger import Logger
from twisted.python.failure import Failure

from livetiming.events import SessionId
from livetiming.network.connection import CallFailed, Connection
from livetiming.network.names import log_procedure
from livetiming.network.replica import Replica
from livetiming.network.said import Said, walk
from livetiming.network.sources import Source
from livetiming.network.wire import MAX_LINES, BadMessage, read_answer
from livetiming.services.world import World

BACK_S = 1.0
LONGEST_BACK_S = 30.0
JITTER = 0.25
GIVE_UP_S = 90.0
"""So long after a writer was last heard its log is asked for."""


class Pull:
    """What is asked of one writer.

    Args:
        world: the outside.
        connection: to the router.
        replica: of the session.
        source: the writer.
        take: given what the writer's log answered, and whether it ends there.
        report: told what came that is no answer.
    """

    _log = Logger()

    def __init__(
        self,
        world: World,
        connection: Connection,
        replica: Replica,
        source: Source,
        take: Callable[[Source, Said, bool], None],
        report: Callable[[SessionId, str], None],
    ) -> None:
        self._world = world
        self._connection = connection
        self._replica = replica
        self._take = take
        self._report = report
        self.source = source
        self.heard_at: float | None = None
        """When the writer was last heard, by the monotonic clock; `None` since the start."""
        self.on_air_at: float | None = None
        """When it was last heard as one that has the session on air."""
        self._back_s = BACK_S
        self._asked_at = float("-inf")
        self._asking = False
        self._retry: Any = None
        self._stopped = False

    def heard(self, *, on_air: bool) -> None:
        """The writer is there: it may be asked again soon.

        Args:
            on_air: whether it has the session on air, or only hands a log over.
        """
        self.heard_at = self._world.monotonic()
        self.on_air_at = self.heard_at if on_air else self.on_air_at
        self._back_s = BACK_S
        if self._retry is not None:
            self._cancel()
            soon = self._asked_at + BACK_S - self.heard_at
            self._wait(max(0.0, soon))

    def joined(self) -> None:
        """The router is there again."""
        self._cancel()
        self._back_s = BACK_S
        self.poke()

    @property
    def given_up(self) -> bool:
        """Whether its log is not asked any more, until it is heard again."""
        return self.heard_at is None or self._world.monotonic() - self.heard_at > GIVE_UP_S

    @property
    def is_asking(self) -> bool:
        """Whether an answer is under way."""
        return self._asking

    def poke(self) -> None:
        """Ask, if there is anything to ask for, at most once a second."""
        if self._may_ask():
            soon = self._asked_at + BACK_S - self._world.monotonic()
            if soon > 0:
                self._wait(soon)
            else:
                self._ask()

    def _may_ask(self) -> bool:
        if self._stopped or self._asking or self._retry is not None or self.given_up:
            return False
        return self._replica.needs(self.source) and self._may_take()

    def _go_on(self) -> None:
        """Ask at once: the last answer brought something, or there was patience enough."""
        if self._may_ask():
            self._ask()

    def _may_take(self) -> bool:
        """Whether an answer could be used now."""
        branch = self.source.branch
        return branch is None or branch.ready or self.source.doubted is not None

    def _ask(self) -> None:
        self._asking = True
        self._asked_at = self._world.monotonic()
        procedure = log_procedure(self._replica.session, self.source.writer)
        asking = self._connection.call(procedure, self._replica.wanted(self.source), MAX_LINES)
        asking.addCallbacks(self._answered, self._failed)
        asking.addErrback(lambda failure: self._log.failure("an answer went wrong", failure))

    def _answered(self, text: object) -> None:
        self._asking = False
        if self._stopped:
            return
        before = self._standing()
        try:
            said, is_all = self._read(text)
        except BadMessage as error:
            self._report(self._replica.session, f"an answer: {error}")
            self._slow()
            return
        self._take(self.source, said, is_all)
        if self._standing() == before and self._replica.needs(self.source):
            self._slow()
        else:
            self._go_on()

    def _standing(self) -> object:
        source = self.source
        seq = source.branch.chains.seq if source.branch else 0
        return source.branch, seq, source.doubted, source.head, len(source.bad)

    def _read(self, text: object) -> tuple[Said, bool]:
        answer = read_answer(text)
        if answer.writer != self.source.writer:
            raise BadMessage(f"expected writer {self.source.writer}, got {answer.writer}")
        session, first, chain = self._replica.session, answer.from_seq, answer.chain
        said = walk(session, answer.writer, first, chain, answer.lines)
        return said, said.end >= answer.next_seq - 1

    def _failed(self, failure: Failure) -> None:
        self._asking = False
        if not isinstance(failure.value, CallFailed):
            self._log.failure("asking went wrong", failure)
        if not self._stopped:
            self._slow()

    def _slow(self) -> None:
        spread = self._world.random.uniform(1 - JITTER, 1 + JITTER)
        self._wait(self._back_s * spread)
        self._back_s = min(2 * self._back_s, LONGEST_BACK_S)

    def _wait(self, seconds: float) -> None:
        self._retry = self._world.reactor.callLater(seconds, self._again)

    def _again(self) -> None:
        self._retry = None
        self._go_on()

    def _cancel(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def stop(self) -> None:
        """Ask no more."""
        self._stopped = True
        self._cancel()
