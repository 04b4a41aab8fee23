"""Where a log has got to: the number, instant, chain and state after its last line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, NamedTuple, overload

from livetiming.errors import BadLine, BadState, BadValue
from livetiming.events.apply import apply
from livetiming.events.codec import MAX_LINE, decode, decode_all, encode
from livetiming.events.log.fold import TIMING, Fold, S
from livetiming.events.log.lines import (
    GENESIS,
    MAX_STATE,
    Snapshot,
    link,
    read_head,
    read_state,
    write_snapshot,
)
from livetiming.events.model import (
    CellChange,
    Changed,
    Described,
    Event,
    Feed,
    FeedStatus,
    Payload,
    tag_of,
)
from livetiming.events.plain import integer
from livetiming.events.state import State
from livetiming.events.values import SessionId, clean


class Place(NamedTuple):
    """A place in a log, for comparing: after which event, when, and the chain there."""

    seq: int
    at: int
    chain: bytes


class Folded(Generic[S]):
    """A log folded up to some line; moves on by `step`.

    Args:
        session: whose log it is.
        state: there; used up by the steps. The empty one where none is given.
        place: where that is; the beginning of all logs where none is given.
        fold: the rules; a session's where none are given.
    """

    @overload
    def __init__(
        self: Folded[State],
        session: SessionId,
        state: State | None = None,
        place: Place | None = None,
    ) -> None: ...

    @overload
    def __init__(
        self, session: SessionId, state: S | None, place: Place | None, fold: Fold[S]
    ) -> None: ...

    def __init__(
        self,
        session: SessionId,
        state: Any = None,
        place: Place | None = None,
        fold: Fold[Any] = TIMING,
    ) -> None:
        self.session = session
        self.fold: Fold[S] = fold
        self.state: S = fold.start() if state is None else state
        self._apply = fold.apply
        self.seq, self.at, self.chain = place or (0, 0, GENESIS)
        self._room = (0, -1)

    @property
    def place(self) -> Place:
        """Where it has got to."""
        return Place(self.seq, self.at, self.chain)

    def step(self, line: bytes) -> Event:
        """Take the next line.

        Args:
            line: an event line without its line feed.
        Returns: the event in it.
        Raises: `BadLine` or `BadState` where it does not follow what came before.
        """
        event = decode(line)
        self.take(event, line)
        return event

    def steps(self, lines: Sequence[bytes]) -> Iterator[tuple[bytes, Event]]:
        """Take the next lines, each when it is asked for.

        Args:
            lines: event lines without line feeds.
        Returns: each with its event.
        Raises: `BadLine` or `BadState` where one does not follow what came before.
        """
        for taken in decode_all(lines):
            line, event = taken
            self.take(event, line)
            yield taken

    def take(self, event: Event, line: bytes) -> None:
        """Take the next event, whose line is known.

        Raises: `BadLine` or `BadState` where it does not follow what came before.
        """
        seq, at, _, _ = event
        if seq != self.seq + 1:
            raise BadLine(f"expected event {self.seq + 1}, got {seq}")
        if at < self.at:
            raise BadLine(f"event {seq} is of {at}, before {self.at}")
        try:
            self._apply(self.state, event)
        except BadState as error:
            raise BadState(f"event {seq}: {error}") from error
        self.seq, self.at = seq, at
        self.chain = link(self.chain, line)

    def make_room(self, size: int) -> None:
        """See that a snapshot can hold the state after the next event.

        A state grows by less than an event's line, so it is measured only where all lines since
        the last time would have filled it.

        Args:
            size: of the event's line.
        Raises: `BadValue` where the state could get too big.
        """
        room, seq = self._room
        if seq != self.seq or size > room:
            room = MAX_STATE - len(self.fold.as_json(self.state))
        if size > room:
            raise BadValue(f"state: an event of {size} bytes would make it over {MAX_STATE}")
        self._room = (room - size, self.seq + 1)

    def snapshot(self, at: int | None = None) -> bytes:
        """Write the snapshot line of this place.

        Args:
            at: its instant where nothing has happened yet.
        """
        when = self.at if at is None else at
        head = Snapshot(self.fold.version, self.session, self.seq, when, self.chain)
        return write_snapshot(head, self.fold.as_json(self.state))


class FoldedLog(Generic[S]):
    """What can be seen of a log that is folded as it is written.

    Args:
        folded: moves on with each event.
    """

    def __init__(self, folded: Folded[S]) -> None:
        self._folded = folded

    @property
    def session(self) -> SessionId:
        """Whose log it is."""
        return self._folded.session

    @property
    def state(self) -> S:
        """After the last event; to be read only."""
        return self._folded.state

    @property
    def place(self) -> Place:
        """Number, instant and chain of the last event."""
        return self._folded.place


def at_snapshot(line: bytes, fold: Fold[S], before: Folded[S] | None = None) -> Folded[S]:
    """Begin at a snapshot line, by its state where that was folded by our rules.

    Args:
        line: the snapshot line.
        fold: the rules.
        before: the log up to there, where it is known; used up.
    Raises: `BadLine` where it is none, or was folded by other rules and nothing is known before.
    """
    head = read_head(line)
    if head.seq == 0 and head.chain != GENESIS:
        raise BadLine(f"a log begins with the chain {GENESIS.hex()}, got {head.chain.hex()}")
    if head.version == fold.version:
        place = Place(head.seq, head.at, head.chain)
        return Folded(head.session, read_state(line, fold), place, fold)
    if before is not None and (before.seq, before.chain) == (head.seq, head.chain):
        return before
    if head.seq == 0:
        return Folded(head.session, None, None, fold)
    raise BadLine(f"the snapshot is of version {head.version}, folded by other rules")


def number(folded: Folded, payload: Payload, at: int, source_at: int | None) -> tuple[Event, bytes]:
    """Make the next event of a log, which is not changed by it.

    Args:
        folded: the log so far.
        payload: what happened; cleaned here.
        at: when, epoch ms; an instant before the last event's becomes that.
        source_at: the provider's own time of it, epoch ms.
    Returns: the event and its line.
    Raises: `BadValue` for what may not enter a log.
    """
    if folded.state.closed and not _may_follow_closed(payload):
        raise BadValue(f"event: no {tag_of(payload)} may follow closed")
    cleaned = clean(payload)
    if source_at is not None:
        integer("source_at", source_at, 0)
    event = Event(folded.seq + 1, max(integer("at", at, 0), folded.at), cleaned, source_at)
    line = encode(event)
    if len(line) > MAX_LINE:
        raise BadValue(f"event: expected at most {MAX_LINE} bytes, got {len(line)}")
    if isinstance(cleaned, Changed):
        _check_fits(folded.state, cleaned)
    folded.make_room(len(line))
    return event, line


def _check_fits(state: State, change: Changed) -> None:
    """Refuse a change of the order that the fold would refuse when half of it is done.

    Raises: `BadValue`.
    """
    if not (change.removed or change.order) and change.cars.keys() <= state.cars.keys():
        return
    probe = State(cars={car: {} for car in state.cars}, order=list(state.order))
    cars: dict[str, dict[str, CellChange]] = {car: {} for car in change.cars}
    try:
        apply(probe, Event(0, 0, Changed(cars, change.removed, change.order)))
    except BadState as error:
        raise BadValue(f"changed: {error}") from error


def _may_follow_closed(payload: Payload) -> bool:
    resumes = isinstance(payload, Feed) and payload.status is FeedStatus.RESUMED
    return resumes or isinstance(payload, Described)
