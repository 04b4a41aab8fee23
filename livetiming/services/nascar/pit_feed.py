"""The pit feed: every stop of a race so far, in no order of time."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.services import BadFrame, Fact
from livetiming.services.nascar.earlier import Earlier
from livetiming.services.nascar.fields import count, duration_us, person, records, text
from livetiming.services.nascar.run import Run
from livetiming.services.nascar.stops import Stop


def take_stops(document: object, run: Run, earlier: Earlier) -> Iterator[Fact]:
    """Take stops.

    Args:
        document: a list of them; a part of it will do.
        run: the session; stops of cars that it has not shown are passed over.
        earlier: what was told in other runs of this race.
    Returns: the crossings that are new.
    Raises: `BadFrame` where it is no list.
    """
    if not isinstance(document, list):
        raise BadFrame("pit feed", f"expected a list of stops, got {str(document)[:40]!r}")
    for entry in records(document):
        number, in_us = text(entry, "vehicle_number"), duration_us(entry, "pit_in_race_time")
        if in_us is None or not earlier.is_of_now(("stop", number, in_us)):
            continue
        id_ = run.roster.find(number, person(text(entry, "driver_name")))
        if id_ is not None and id_ in run.board.cars:
            out_us = duration_us(entry, "pit_out_race_time")
            stop = Stop(in_us, out_us, count(entry, "lap_count"))
            yield from run.stop(run.board.cars[id_], stop)
    run.board.picture.source_at = None
    run.board.settle()
