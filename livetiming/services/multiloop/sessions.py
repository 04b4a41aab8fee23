"""Which session a feed shows: that of the run which its `$R` names."""

from __future__ import annotations

from livetiming.racing import Kind
from livetiming.services import SessionSeen
from livetiming.services.multiloop.records import Run
from livetiming.services.multiloop.table import table

NAME = "Multiloop"
"""What a session is called until the feed names its event."""


def key_of(preamble: str, run: Run | None) -> str:
    """The identity of a run; of one that has not been named its preamble alone."""
    words = (preamble,) if run is None else (preamble, run.event, run.name)
    return " ".join(word for word in words if word)


def describe(
    key: str | None, run: Run | None, venue: str | None, timezone: str | None, *, sectors: int
) -> SessionSeen:
    """Say which session it is.

    Args:
        key: its identity; `None` before the first run is named.
        run: as it was named.
        venue: the track.
        timezone: of the venue.
        sectors: how many the track has.
    """
    return SessionSeen(
        key=key,
        name=(run.event if run else "") or NAME,
        description=run.name if run else "",
        kind=run.kind if run else Kind.OTHER,
        columns=table(sectors),
        venue=venue,
        timezone=timezone,
    )
