"""Keeping copies of a session's histories: what each writer's messages mean against them.

Pure: messages in, lines to append out; no clock, no disk, no network.
A history is appended to where the chain before a line is its own, and never cut back to follow
anybody. What fits none becomes a further history, once the writer's own log says so in an answer:
a message alone may be late, or forged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from livetiming.events import SessionId
from livetiming.events.log.lines import GENESIS
from livetiming.network.said import Fit, Said, Step, fit
from livetiming.network.sources import Branch, Source

MAX_HISTORIES = 8
SHORT_ANSWERS = 3
"""A writer's own log that ends before its head so often does not have it; one answer may have been
given before the head was published."""


class Gap(NamedTuple):
    """Lines that a writer published and no history has.

    Args:
        writer: whose.
        first: of the lines.
        last: of the lines.
        chain: after the last.
    """

    writer: int
    first: int
    last: int
    chain: bytes


class Taken(NamedTuple):
    """Lines that a history goes on with.

    Args:
        branch: the history.
        steps: the lines, in order.
    """

    branch: Branch
    steps: list[Step]


class Replica:
    """The copies of one session's histories.

    Args:
        session: whose they are.
    """

    def __init__(self, session: SessionId) -> None:
        self.session = session
        self.branches: dict[int, Branch] = {}
        self.sources: dict[int, Source] = {}

    @property
    def known(self) -> bool:
        """Whether all histories can be compared with."""
        return all(branch.known for branch in self.branches.values())

    def branch(self, number: int) -> Branch:
        """One of the histories, which begins where there is none of that number."""
        return self.branches.setdefault(number, Branch(number))

    def source(self, writer: int) -> Source:
        """One of the writers."""
        return self.sources.setdefault(writer, Source(writer))

    def hear(self, said: Said) -> Taken | None:
        """Take what came on the session's topic, or was announced.

        Returns: the lines that a history goes on with.
        """
        source = self.source(said.writer)
        if not self.known or source.refused:
            source.spoke(said)
            return None
        branch = source.branch or self._longest(source)
        if branch is None and not self.branches:
            branch = self._new()
        if branch is None or fit(branch.chains, said) is Fit.CLASH:
            self._doubt(source, said)
            return None
        return self._take(source, branch, said)

    def answered(self, source: Source, said: Said, *, is_all: bool = False) -> Taken | None:
        """Take what a writer's own log answered: it decides which history that is.

        Args:
            source: the writer.
            said: the answer.
            is_all: whether that log ends with it.
        Returns: the lines that a history goes on with.
        """
        source.short = source.short + 1 if is_all and said.end < source.head else 0
        if source.short >= SHORT_ANSWERS:
            source.disown(said.end, said.chain)
        while self.known and not source.refused:
            branch = source.branch or self._longest(source) or self._new()
            if branch is None:
                source.refused = True
                source.drop_loose()
                break
            if fit(branch.chains, said) is not Fit.CLASH:
                self._settle(source, branch, said)
                return self._take(source, branch, said)
            self._leave(source, branch)
        return None

    def _longest(self, source: Source) -> Branch | None:
        found = [
            branch
            for branch in self.branches.values()
            if not branch.refused and branch.number not in source.bad
        ]
        return max(found, key=lambda each: (each.chains.seq, -each.number), default=None)

    def _new(self) -> Branch | None:
        free = (n for n in range(1, MAX_HISTORIES + 1) if n not in self.branches)
        number = next(free, None)
        return None if number is None else self.branch(number)

    def _doubt(self, source: Source, said: Said) -> None:
        if source.doubted is None or said.end > source.doubted.end:
            source.doubted = said
        source.keep(said.steps)

    def _leave(self, source: Source, branch: Branch) -> None:
        """A writer's log is another history than that one."""
        source.bad.append(branch.number)
        source.branch, source.proved = None, 0
        if branch.writer == source.writer:
            source.liar = branch
        if branch.chains.after(source.head) == source.chain:
            source.head, source.chain = 0, GENESIS
        doubted, source.doubted = source.doubted, None
        if doubted is not None:
            source.spoke(doubted)

    def _settle(self, source: Source, branch: Branch, said: Said) -> None:
        """A log is that history, as far as can be told: what did not fit is not of it."""
        if source.doubted is None:
            return
        if fit(branch.chains, said) is Fit.OK:
            source.doubted = None
            source.forged += 1

    def _take(self, source: Source, branch: Branch, said: Said) -> Taken | None:
        source.branch = branch
        steps = [step for step in said.steps if step.seq > branch.chains.seq]
        if said.before > branch.chains.seq or not branch.ready:
            source.keep(steps)
            steps = []
        _append(branch, steps)
        shared = min(said.end, branch.chains.seq)
        if shared >= said.before:
            source.proved = max(source.proved, shared)
            if source.head <= shared and branch.chains.after(source.head) != source.chain:
                source.disown(shared, said.at(shared))
        source.spoke(said)
        if branch.ready:
            steps += self._attach(source, branch)
        return Taken(branch, steps) if steps else None

    def _attach(self, source: Source, branch: Branch) -> list[Step]:
        """Append what fits of the lines that waited for the ones before them."""
        steps: list[Step] = []
        while source.loose:
            step = source.drop_loose(branch.chains.seq + 1)
            if step is None or step.before != branch.chains.last:
                break
            _append(branch, [step])
            source.proved = max(source.proved, step.seq)
            steps.append(step)
        for seq in [seq for seq in source.loose if seq <= branch.chains.seq]:
            source.drop_loose(seq)
        return steps

    def extend(self, branch: Branch, steps: Sequence[Step]) -> list[Step]:
        """Go on in a history with lines that nobody said, but that are known to be of it.

        Returns: those that follow.
        """
        following = [step for step in steps if step.seq > branch.chains.seq]
        if not following or following[0].before != branch.chains.last or not branch.ready:
            return []
        _append(branch, following)
        return following

    def attach(self, source: Source) -> Taken | None:
        """Append what waited for its history to take lines."""
        branch = source.branch
        if not source.loose or branch is None or not branch.ready or not branch.known:
            return None
        steps = self._attach(source, branch)
        return Taken(branch, steps) if steps else None

    def needs(self, source: Source) -> bool:
        """Whether a writer's log must be asked: it has more, or something else."""
        if source.refused or not self.known:
            return False
        branch = source.branch
        if source.doubted is not None or branch is None:
            return source.doubted is not None or source.head > 0
        found = branch.chains.after(source.head)
        if found == source.chain:
            source.proved = max(source.proved, source.head)
            return False
        if found is not None:
            source.doubted = Said(source.writer, source.head, source.chain)
        return True

    def wanted(self, source: Source) -> int:
        """The line from which on a writer's log is asked."""
        branch = source.branch or self._longest(source)
        return 1 if branch is None else branch.chains.seq + 1

    def recorded(self, source: Source) -> tuple[Branch | None, int, bytes]:
        """How far a writer's lines are on disk; for one that contradicts itself, what it said.

        Returns: the history, the last line, and the chain after it.
        """
        contradicted = self.contradicted(source)
        branch = contradicted or source.branch
        if branch is None:
            return None, 0, GENESIS
        seq = branch.durable if contradicted else min(branch.durable, source.proved)
        return branch, seq, branch.chains.after(seq) or GENESIS

    @staticmethod
    def contradicted(source: Source) -> Branch | None:
        """The history in which a writer said something else, or may have.

        To be told of that does no harm to one in whose name somebody else spoke: it is its own.
        """
        if source.liar is None and source.doubted is not None and source.branch is not None:
            return source.branch if source.branch.writer == source.writer else None
        return source.liar

    def reset(self, branch: Branch) -> None:
        """Forget what of a history did not get to the disk."""
        branch.chains.cut(branch.durable)
        for source in self.sources.values():
            if source.branch is branch:
                source.proved = min(source.proved, branch.durable)

    def refuse(self, branch: Branch) -> None:
        """A history turned out to be damaged: its writers begin another."""
        branch.refused, branch.ready, branch.known = True, False, True
        for source in self.sources.values():
            if source.branch is branch:
                source.branch, source.proved = None, 0

    @property
    def newest_writer(self) -> int:
        """The newest writer that was heard of; 0 where none was."""
        named = (branch.writer or 0 for branch in self.branches.values())
        return max((*self.sources, *named), default=0)

    def gaps(self) -> Iterator[Gap]:
        """What was published and is in no history."""
        for source in self.sources.values():
            heads = [(source.head, source.chain)]
            if source.vanished is not None:
                heads.insert(0, source.vanished)
            for head, chain in heads:
                if not self._has(head, chain):
                    yield Gap(source.writer, min(source.proved + 1, head), head, chain)

    def _has(self, seq: int, chain: bytes) -> bool:
        return any(branch.chains.after(seq) == chain for branch in self.branches.values()) or (
            seq == 0
        )


def _append(branch: Branch, steps: Iterable[Step]) -> None:
    for step in steps:
        branch.chains.add(step)
        branch.writer = step.writer or branch.writer
