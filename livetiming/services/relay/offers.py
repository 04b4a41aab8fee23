"""Which of the other side's sessions are relayed.

Pure: lists in, ids out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, NamedTuple

from livetiming.errors import BadValue
from livetiming.events import SessionId
from livetiming.network.wire import BadMessage, read_listing

MAX_LISTING = 500_000
"""Characters of a list; a directory of ours keeps well below that."""


class Offer(NamedTuple):
    """A session that the other side has on the air.

    Args:
        session: its id.
        class_: the service class.
        started_at: when it began, epoch ms.
        end: the last line that it has.
    """

    session: SessionId
    class_: str
    started_at: int
    end: int


class Wanted(NamedTuple):
    """What the operator wants.

    Args:
        sessions: these, hidden or not; where there are any, nothing else but by its class.
        classes: all of these that the other side lists.
        most: so many at a time.
    """

    sessions: tuple[SessionId, ...]
    classes: frozenset[str]
    most: int

    def has(self, offer: Offer) -> bool:
        """Whether one of the other side's public sessions is among it."""
        return offer.class_ in self.classes or not (self.sessions or self.classes)


def read_offers(args: Sequence[Any]) -> tuple[dict[SessionId, Offer], int]:
    """Read the other side's list.

    Returns: what is on it, and how many entries were none.
    Raises: `BadMessage`.
    """
    if len(args) != 1 or not isinstance(args[0], str) or len(args[0]) > MAX_LISTING:
        raise BadMessage(f"a list: expected one text of at most {MAX_LISTING} characters")
    found, bad = {}, 0
    for entry in read_listing(args[0]).sessions:
        try:
            session = SessionId(entry.session)
        except BadValue:
            bad += 1
            continue
        found[session] = Offer(session, entry.class_, entry.started_at, entry.next_seq - 1)
    return found, bad


def choose(
    wanted: Wanted,
    offers: Mapping[SessionId, Offer],
    held: Container[SessionId],
    room: int,
    is_passed_over: Callable[[SessionId], bool],
) -> list[SessionId]:
    """Say which sessions to begin with: those asked for first, then the newest.

    Args:
        wanted: by the operator.
        offers: of the other side.
        held: those that are relayed already.
        room: for so many more.
        is_passed_over: whether one is not to be tried now.
    """
    public = sorted(
        (offer for offer in offers.values() if wanted.has(offer)),
        key=lambda offer: (-offer.started_at, offer.session),
    )
    candidates = dict.fromkeys([*wanted.sessions, *(offer.session for offer in public)])
    free = (each for each in candidates if each not in held and not is_passed_over(each))
    return [session for session, _ in zip(free, range(max(0, room)), strict=False)]
