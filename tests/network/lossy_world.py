"""A small world that loses, delays and repeats: one viewer, writers that come and go."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from random import Random

from livetiming.network.follow import Ask, Follower, Limits
from livetiming.network.wire import Beacon, Lines, SnapshotAnswer
from tests.network.made_log import AT, SESSION, MadeLog

LENGTH_S = 90.0
CALM_S = 60.0
"""So long nothing is lost any more."""
LIMITS = (
    Limits(waiting_lines=12, answer_lines=9, far_behind=25),
    Limits(waiting_bytes=1_000, answer_lines=20, far_behind=40),
)


class LossyWorld:
    """What happens to one viewer, from a seed.

    Args:
        random: decides about everything.
        follow: makes the viewer, from its random numbers.
        is_faultless: whether nothing goes wrong.
    """

    def __init__(
        self,
        random: Random,
        follow: Callable[[Callable[[], float]], Follower],
        *,
        is_faultless: bool = False,
    ) -> None:
        self._random = random
        self._now = 0.0
        self._number = 0
        self._todo: list[tuple[float, int, Callable[[], None]]] = []
        self._void: list[Ask] = []
        self._loss = 0.0 if is_faultless else random.choice([0.0, 0.02, 0.1, 0.3])
        self._mishaps = 0 if is_faultless else random.randrange(6)
        self._late = random.choice([0.01, 0.05, 0.5, 4.0])
        self._online = False
        self._dark_until = 0.0
        self._log = MadeLog(random.choice([1, 5]))
        self._logs = [self._log]
        self._alive = [self._log]
        self.viewer = follow(Random(random.random()).random)

    def run(self) -> None:
        """Let it all happen; at the end the viewer has what the newest living writer has."""
        self._after(self._random.uniform(0, 3), self._join)
        self._after(0, self._publish)
        self._after(0, self._beacon)
        for _ in range(self._mishaps):
            self._after(self._random.uniform(0, LENGTH_S), self._random.choice(self._kinds()))
        while self._todo and self._now < LENGTH_S + CALM_S:
            at, _, do = heapq.heappop(self._todo)
            self._tick_until(at)
            do()

    def _kinds(self) -> list[Callable[[], None]]:
        return [
            self._restart,
            self._stub,
            self._twin,
            self._leave,
            self._close,
            self._damage,
            self._black_out,
        ]

    @property
    def _calm(self) -> bool:
        return self._now >= LENGTH_S

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._todo, (self._now + seconds, self._number, do))

    def _tick_until(self, then: float) -> None:
        while (at := self.viewer.wake_at) is not None and at <= then:
            self._now = max(self._now, at)
            self._take(self.viewer.tick(self._now))
        self._now = then

    def _take(self, ask: Ask | None) -> None:
        """Answer a call: late, never, with an error, from whoever holds the session."""
        if ask is None:
            return
        chance = 1.0 if self._calm else self._random.random()
        if self._now < self._dark_until:
            self._after(0.01, lambda: self.viewer.failed(ask, self._now))
        elif chance < self._loss:
            self._void.append(ask)
        elif chance < 2 * self._loss:
            self._after(self._delay(), lambda: self.viewer.failed(ask, self._now))
        else:
            self._after(self._delay(), lambda: self._answer(ask))

    def _delay(self) -> float:
        if self._calm:
            return 0.01
        return self._random.uniform(0, 7) if self._random.random() < self._loss else 0.02

    def _answer(self, ask: Ask) -> None:
        old = not self._calm and self._random.random() < self._loss
        log = self._random.choice(self._logs) if old else self._log
        end = self._random.randrange(1, log.next_seq) if old else log.next_seq - 1
        if ask.from_seq is None:
            answer = self._altered(log.snapshot(end, self._clock()))
            if self._random.random() < self._loss:
                answer = answer._replace(next_seq=log.next_seq)
            self._take(self.viewer.answered(ask, answer, self._now))
        else:
            answer = log.events(ask.from_seq, ask.limit, end)
            self._take(self.viewer.answered(ask, answer, self._now))
        if self._void and self._random.random() < self._loss:
            void = self._void.pop()
            self._take(self.viewer.answered(void, log.snapshot(end, self._clock()), self._now))

    def _altered(self, answer: SnapshotAnswer) -> SnapshotAnswer:
        if self._calm or self._random.random() >= self._loss / 3:
            return answer
        change = self._random.choice([(b'"log":1', b'"log":2'), (SESSION.encode(), b"0" * 32)])
        return answer._replace(snapshot=answer.snapshot.replace(*change))

    def _clock(self) -> int:
        return AT + round(self._now * 1000)

    def _say(self, message: Lines | Beacon) -> None:
        """Send on the topic: perhaps lost, late, or twice."""
        lost = not self._calm and self._random.random() < self._loss
        if lost or self._now < self._dark_until:
            return
        copies = 2 if not self._calm and self._random.random() < self._loss / 3 else 1
        for _ in range(copies):
            self._after(self._spread(), lambda: self._hear(message))

    def _spread(self) -> float:
        return self._random.uniform(0, self._late) if self._random.random() < self._loss else 0.005

    def _hear(self, message: Lines | Beacon) -> None:
        """Once in a while something comes from a connection that is gone."""
        if self._online or self._random.random() < 0.1:
            self._take(self.viewer.message(message, self._now))

    def _publish(self) -> None:
        for log in self._alive:
            first, count = log.next_seq, self._random.choice([1, 1, 1, 2, 3, 7])
            log.write_laps(count)
            self._say(log.said(first, count))
        if not self._calm:
            self._after(self._random.choice([0.1, 0.5, 2.0, 6.0]), self._publish)

    def _beacon(self) -> None:
        for log in self._alive:
            self._say(log.beacon(self._clock(), self._random.choice([None, AT])))
        self._after(5, self._beacon)

    def _join(self) -> None:
        self._online = True
        self._take(self.viewer.subscribed(self._now))

    def _leave(self) -> None:
        """The viewer's connection goes, and comes back."""
        if self._online and not self._calm:
            self._online = False
            self.viewer.lost()
            self._after(self._random.uniform(0, 25), self._join)

    def _restart(self) -> None:
        """The writer dies; another goes on with its log, perhaps without the last lines."""
        seq = max(1, self._log.next_seq - 1 - self._random.choice([0, 1, 5, 9]))
        self._alive = []
        self._after(self._random.choice([0.0, 3.0, 20.0]), lambda: self._open(seq))

    def _open(self, seq: int) -> None:
        newest = max(log.writer for log in self._logs)
        self._log = self._log.resumed(newest + 1, min(seq, self._log.next_seq - 1))
        self._logs.append(self._log)
        self._alive = [self._log]
        self._say(self._log.said(self._log.next_seq - 1))
        self._say(self._log.beacon(self._clock()))

    def _stub(self) -> None:
        """A newer writer says one word and is never heard again."""
        newest = max(log.writer for log in self._logs)
        stub = self._log.resumed(newest + 1)
        self._logs.append(stub)
        self._say(stub.said(stub.next_seq - 1))

    def _twin(self) -> None:
        """Two writers at once, for a while."""
        older = list(self._alive)
        self._open(self._log.next_seq - 1)
        self._alive += older
        self._after(self._random.uniform(1, 20), self._fence)

    def _fence(self) -> None:
        self._alive = self._alive[:1]

    def _close(self) -> None:
        """The session is over; perhaps it goes on after all."""
        if not self._alive or self._log.is_closed:
            return
        self._log.close()
        self._alive = []
        self._say(self._log.said(self._log.next_seq - 1))
        self._after(self._random.uniform(5, 40), lambda: self._open(self._log.next_seq - 1))

    def _black_out(self) -> None:
        """Nobody is heard, and nobody answers."""
        self._dark_until = min(self._now + self._random.uniform(10, 80), LENGTH_S)

    def _damage(self) -> None:
        """Somebody says a line that is none, or one that does not fit."""
        what = self._random.choice([b'"closed"', b'"changed","removed":["9"]', b'"changed"'])
        seq = self._random.choice([self._log.next_seq, self.viewer.seq + 1])
        if seq > self._log.next_seq:
            return
        line = b'{"seq":%d,"at":%d,"type":%b}' % (seq, AT, what)
        self._hear(self._log.instead(seq, line))

    @property
    def truth(self) -> MadeLog:
        """What the viewer must have at the end."""
        return self._log
