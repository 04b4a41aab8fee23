"""Traces: what a follower was told and what it asked for, for its twin in TypeScript to repeat.

One trace is one line of JSON: `session`, `limits`, `steps` and `end`, the canonical state (or
null). A step is `{"at", "in", "draws", "out"}`: when, the input and its arguments as they stand on
the wire, the random numbers drawn meanwhile, and what the follower said and was after it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from livetiming.events.model import Event
from livetiming.events.names import SessionId
from livetiming.events.state import canonical, state_hash
from livetiming.network.follow import Ask, Follower, Limits
from livetiming.network.wire import (
    Answer,
    Beacon,
    Lines,
    SnapshotAnswer,
    write_answer,
    write_beacon,
    write_lines,
    write_snapshot_answer,
)

NOBODYS = 0
"""The attempt of a call that another follower made."""


class RecordedFollower(Follower):
    """A follower that writes down what happens to it; like a browser, it compares no chain.

    Args:
        name: of the trace.
        session, random, limits, moved: as for any follower.
        hashes: whether each step of the state is hashed, not only its end kept.
    """

    def __init__(
        self,
        name: str,
        session: SessionId,
        random: Callable[[], float],
        *,
        limits: Limits | None = None,
        moved: Callable[[Event | None], None] | None = None,
        hashes: bool = True,
    ) -> None:
        def draw() -> float:
            number = random()
            self._draws.append(number)
            return number

        super().__init__(session, draw, limits=limits, moved=moved, proves=False)
        self._name = name
        self._whose = session
        self._kept = limits or Limits()
        self._hashes = hashes
        self._draws: list[float] = []
        self._asks: dict[int, Ask] = {}
        self._steps: list[dict[str, Any]] = []
        self._place: tuple[int | None, int] = (None, 0)
        self._last_at = 0.0

    def trace(self) -> str:
        """All that has happened so far, as one line without its line feed."""
        state = self.state
        return json.dumps(
            {
                "name": self._name,
                "session": self._whose,
                "limits": self._kept._asdict(),
                "steps": self._steps,
                "end": None if state is None else canonical(state).decode(),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    def subscribed(self, now: float) -> Ask | None:
        return self._step(now, ["subscribed"], super().subscribed(now))

    def lost(self) -> None:
        super().lost()
        self._step(self._last_at, ["lost"], None)

    def message(self, message: Lines | Beacon, now: float) -> Ask | None:
        args = write_beacon(message) if isinstance(message, Beacon) else write_lines(message)
        return self._step(now, ["message", args], super().message(message, now))

    def answered(self, ask: Ask, answer: Answer | SnapshotAnswer, now: float) -> Ask | None:
        if isinstance(answer, Answer):
            said = ["events", self._attempt(ask), write_answer(answer)]
        else:
            said = ["snapshot", self._attempt(ask), write_snapshot_answer(answer)]
        return self._step(now, said, super().answered(ask, answer, now))

    def failed(self, ask: Ask, now: float) -> None:
        super().failed(ask, now)
        self._step(now, ["failed", self._attempt(ask)], None)

    def tick(self, now: float) -> Ask | None:
        return self._step(now, ["tick"], super().tick(now))

    def _attempt(self, ask: Ask) -> int:
        return ask.attempt if self._asks.get(ask.attempt) is ask else NOBODYS

    def _step(self, now: float, said: list[Any], ask: Ask | None) -> Ask | None:
        if ask:
            self._asks[ask.attempt] = ask
        out: dict[str, Any] = {
            "ask": ask and list(ask),
            "wake_at": self.wake_at,
            "place": [self.writer, self.seq],
            "sight": self.sight(now),
            "clock": self.clock and list(self.clock),
        }
        if self._hashes and self._place != (self.writer, self.seq):
            out["hash"] = self.state and state_hash(self.state)
        self._place = (self.writer, self.seq)
        self._steps.append({"at": now, "in": said, "draws": self._draws[:], "out": out})
        self._draws.clear()
        self._last_at = now
        return ask
