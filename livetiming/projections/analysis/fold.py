"""The base tables, folded from the events of one session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from livetiming.events import Event, State
from livetiming.projections.analysis.base import Base
from livetiming.projections.analysis.entries import Entries
from livetiming.projections.analysis.flags import Flags
from livetiming.projections.analysis.laps import Laps
from livetiming.projections.analysis.lengths import Lengths
from livetiming.projections.analysis.messages import Messages
from livetiming.projections.analysis.places import Places
from livetiming.projections.analysis.positions import Positions
from livetiming.projections.analysis.states import States
from livetiming.projections.analysis.stops import Stops
from livetiming.projections.analysis.table import Changes, Table
from livetiming.projections.happenings import (
    Best,
    DriverChanged,
    EntryChanged,
    FlagChanged,
    Happening,
    Interpreter,
    LapCompleted,
    LapCorrected,
    LapTakenBack,
    LengthChanged,
    Message,
    PitIn,
    PitOut,
    PlaceChanged,
    Refuelled,
    SessionClosed,
    SessionReopened,
    StateChanged,
    Waits,
)

_Take = Callable[[Happening, int], None]


class BaseFold:
    """What happened in a session, as far as it was told.

    Args:
        state: where the log begins at a snapshot, the state in it.
        at: its instant.
    """

    def __init__(self, state: State | None = None, at: int = 0) -> None:
        self._interpreter = Interpreter()
        self.at = at
        """The instant of the last event."""
        entries, laps, stops, flags = Entries(), Laps(), Stops(), Flags()
        positions, messages, states, lengths = Positions(), Messages(), States(), Lengths()
        places = Places()
        self._tables = Base(
            entries=entries.table,
            laps=laps.table,
            stops=stops.table,
            flags=flags.table,
            positions=positions.table,
            messages=messages.table,
            states=states.table,
            places=places.table,
            lengths=lengths.table,
        )
        self.base: dict[str, Table[Any]] = dict(self._tables._asdict())
        """By name; to be read only."""
        self._changes: Changes = {}
        for table in self.base.values():
            table.changes = self._changes
        self._takers: dict[type, tuple[_Take, ...]] = {
            LapCompleted: (laps.take, positions.take),
            LapCorrected: (laps.take,),
            LapTakenBack: (laps.take, positions.take),
            PitIn: (stops.take,),
            PitOut: (stops.take,),
            Refuelled: (stops.take,),
            DriverChanged: (stops.take,),
            StateChanged: (states.take,),
            FlagChanged: (flags.take,),
            PlaceChanged: (places.take,),
            Best: (),
            EntryChanged: (entries.take,),
            LengthChanged: (lengths.take,),
            Message: (messages.take,),
            SessionClosed: (flags.take,),
            SessionReopened: (flags.take,),
            Waits: (),
        }
        if state is not None:
            self._take(self._interpreter.begin(state, at), at)

    def step(self, event: Event, state: State) -> Changes:
        """Take the next event.

        Args:
            event: of the session.
            state: of the session after it; read only.
        Returns: by base table, the numbers of the rows that are new or were withdrawn; empty as a
            rule.
        """
        self.at = event.at
        happenings = self._interpreter.step(event, state)
        return self._take(happenings, event.at) if happenings else {}

    def _take(self, happenings: list[Happening], at: int) -> Changes:
        for happening in happenings:
            for take in self._takers[type(happening)]:
                take(happening, at)
        changes = self._changes.copy()
        self._changes.clear()
        return changes
