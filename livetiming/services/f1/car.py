"""One car: what each topic says of it, in cells of its own."""

from __future__ import annotations

from collections.abc import Iterable

from livetiming.events import Cells
from livetiming.services import Strange
from livetiming.services.f1.crossings import Crossings
from livetiming.services.f1.names import Names
from livetiming.services.f1.parts import Part
from livetiming.services.f1.stats import Stats
from livetiming.services.f1.timing import Timing
from livetiming.services.f1.tyres import Tyres

_NOWHERE = 10**6


class Car:
    """What is known of one car; `cells` is what the host sees of it.

    Args:
        id_: its id.
        number: its racing number.
        arrival: how many cars came before.
        part: of the session.
        strange: takes what is unknown.
    """

    __slots__ = (
        "_arrival",
        "_part",
        "_strange",
        "cells",
        "crossings",
        "id",
        "names",
        "number",
        "shown_in",
        "stats",
        "timing",
        "tyres",
    )

    def __init__(self, id_: str, number: str, arrival: int, part: Part, strange: Strange) -> None:
        self.id = id_
        self.number = number
        self._arrival = arrival
        self._part = part
        self._strange = strange
        self.cells: Cells = {"num": number}
        self.names = Names(self.cells)
        self.timing = Timing(self.cells, part, strange)
        self.tyres = Tyres(self.cells)
        self.stats = Stats(self.cells)
        self.crossings = Crossings(id_)
        self.shown_in: set[str] = set()
        """The topics that show it."""

    @property
    def place(self) -> tuple[int, int]:
        """What the order goes by; cars that the feed places nowhere are behind all others."""
        line = self.timing.line
        if line is None:
            line = self.names.line
        return (_NOWHERE if line is None else line, self._arrival)

    def renew(self, topic: str) -> None:
        """A topic shows the car no more, or all of it anew: what it said before is no more."""
        self.shown_in.discard(topic)
        if topic == "DriverList":
            self._clear(Names.columns)
            self.names = Names(self.cells)
        elif topic == "TimingData":
            self._clear(Timing.columns)
            self.timing = Timing(self.cells, self._part, self._strange)
        elif topic == "TimingAppData":
            self._clear(Tyres.columns)
            self.tyres = Tyres(self.cells)
        elif topic == "TimingStats":
            self._clear(Stats.columns)
            self.stats = Stats(self.cells)

    def _clear(self, columns: Iterable[str]) -> None:
        for column in columns:
            self.cells.pop(column, None)
