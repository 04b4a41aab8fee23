"""What the other side says of a session, against the history that is here already.

Pure: messages in, lines to append out. There is one history, the first that came; lines go on from
it or are left out, and it is never cut back.
"""

from __future__ import annotations

from livetiming.errors import BadLine, BadState, BadValue, LivetimingError
from livetiming.events import SessionId, State
from livetiming.events.log import Folded, Place
from livetiming.events.state import as_json, from_json
from livetiming.network.said import Chains, Fit, Said, Step, fit, walk
from livetiming.network.sources import Source
from livetiming.network.wire import Answer, Beacon, Lines

CLASHES = 3
"""So many answers in a row of another history are no accident of the other side's."""


class Contradicted(LivetimingError):
    """The other side has another history of a session than the one here: see which is right there.

    What is here stays as it is, and nothing more is added to it.
    """


class Unfit(LivetimingError):
    """The other side's lines make no session: its aggregator is damaged, or means ill."""


class Copy:
    """A session's history here, and what goes on from it.

    Args:
        session: whose it is.
        state: after its last line, not touched; of no line where none is given.
        place: of its last line.
        chains: after each of its lines.
    """

    def __init__(
        self,
        session: SessionId,
        state: State | None = None,
        place: Place | None = None,
        chains: bytes = b"",
    ) -> None:
        own = None if state is None else from_json(as_json(state))
        self._proof = Folded(session, own, place)
        self._chains = Chains(chains)
        self._said = Source(0)
        self._is_doubted = False
        self._clashes = 0
        self.has_all = False
        """Whether an answer went as far as the other side's log."""

    @property
    def session(self) -> SessionId:
        """Whose history it is."""
        return self._proof.session

    @property
    def seq(self) -> int:
        """The last line's number."""
        return self._proof.seq

    @property
    def at(self) -> int:
        """The last line's instant, epoch ms."""
        return self._proof.at

    @property
    def state(self) -> State:
        """After the last line; to be read only."""
        return self._proof.state

    @property
    def lacks(self) -> bool:
        """Whether the other side has more, or something else."""
        return self._is_doubted or self._said.head > self.seq

    def hear(self, message: Lines | Beacon, *, takes: bool = True) -> list[bytes]:
        """Take what came on the session's topic.

        A message that does not fit may be late, or of a twin: the log behind it is asked.

        Args:
            message: what came.
            takes: whether lines can be appended now; else they are asked for later.
        Returns: the lines to append.
        Raises: `BadMessage`; `Unfit`, after which this copy is of no more use.
        """
        said = self._read(message)
        how = fit(self._chains, said)
        if how is Fit.CLASH:
            self._is_doubted = True
            return []
        self._said.spoke(said)
        if how is Fit.AHEAD:
            self._said.keep(said.steps)
            return []
        return self._take(said) if takes else []

    def fits(self, message: Lines | Beacon) -> bool:
        """Whether a message may be of this history.

        Raises: `BadMessage`.
        """
        return fit(self._chains, self._read(message)) is not Fit.CLASH

    def answered(self, answer: Answer) -> list[bytes]:
        """Take what the other side's log answered, which decides what is its history.

        Returns: the lines to append.
        Raises: `BadMessage`; `Contradicted`; `Unfit`, after which this copy is of no more use.
        """
        writer, next_seq, first, chain, lines = answer
        said = walk(self.session, writer, first, chain, lines)
        if fit(self._chains, said) is Fit.CLASH:
            self._clash(said)
            return []
        self._clashes, self._is_doubted = 0, False
        if said.end >= next_seq - 1:
            self._said.head, self.has_all = said.end, True
        return self._take(said)

    def _clash(self, said: Said) -> None:
        self._clashes += 1
        self._is_doubted = True
        if self._clashes >= CLASHES:
            where = f"writer {said.writer}, event {min(said.end, self.seq)}"
            raise Contradicted(f"the other side has another history ({where}); ours stays")

    def _read(self, message: Lines | Beacon) -> Said:
        if isinstance(message, Beacon):
            return Said(message.writer, message.next_seq - 1, message.chain)
        writer, first, chain, lines = message
        return walk(self.session, writer, first, chain, lines)

    def _take(self, said: Said) -> list[bytes]:
        taken = [self._add(step) for step in said.steps if step.seq == self.seq + 1]
        while self._said.loose:
            step = self._said.drop_loose(self.seq + 1)
            if step is None or step.before != self._chains.last:
                break
            taken.append(self._add(step))
        for seq in [seq for seq in self._said.loose if seq <= self.seq]:
            self._said.drop_loose(seq)
        return taken

    def _add(self, step: Step) -> bytes:
        try:
            self._proof.make_room(len(step.line))
            self._proof.step(step.line)
        except (BadLine, BadState, BadValue) as error:
            raise Unfit(f"event {step.seq} does not follow: {error}") from error
        self._chains.add(step)
        return step.line
