"""A follower of one live session: what happened goes in, what to ask for comes out."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from livetiming.events.model import Event
from livetiming.events.names import SessionId
from livetiming.events.state import State
from livetiming.network.follow.asking import NEVER, Ask, Asking
from livetiming.network.follow.heard import Heard
from livetiming.network.follow.limits import LOOK_S, SILENT_S, Limits
from livetiming.network.follow.replica import Replica
from livetiming.network.follow.session_clock import SessionClock
from livetiming.network.follow.waiting import Run, Waiting
from livetiming.network.wire import Answer, Beacon, Lines, SnapshotAnswer


class Sight(StrEnum):
    """What a viewer sees of the session."""

    JOINING = "joining"
    """Nothing yet."""
    LIVE = "live"
    STALE = "stale"
    """What was there when the writer fell silent."""
    CLOSED = "closed"


class Follower:
    """The state of one session, kept up with its writer; without clock, timer or socket.

    Each input says when it happened, in seconds of one monotonic clock, and returns the call to
    make now, if any. At `wake_at` the owner calls `tick`.

    Args:
        session: whose lines they are.
        random: draws a number from 0 to 1.
        limits: how much is kept and asked for.
        moved: called after each step of the state, with the event, or with `None` where a
            snapshot took its place.
        proves: whether the chain of each message is compared; browsers compute none.

    Attributes:
        clock: what the writer last said of the time.
    """

    def __init__(
        self,
        session: SessionId,
        random: Callable[[], float],
        *,
        limits: Limits | None = None,
        moved: Callable[[Event | None], None] | None = None,
        proves: bool = True,
    ) -> None:
        self._limits = limits or Limits()
        self._replica = Replica(session, moved or _ignore, proves=proves)
        self._asking = Asking(random)
        self._heard = Heard()
        self._waiting = Waiting(self._limits)
        self._again = False
        self._subscribed = False
        self._quiet_since = self._heard_at = NEVER
        self._look_at = NEVER
        self.clock: SessionClock | None = None

    @property
    def writer(self) -> int | None:
        """The one whose lines were applied; `None` before the first snapshot."""
        return self._replica.writer

    @property
    def seq(self) -> int:
        """The last line applied; 0 before the first."""
        return self._replica.seq

    @property
    def state(self) -> State | None:
        """After the last line applied; to be read only."""
        folded = self._replica.folded
        return folded.state if folded else None

    @property
    def chain(self) -> bytes | None:
        """After the last line applied."""
        folded = self._replica.folded
        return folded.chain if folded else None

    @property
    def wake_at(self) -> float | None:
        """When to call `tick`; `None` while there is nothing to wait for."""
        return min(self._look_at, self._asking.wake_at) if self._subscribed else None

    def sight(self, now: float) -> Sight:
        """What a viewer sees."""
        if self._replica.folded is None:
            return Sight.JOINING
        if self._replica.is_closed:
            return Sight.CLOSED
        return Sight.STALE if self.silence_s(now) >= SILENT_S else Sight.LIVE

    def silence_s(self, now: float) -> float:
        """How long no writer was heard; since the first subscription where none ever was."""
        return max(0.0, now - self._heard_at)

    def subscribed(self, now: float) -> Ask | None:
        """The topic is subscribed to, for the first time or again: earlier answers are void."""
        self._subscribed = True
        self._quiet_since = now
        self._heard_at = min(self._heard_at, now)
        self._look_at = now + LOOK_S
        self._asking.start_anew()
        return self._ask(now)

    def lost(self) -> None:
        """The connection is gone; what was asked will not be answered."""
        self._subscribed = False
        self._asking.start_anew()

    def message(self, message: Lines | Beacon, now: float) -> Ask | None:
        """Something came on the topic."""
        writer = message.writer
        self._heard.note(writer, now)
        self._quiet_since = self._heard_at = now
        if writer != self._wanted(now):
            return None
        self._asking.reset()
        self._waiting.of(writer)
        if isinstance(message, Beacon):
            self._set_clock(SessionClock(writer, message.now, message.seen_at, now))
            return self._follow(Run(message.next_seq, message.chain, ()), now)
        return self._follow(Run(message.first_seq, message.chain, message.lines), now)

    def answered(self, ask: Ask, answer: Answer | SnapshotAnswer, now: float) -> Ask | None:
        """A call was answered; nothing comes of it where it is not the last one made."""
        if not self._asking.end(ask):
            return None
        if isinstance(answer, Answer):
            return self._on_events(answer, now)
        return self._on_snapshot(answer, now)

    def failed(self, ask: Ask, now: float) -> None:
        """A call ended with an error, or with an answer that is none."""
        if self._asking.end(ask):
            self._asking.slow(now)

    def tick(self, now: float) -> Ask | None:
        """Time has passed."""
        if not self._subscribed:
            return None
        if self._asking.expire(now):
            self._asking.slow(now)
        due = self._asking.is_due(now)
        if now >= self._look_at:
            self._look_at = now + LOOK_S
            due = True
        return self._ask(now) if due and self._lacks(now) else None

    def _follow(self, run: Run, now: float) -> Ask | None:
        """Take what the writer to follow said; a beacon is lines without lines."""
        self._waiting.reaches(run.first_seq + len(run.lines) - 1)
        if self._waiting.writer != self.writer:
            self._waiting.put(run)
            return self._ask(now)
        self._receive(run, now)
        if self._is_behind():
            self._asking.soon(now)
        return None

    def _receive(self, run: Run, now: float) -> None:
        """Apply lines of our writer, and those that waited for them; or let them wait."""
        if run.first_seq > self.seq + 1:
            self._waiting.put(run)
            return
        self._advance(run, now)
        self._drain(now)

    def _drain(self, now: float) -> None:
        while self._waiting.writer == self.writer and (run := self._waiting.take(self.seq + 1)):
            self._advance(run, now)

    def _advance(self, run: Run, now: float) -> None:
        """Apply lines; where they do not fit, take the snapshot again, once a second at most."""
        if not self._replica.advance(run):
            self._again = True
            self._waiting.clear()
            self._asking.slow(now)

    def _on_snapshot(self, answer: SnapshotAnswer, now: float) -> Ask | None:
        wanted, again = self._wanted(now), self._again
        self._again = False
        if not self._take(answer, wanted, again=again):
            self._asking.slow(now)
            return None
        if self.clock is None or self.clock.writer != answer.writer:
            self.clock = SessionClock(answer.writer, answer.now, answer.seen_at, now)
        if self.writer != self._wanted(now):
            self._asking.slow(now)
            return None
        self._waiting.of(answer.writer)
        self._waiting.reaches(answer.next_seq - 1)
        self._asking.reset()
        self._drain(now)
        if self._is_behind():
            self._asking.soon(now)
        return None

    def _take(self, answer: SnapshotAnswer, wanted: int | None, *, again: bool) -> bool:
        """Take a snapshot, unless it is of an older writer, or a late one of ours."""
        if self.writer is not None and wanted is not None and answer.writer < wanted:
            return False
        least_seq = self.seq if again else self.seq + 1
        return self._replica.take(answer.writer, answer.snapshot, least_seq=least_seq)

    def _on_events(self, answer: Answer, now: float) -> Ask | None:
        if answer.writer != self.writer:
            return self._on_other(answer.writer, now)
        before = self.seq
        if self.writer == self._wanted(now):
            self._waiting.of(answer.writer)
            self._waiting.reaches(answer.next_seq - 1)
        self._receive(Run(answer.from_seq, answer.chain, answer.lines), now)
        return self._go_on(now, progress=self.seq > before)

    def _on_other(self, writer: int, now: float) -> Ask | None:
        """Lines of another writer say only that its snapshot is needed."""
        wanted = self._wanted(now)
        if wanted is not None and writer < wanted:
            self._asking.slow(now)
            return None
        self._again = True
        return self._ask(now)

    def _go_on(self, now: float, *, progress: bool) -> Ask | None:
        """Ask for the next lines, or after a pause if nothing came of it."""
        if self._again:
            return None
        if self._is_behind() or self._needs_snapshot(now):
            if progress:
                return self._ask(now)
            self._asking.slow(now)
        elif self._is_silent(now):
            self._asking.slow(now)
        return None

    def _wanted(self, now: float) -> int | None:
        """The writer to follow."""
        newest = self._heard.newest(now)
        return self.writer if newest is None else newest

    def _needs_snapshot(self, now: float) -> bool:
        return self.writer is None or self._again or self.writer != self._wanted(now)

    def _is_behind(self) -> bool:
        """Whether our writer is known to have more lines."""
        return self._waiting.writer == self.writer and self._waiting.head > self.seq

    def _is_silent(self, now: float) -> bool:
        """Whether last lines may have been lost and no beacon will ever tell."""
        return not self._replica.is_closed and now - self._quiet_since >= SILENT_S

    def _lacks(self, now: float) -> bool:
        return self._needs_snapshot(now) or self._is_behind() or self._is_silent(now)

    def _ask(self, now: float) -> Ask | None:
        if not self._subscribed:
            return None
        far = self._is_behind() and self._waiting.head - self.seq > self._limits.far_behind
        from_seq = None if far or self._needs_snapshot(now) else self.seq + 1
        return self._asking.begin(now, from_seq, self._limits.answer_lines)

    def _set_clock(self, clock: SessionClock) -> None:
        """A writer's clock never goes back; one that does was told late."""
        if self.clock and self.clock.writer == clock.writer and clock.now < self.clock.now:
            return
        self.clock = clock


def _ignore(_: Event | None) -> None:
    """Nobody watches the steps."""
