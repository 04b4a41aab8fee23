"""Logs made up for followers: what a service or a dvr would say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from livetiming.events import (
    Changed,
    Closed,
    CloseReason,
    Described,
    Feed,
    FeedStatus,
    Payload,
    Versions,
)
from livetiming.events.log.folded import Folded, number
from livetiming.events.names import SessionId
from livetiming.network.wire import Answer, Beacon, Lines, SnapshotAnswer
from livetiming.racing import STANDARD_COLUMNS, Kind

AT = 1_781_445_600_000
SESSION = SessionId("5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b")
COLUMNS = tuple(STANDARD_COLUMNS[column] for column in ("num", "laps"))


def described(writer: int, session: SessionId = SESSION) -> Described:
    return Described(
        session=session,
        writer=writer,
        name="WEC",
        description="Race",
        class_="rmonitor",
        key="32",
        kind=Kind.RACE,
        columns=COLUMNS,
        track=(),
        attribution=None,
        venue=None,
        timezone=None,
        hidden=False,
        do_not_record=False,
        analysis=False,
        rate=1,
        continues=None,
        made_from=None,
        versions=Versions("0.1.0", None),
    )


class MadeLog:
    """The log of one writer; a later writer goes on from a copy of it.

    Attributes:
        lines, chains: by seq; `lines[0]` is none.
    """

    def __init__(
        self, writer: int = 1, session: SessionId = SESSION, *, begun: bool = True
    ) -> None:
        self.writer = writer
        self.session = session
        self.lines: list[bytes] = [b""]
        self.chains: list[bytes] = [bytes(8)]
        self._folded = Folded(session)
        self._snapshots: dict[int, bytes] = {}
        if begun:
            self.write(described(writer, session))

    @property
    def next_seq(self) -> int:
        return len(self.lines)

    @property
    def is_closed(self) -> bool:
        return self._folded.state.closed is not None

    def write(self, payload: Payload, at: int = AT) -> None:
        event, line = number(self._folded, payload, at, None)
        self._folded.take(event, line)
        self._append(line)

    def write_laps(self, count: int) -> Self:
        """So many lines, each different from all others."""
        for _ in range(count):
            laps = self.next_seq
            name = "№" * (1 + laps % 9)
            order = (0, ("7",)) if "7" not in self._folded.state.cars else None
            self.write(Changed({"7": {"laps": laps, "num": f"{name}{self.writer}"}}, (), order))
        return self

    def close(self) -> Self:
        self.write(Closed(CloseReason.FINISHED, None))
        return self

    def resumed(self, writer: int, seq: int | None = None) -> MadeLog:
        """A copy of it, up to some line, that another writer goes on with."""
        other = MadeLog(writer, self.session, begun=False)
        for line in self.lines[1 : self.next_seq if seq is None else seq + 1]:
            other._folded.step(line)
            other._append(line)
        previous = (self.writer, other.next_seq - 1)
        other.write(Feed(FeedStatus.RESUMED, None, writer, previous, 0))
        return other

    def _append(self, line: bytes) -> None:
        self.lines.append(line)
        self.chains.append(self._folded.chain)

    def said(self, first_seq: int, count: int = 1) -> Lines:
        """The message that publishes these lines."""
        return self._said(first_seq, self.lines[first_seq : first_seq + count])

    def _said(self, first_seq: int, lines: Sequence[bytes]) -> Lines:
        return Lines(self.writer, first_seq, self.chains[first_seq - 1], tuple(lines))

    def instead(self, seq: int, line: bytes) -> Lines:
        """A message with another line in place of one of the log's."""
        return self._said(seq, [line])

    def beacon(self, now: int = AT, seen_at: int | None = None, seq: int | None = None) -> Beacon:
        """The beacon after some line; after the last one where none is named."""
        seq = self.next_seq - 1 if seq is None else seq
        return Beacon(self.writer, seq + 1, self.chains[seq], now, seen_at)

    def events(self, from_seq: int, limit: int = 500, end: int | None = None) -> Answer:
        """The answer; `end` of one who has only the log's first lines."""
        next_seq = self.next_seq if end is None else end + 1
        first = min(from_seq, next_seq)
        lines = self.lines[first : min(next_seq, first + limit)]
        return Answer(self.writer, next_seq, first, self.chains[first - 1], tuple(lines))

    def snapshot(
        self, seq: int | None = None, now: int = AT, seen_at: int | None = None
    ) -> SnapshotAnswer:
        """The answer after some line; after the last one where none is named."""
        seq = self.next_seq - 1 if seq is None else seq
        if seq not in self._snapshots:
            folded = Folded(self.session)
            for _ in folded.steps(self.lines[1 : seq + 1]):
                pass
            self._snapshots[seq] = folded.snapshot(AT)
        return SnapshotAnswer(self.writer, seq + 1, now, seen_at, self._snapshots[seq])
