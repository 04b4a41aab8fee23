"""A follower's copy of the session: a writer's state, folded line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from livetiming.errors import BadLine, BadState
from livetiming.events.log.fold import TIMING
from livetiming.events.log.folded import Folded, at_snapshot
from livetiming.events.log.lines import link, read_head
from livetiming.events.model import Event
from livetiming.events.names import SessionId
from livetiming.network.follow.waiting import Run


class Replica:
    """The state of a session as one of its writers has it.

    Args:
        session: whose.
        moved: called after each step, with the event, or with `None` where a snapshot was taken.
        proves: whether the chain is compared.

    Attributes:
        writer: whose lines were applied; `None` without a state.
        folded: the lines applied; `None` before the first snapshot.
    """

    def __init__(
        self, session: SessionId, moved: Callable[[Event | None], None], *, proves: bool
    ) -> None:
        self._session = session
        self._moved = moved
        self._proves = proves
        self.writer: int | None = None
        self.folded: Folded | None = None

    @property
    def seq(self) -> int:
        """The last line applied; 0 before the first."""
        return self.folded.seq if self.folded else 0

    @property
    def is_closed(self) -> bool:
        """Whether the session is over, as far as is known here."""
        return self.folded is not None and self.folded.state.closed is not None

    def take(self, writer: int, snapshot: bytes, *, least_seq: int) -> bool:
        """Go on from a snapshot.

        Args:
            writer: whose it is.
            snapshot: its line.
            least_seq: one of our own writer before this line is a late one.
        Returns: whether it was taken; not if it is of another session, or cannot be read.
        """
        try:
            head = read_head(snapshot)
            if head.session != self._session:
                return False
            if writer == self.writer and head.seq < least_seq:
                return False
            self.folded = at_snapshot(snapshot, TIMING)
        except BadLine:
            return False
        self.writer = writer
        self._moved(None)
        return True

    def advance(self, run: Run) -> bool:
        """Apply what is new of lines that begin at the next one or before it.

        Returns: whether they fit; the state stays, unless they spoilt it.
        """
        folded = self.folded
        known = self.seq + 1 - run.first_seq
        if folded is None or known > len(run.lines):
            return True
        if self._proves and _chain_at(run, known) != folded.chain:
            return False
        try:
            self._fold(folded, run.lines[known:] if known else run.lines)
        except BadLine:
            return False
        except BadState:
            self.folded = self.writer = None
            return False
        return True

    def _fold(self, folded: Folded, lines: Sequence[bytes]) -> None:
        """Apply lines; one that comes alone, as most do, costs a quarter less so."""
        if len(lines) == 1:
            self._moved(folded.step(lines[0]))
            return
        for _, event in folded.steps(lines):
            self._moved(event)


def _chain_at(run: Run, count: int) -> bytes:
    """The chain after so many lines of a run."""
    chain = run.chain
    for line in run.lines[:count]:
        chain = link(chain, line)
    return chain
