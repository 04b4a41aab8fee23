"""What a writer said of its log: lines, each between two chains, or only where the log ends.

Pure: messages in, steps out.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from livetiming.errors import BadLine
from livetiming.events import Described, Event, Feed, FeedStatus, SessionId
from livetiming.events.codec import decode_all
from livetiming.events.log.lines import GENESIS, link
from livetiming.network.wire import BadMessage


class Step(NamedTuple):
    """A line of a history, and where it stands there.

    Args:
        seq: its number.
        before: the chain before it.
        line: without its line feed.
        after: the chain after it.
        writer: the opening of the log that it begins; `None` for most lines.
        do_not_record: whether it says that nobody may keep the session.
    """

    seq: int
    before: bytes
    line: bytes
    after: bytes
    writer: int | None = None
    do_not_record: bool = False


class Said(NamedTuple):
    """What a message or an answer says of a writer's log.

    Args:
        writer: the opening of the log.
        end: the last line that it speaks of.
        chain: after that.
        steps: the lines up to there; none in a beacon.
    """

    writer: int
    end: int
    chain: bytes
    steps: tuple[Step, ...] = ()

    @property
    def before(self) -> int:
        """The line before its first."""
        return self.end - len(self.steps)

    def at(self, seq: int) -> bytes:
        """The chain after a line, from the one before its first on."""
        return self.chain if seq == self.end else self.steps[seq - self.before].before


def walk(
    session: SessionId, writer: int, first_seq: int, chain: bytes, lines: Sequence[bytes]
) -> Said:
    """Number lines and link them.

    Args:
        session: whose lines they must be.
        writer: who says them.
        first_seq: of the first.
        chain: before it.
        lines: without line feeds.
    Raises: `BadMessage` where they are no lines of such a log.
    """
    if first_seq == 1 and chain != GENESIS:
        raise BadMessage(f"a log begins with the chain {GENESIS.hex()}, got {chain.hex()}")
    steps = []
    try:
        for seq, (line, event) in enumerate(decode_all(lines), first_seq):
            step = _step(session, seq, chain, line, event)
            steps.append(step)
            chain = step.after
    except BadLine as error:
        raise BadMessage(str(error)) from error
    return Said(writer, first_seq - 1 + len(steps), chain, tuple(steps))


def _step(session: SessionId, seq: int, chain: bytes, line: bytes, event: Event) -> Step:
    if event.seq != seq:
        raise BadMessage(f"expected event {seq}, got {event.seq}")
    writer, do_not_record = None, False
    match event.payload:
        case Described() as described:
            if described.session != session:
                raise BadMessage(f"describes session {described.session:.40}, not {session}")
            writer, do_not_record = described.writer, described.do_not_record
        case Feed(status=FeedStatus.RESUMED) as feed:
            writer = feed.writer
        case _ if seq == 1:
            raise BadMessage("a log begins with a description")
    return Step(seq, chain, line, link(chain, line), writer, do_not_record)


class Chains:
    """The chain after each line of a history.

    Args:
        known: 8 bytes for each line.
    """

    def __init__(self, known: bytes = b"") -> None:
        self._known = bytearray(known)

    @property
    def seq(self) -> int:
        """The number of the last line."""
        return len(self._known) // len(GENESIS)

    @property
    def last(self) -> bytes:
        """The chain after the last line."""
        return bytes(self._known[-len(GENESIS) :]) if self._known else GENESIS

    def after(self, seq: int) -> bytes | None:
        """The chain after a line; `None` where there is none such."""
        if seq == 0:
            return GENESIS
        size = len(GENESIS)
        return bytes(self._known[size * (seq - 1) : size * seq]) or None if seq > 0 else None

    def add(self, step: Step) -> None:
        """Take the next line."""
        self._known += step.after

    def cut(self, seq: int) -> None:
        """Forget the lines behind one."""
        del self._known[len(GENESIS) * seq :]


class Fit(StrEnum):
    """How what a writer says stands to a history."""

    OK = "ok"
    """It is, or goes on from, that history."""
    AHEAD = "ahead"
    """It begins behind the history's end: that cannot be told yet."""
    CLASH = "clash"
    """It is another history."""


def fit(chains: Chains, said: Said) -> Fit:
    """Compare what a writer says with a history."""
    if said.before > chains.seq:
        return Fit.AHEAD
    shared = min(said.end, chains.seq)
    same = chains.after(said.before) == said.at(said.before)
    return Fit.OK if same and chains.after(shared) == said.at(shared) else Fit.CLASH
