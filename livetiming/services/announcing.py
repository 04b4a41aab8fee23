"""What a service says of a session that it has on the air."""

from __future__ import annotations

from typing import NamedTuple

from livetiming.events import Clock, Described, State
from livetiming.events.log import Place
from livetiming.network.wire import Announcement, FeedSeen, Standing
from livetiming.racing import Flag, SessionField


class Head(NamedTuple):
    """What a log's holder knows of it beside its state.

    Args:
        writer: the opening of the log that is told of.
        place: of its last durable line.
        recorded: the last line that the dvr has.
        started_at: when the session began, epoch ms.
        seen_at: when the provider last sent anything, epoch ms.
        instance: the name of the process among those of its class.
        status: how it stands to the log.
    """

    writer: int
    place: Place
    recorded: int | None
    started_at: int
    seen_at: int | None
    instance: str
    status: Standing


def announcement(described: Described, state: State, head: Head) -> Announcement:
    """Make the announcement of a session.

    Args:
        described: what it is.
        state: after its last durable line.
        head: what else is known.
    """
    feed = state.feed
    return Announcement(
        session=described.session,
        writer=head.writer,
        next_seq=head.place.seq + 1,
        recorded=head.recorded,
        name=described.name,
        description=described.description,
        class_=described.class_,
        kind=str(described.kind),
        venue=described.venue,
        timezone=described.timezone,
        started_at=head.started_at,
        cars=len(state.order),
        flag=flag_of(state),
        elapsed=_clock(state, SessionField.ELAPSED),
        remaining=_clock(state, SessionField.REMAINING),
        feed=None if feed is None else FeedSeen(str(feed.status), feed.at),
        seen_at=head.seen_at,
        analysis=described.analysis,
        hidden=described.hidden,
        do_not_record=described.do_not_record,
        instance=head.instance,
        chain=head.place.chain.hex(),
        status=head.status,
    )


def flag_of(state: State) -> str:
    """The present flag."""
    return str(state.session.get(SessionField.FLAG, Flag.NONE))


def _clock(state: State, field: SessionField) -> Clock | None:
    value = state.session.get(field)
    return value if isinstance(value, Clock) else None
