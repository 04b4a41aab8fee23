"""The base tables together, and the rows of them that hold at an instant."""

from __future__ import annotations

from typing import NamedTuple

from livetiming.projections.analysis.flags import FlagPeriod
from livetiming.projections.analysis.places import Place
from livetiming.projections.analysis.positions import Position
from livetiming.projections.analysis.states import CarStateRow
from livetiming.projections.analysis.stops import Stop
from livetiming.projections.analysis.table import Table
from livetiming.projections.happenings import Entry, Lap, Length, Message


class Base(NamedTuple):
    """The base tables, by their names."""

    entries: Table[Entry]
    laps: Table[Lap]
    stops: Table[Stop]
    flags: Table[FlagPeriod]
    positions: Table[Position]
    messages: Table[Message]
    states: Table[CarStateRow]
    places: Table[Place]
    lengths: Table[Length]

    def holding(self, at: int | None) -> Holding:
        """The rows that held at an instant; `None` is now."""
        return Holding._make(table.holding(at) for table in self)


class Holding(NamedTuple):
    """The rows of the base tables that hold at an instant, in the order they became known."""

    entries: list[Entry]
    laps: list[Lap]
    stops: list[Stop]
    flags: list[FlagPeriod]
    positions: list[Position]
    messages: list[Message]
    states: list[CarStateRow]
    places: list[Place]
    lengths: list[Length]
