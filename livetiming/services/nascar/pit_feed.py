"""The pit feed: every stop of a race so far, in no order of time."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.services import BadFrame, Fact
from livetiming.services.nascar.earlier import Earlier
from livetiming.services.nascar.fields import Fields, count, duration_us, person, records, text
from livetiming.services.nascar.run import Run
from livetiming.services.nascar.stops import Stop
from livetiming.units import SECOND_US

AHEAD_US = 60 * SECOND_US
"""The pit feed is at most so far ahead of the live feed; what is later is of another run."""


def stop_records(document: object) -> list[Fields]:
    """The records of a pit feed; a part of it will do.

    Raises: `BadFrame` where it is no list.
    """
    if not isinstance(document, list):
        raise BadFrame("pit feed", f"expected a list of stops, got {str(document)[:40]!r}")
    return records(document)


def take_stops(entries: list[Fields], run: Run, earlier: Earlier) -> Iterator[Fact]:
    """Take stops.

    Args:
        entries: the stops.
        run: the session; stops of cars that it has not shown are passed over.
        earlier: what was told in other runs of this race.
    Returns: the crossings that are new.
    """
    for entry in entries:
        number, in_us = text(entry, "vehicle_number"), duration_us(entry, "pit_in_race_time")
        if in_us is None or _is_ahead(in_us, run):
            continue
        id_ = run.roster.find(number, person(text(entry, "driver_name")))
        is_of_now = earlier.is_of_now(("stop", number, in_us))
        if is_of_now and id_ is not None and id_ in run.board.cars:
            out_us = duration_us(entry, "pit_out_race_time")
            stop = Stop(in_us, out_us, count(entry, "lap_count"))
            yield from run.stop(run.board.cars[id_], stop)
    run.board.settle()


def _is_ahead(race_us: int, run: Run) -> bool:
    return run.elapsed_us is not None and race_us > run.elapsed_us + AHEAD_US
