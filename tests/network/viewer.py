"""A follower with a clock of its own, for tests that go through a rule step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from livetiming.network.follow import Ask, Follower, Limits
from livetiming.network.wire import Answer, Beacon, Lines, SnapshotAnswer
from tests.network.made_log import SESSION, MadeLog


class Viewer:
    """Follows; keeps what it asked for, and when.

    Args:
        draws: what its random numbers are, over and over.

    Attributes:
        asks: each with its time.
        history: writer, seq and chain after each step of the state.
    """

    def __init__(
        self,
        *,
        draws: Sequence[float] = (0.5,),
        limits: Limits | None = None,
        proves: bool = True,
    ) -> None:
        numbers = cycle(draws)
        self.follower = Follower(
            SESSION,
            lambda: next(numbers),
            limits=limits,
            moved=lambda _: self.history.append(self.place),
            proves=proves,
        )
        self.now = 0.0
        self.asks: list[tuple[float, Ask]] = []
        self.history: list[tuple[int | None, int, bytes | None]] = []

    @property
    def place(self) -> tuple[int | None, int, bytes | None]:
        return self.follower.writer, self.follower.seq, self.follower.chain

    @property
    def wanted(self) -> list[tuple[float, int | None]]:
        """When it asked for what: the first line, or `None` for the snapshot."""
        return [(at, ask.from_seq) for at, ask in self.asks]

    @property
    def last(self) -> Ask:
        return self.asks[-1][1]

    def _keep(self, ask: Ask | None) -> None:
        if ask:
            self.asks.append((round(self.now, 6), ask))

    def subscribe(self) -> None:
        self._keep(self.follower.subscribed(self.now))

    def hear(self, *messages: Lines | Beacon) -> None:
        for message in messages:
            self._keep(self.follower.message(message, self.now))

    def get(self, answer: Answer | SnapshotAnswer, ask: Ask | None = None) -> None:
        """The answer to its last ask, where no other is named."""
        self._keep(self.follower.answered(ask or self.last, answer, self.now))

    def fail(self) -> None:
        self.follower.failed(self.last, self.now)

    def wait_until(self, then: float) -> None:
        """Let time pass, as an owner would who keeps to `wake_at`."""
        while (at := self.follower.wake_at) is not None and at <= then:
            self.now = max(self.now, at)
            self._keep(self.follower.tick(self.now))
        self.now = then

    def wait(self, seconds: float) -> None:
        self.wait_until(self.now + seconds)

    def has(self, log: MadeLog, seq: int | None = None) -> bool:
        """Whether it stands exactly there."""
        seq = log.next_seq - 1 if seq is None else seq
        return self.place == (log.writer, seq, log.chains[seq])


def joined(log: MadeLog, **options) -> Viewer:
    """A viewer who has all of a log and has heard its beacon."""
    viewer = Viewer(**options)
    viewer.subscribe()
    viewer.get(log.snapshot())
    viewer.hear(log.beacon())
    viewer.asks.clear()
    viewer.history.clear()
    return viewer
