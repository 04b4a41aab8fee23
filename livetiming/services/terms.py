"""How a session is described: what the feed says of it, and what the operator wants."""

from __future__ import annotations

import msgspec

import livetiming
from livetiming.events import Attribution, Described, SessionId, Versions
from livetiming.services.api import SessionSeen


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every session of a process.

    Args:
        class_: the service class that is told to the world.
        description: in place of what the feed says.
        hidden: unlisted.
        do_not_record: nobody keeps it.
        analysis: whether it is analysed live.
        rate: seconds of session for each second of the clock on the wall.
        attribution: whose timing it is.
        plugin: version of the provider, where it is not part of this package.
    """

    class_: str
    description: str | None = None
    hidden: bool = False
    do_not_record: bool = False
    analysis: bool = True
    rate: float = 1
    attribution: Attribution | None = None
    plugin: str | None = None


def describe(
    terms: Terms, seen: SessionSeen, session: SessionId, writer: int | None = None
) -> Described:
    """Make the event that says what a session is.

    Args:
        terms: what the operator wants.
        seen: what the feed shows.
        session: its id.
        writer: the opening of the log, in the event that opens it.
    """
    return Described(
        session=str(session),
        writer=writer,
        name=seen.name or terms.class_,
        description=seen.description if terms.description is None else terms.description,
        class_=terms.class_,
        key=seen.key,
        kind=seen.kind,
        columns=seen.columns,
        track=seen.track,
        attribution=terms.attribution,
        venue=seen.venue,
        timezone=seen.timezone,
        hidden=terms.hidden,
        do_not_record=terms.do_not_record,
        analysis=terms.analysis,
        rate=terms.rate,
        versions=Versions(livetiming.__version__, terms.plugin),
    )
