"""What is known of a session's histories and of the writers that speak of them.

Pure: values that `Replica` keeps.
"""

from __future__ import annotations

from collections.abc import Iterable

from livetiming.events.log.lines import GENESIS
from livetiming.network.said import Chains, Said, Step

MAX_LOOSE_LINES = 500
MAX_LOOSE_SIZE = 2 * 1024 * 1024


class Branch:
    """One history of a session, as far as it is copied.

    Args:
        number: among the session's histories, from 1.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.chains = Chains()
        self.writer: int | None = None
        """The last one named in it."""
        self.durable = 0
        """The last line that is on disk."""
        self.known = True
        """Whether its chains are what is on disk, or still to be read."""
        self.ready = False
        """Whether it takes lines now."""
        self.refused = False
        """Whether it can never take any: it is damaged."""

    def load(self, chains: Chains, writer: int | None) -> None:
        """Take what was read of it, all of which is durable."""
        self.chains, self.writer, self.durable = chains, writer, chains.seq
        self.known = True


class Source:
    """One writer of a session, and what it said.

    Args:
        writer: the opening of its log.
    """

    def __init__(self, writer: int) -> None:
        self.writer = writer
        self.head = 0
        """The last line that it spoke of."""
        self.chain = GENESIS
        """After its head."""
        self.branch: Branch | None = None
        """The history that its own is, or may be."""
        self.proved = 0
        """So far its own chain was that history's."""
        self.bad: list[int] = []
        """The histories that its own is not."""
        self.liar: Branch | None = None
        """The history in which it said something else before."""
        self.doubted: Said | None = None
        """What it said that does not fit, until its log is asked."""
        self.vanished: tuple[int, bytes] | None = None
        """A head that its own log has no more."""
        self.short = 0
        """How often in a row its own log ended before its head."""
        self.loose: dict[int, Step] = {}
        """Lines behind a hole, by number."""
        self.loose_size = 0
        self.refused = False
        """Whether there is no room for its history."""
        self.forged = 0
        """How often what came in its name was not of its log."""

    def spoke(self, said: Said) -> None:
        """It spoke of a place of its log."""
        if said.end > self.head:
            self.head, self.chain = said.end, said.chain

    def disown(self, end: int, chain: bytes) -> None:
        """Its head is not of its log, which goes as far as that."""
        self.vanished = self.head, self.chain
        self.head, self.chain, self.short = end, chain, 0

    def keep(self, steps: Iterable[Step]) -> None:
        """Keep lines that are behind a hole, as many as there is room for."""
        for step in steps:
            room = self.loose_size + len(step.line) <= MAX_LOOSE_SIZE
            if step.seq not in self.loose and room and len(self.loose) < MAX_LOOSE_LINES:
                self.loose[step.seq] = step
                self.loose_size += len(step.line)

    def drop_loose(self, seq: int | None = None) -> Step | None:
        """Give up one loose line, or all."""
        step = None
        if seq is None:
            self.loose.clear()
        else:
            step = self.loose.pop(seq, None)
        self.loose_size -= len(step.line) if step else 0
        self.loose_size = self.loose_size if self.loose else 0
        return step
