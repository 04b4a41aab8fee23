"""What a log lacks after the disk refused it, given again: nothing is lost, nothing said twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from livetiming.errors import BadValue
from livetiming.events import (
    Closed,
    Described,
    Event,
    Feed,
    FeedStatus,
    Origin,
    Passed,
    Payload,
    Posted,
    State,
    diff,
)
from livetiming.events.split import split
from livetiming.services.sessions import EventLog
from livetiming.services.world import World

MAX_FACTS = 10_000
"""Facts kept while a log cannot be written; the oldest go first."""


class Said(NamedTuple):
    """A crossing or a message, with the provider's own time of it."""

    payload: Passed | Posted
    source_at: int | None


class Facts:
    """The crossings and messages of a log that may not be on disk yet.

    Everything else that a log lacks can be told from the state.
    """

    def __init__(self) -> None:
        self._said: deque[tuple[int, Said]] = deque(maxlen=MAX_FACTS)

    def add(self, event: Event) -> None:
        """Keep an event, if it is a fact."""
        if isinstance(event.payload, Passed | Posted):
            self._said.append((event.seq, Said(event.payload, event.source_at)))

    def forget(self, seq: int) -> None:
        """All up to an event are on disk for good."""
        while self._said and self._said[0][0] <= seq:
            self._said.popleft()

    def after(self, seq: int) -> list[Said]:
        """Those after an event."""
        return [said for number, said in self._said if number > seq]


def give_again(
    wanted: State, facts: Sequence[Said], log: EventLog, at: int, writer: int
) -> list[BadValue]:
    """Add to a log what it lacks: the facts, then one change to the state that is wanted.

    Args:
        wanted: the state that the log would have.
        facts: that it lacks.
        log: just opened, shorter than wanted or even new.
        at: now, epoch ms.
        writer: the number of this opening.
    Returns: what the log refused.
    """
    refused = []
    for payload, source_at in _lacking(wanted, facts, log, writer):
        try:
            log.append(payload, at, source_at)
        except BadValue as error:
            refused.append(error)
    return refused


def _lacking(
    wanted: State, facts: Sequence[Said], log: EventLog, writer: int
) -> Iterator[tuple[Payload, int | None]]:
    yield from ((payload, None) for payload in _opening(wanted, log, writer))
    yield from (said for said in facts if not _is_derived(said.payload))
    change = diff(log.state, wanted)
    if change is not None:
        yield from ((part, None) for part in split(change))
    yield from (said for said in facts if _is_derived(said.payload))
    if wanted.closed is not None:
        yield Closed(wanted.closed.reason, wanted.closed.next), None


def _opening(wanted: State, log: EventLog, writer: int) -> Iterator[Described | Feed]:
    """How the log begins again; or how it begins, where none of it is there."""
    if wanted.described is None:
        return
    if log.place.seq == 0:
        yield msgspec.structs.replace(wanted.described, writer=writer)
    else:
        yield resumed(log, writer, "the disk is back")
        if log.state.described != wanted.described:
            yield wanted.described
    if wanted.feed is not None and wanted.feed.status is not FeedStatus.RESUMED:
        yield Feed(wanted.feed.status, wanted.feed.reason)


def _is_derived(payload: Passed | Posted) -> bool:
    return isinstance(payload, Posted) and payload.origin is Origin.DERIVED


def new_writer(world: World, newest: int | None) -> int:
    """The number of a new opening of a log.

    Args:
        world: the outside.
        newest: opening that was heard of.
    """
    return max(world.wall_clock(), (newest or 0) + world.random.randint(1, 1000))


def resumed(log: EventLog, writer: int, reason: str, adopted: int = 0) -> Feed:
    """The event that a log begins its next writer with.

    Args:
        log: so far.
        writer: the number of this opening.
        reason: of it.
        adopted: how many lines before it were taken from the dvr.
    """
    return Feed(
        FeedStatus.RESUMED,
        reason,
        writer=writer,
        previous=(log.state.writer or 0, log.place.seq),
        adopted=adopted,
    )
