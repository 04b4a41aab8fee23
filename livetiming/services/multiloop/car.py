"""One car of a Multiloop feed: its cells, and what the next record is compared with."""

from __future__ import annotations

from livetiming.events import Cell, Cells, Laps
from livetiming.racing import CarState
from livetiming.services import SectorTimes, put
from livetiming.services.multiloop.records import Entry, Result

NOWHERE = 10**9
"""The place of a car that has none yet: behind all others."""
_WORDS = (
    (CarState.NOT_STARTED, ("dns", "not started")),
    (CarState.DISQUALIFIED, ("dq", "dsq", "disqualified")),
    (CarState.RETIRED, ("dnf", "retired", "mechanical", "contact", "out")),
)
"""What a word about a car means; others, such as `Active`, `Unknown`, say nothing of their own."""


class Car:
    """What is known of one car; `cells` is what the host sees of it.

    Args:
        id_: its id.
        number: its number.
        entry: the identifier of its entry.
        arrival: how many cars came before.
    """

    def __init__(self, id_: str, number: str, entry: str, arrival: int) -> None:
        self.id = id_
        self.number = number
        self.entry = entry
        self.is_entered = False
        self.cells: Cells = {"num": number}
        self.place = (NOWHERE, arrival)
        self.laps: int | None = None
        self.total_us: int | None = None
        self.best_us: int | None = None
        self.last_us: int | None = None
        self.sectors = SectorTimes(self.cells)
        self.done_us: dict[int, int] = {}
        self.is_over = False
        self._entered_driver = ""

    def put(self, column: str, value: Cell | None) -> None:
        """Set a cell, or clear it."""
        put(self.cells, column, value)

    @property
    def state(self) -> CarState | None:
        """What it does; `None` where the feed has not shown it."""
        value = self.cells.get("state")
        return value if isinstance(value, CarState) else None

    def enter(self, entry: Entry) -> None:
        """Take an `$E`: its first own field is the class, the second the car if it is in words.

        One that is said again does not undo a change of drivers.
        """
        self.put("num", entry.number)
        self.put("grid", entry.grid)
        if entry.driver != self._entered_driver:
            self._entered_driver = entry.driver
            self.put("driver", entry.driver or None)
        class_, model = (*entry.fields, "", "")[:2]
        self.put("class", class_ or None)
        self.put("car", model if any(letter.isalpha() for letter in model) else None)

    def stand(self, result: Result) -> None:
        """Take a `$C`, which says all of it anew."""
        self.laps, self.total_us = result.laps, result.total_us
        self.last_us, self.best_us = result.last_us, result.best_us
        self.put("laps", result.laps)
        self.put("pits", result.pits)
        if result.grid is not None:
            self.put("grid", result.grid)
        is_first = result.rank in (None, 1)
        self.put("gap", None if is_first else _gap(result.gap_us, result.gap_laps))
        self.put("int", None if is_first else _gap(result.int_us, result.int_laps))
        self._take_word(result.status)

    def _take_word(self, status: str) -> None:
        word = status.lower()
        found = next((state for state, words in _WORDS if word in words), None)
        self.is_over = found is not None
        if found is not None:
            self.cells["state"] = found
        elif self.state in (CarState.NOT_STARTED, CarState.DISQUALIFIED, CarState.RETIRED):
            del self.cells["state"]

    def move(self, state: CarState) -> None:
        """It was seen on the track or in the pits; one that is out of the race stays so."""
        if not self.is_over and self.state is not CarState.FINISHED:
            self.cells["state"] = state

    def take_back(self) -> None:
        """The last lap does not count; said twice, there is no such lap any more."""
        self.last_us = self.total_us = None
        if self.laps:
            self.laps -= 1
            self.put("laps", self.laps)

    def complete(self, sector: int, done_us: int, time_us: int | None) -> None:
        """A sector is done.

        What is said again may correct the time; what was done before it is history.
        """
        before_us = self.done_us.get(sector)
        if before_us is None or done_us >= before_us:
            self.done_us[sector] = done_us
            self.sectors.complete(sector, time_us, is_again=done_us == before_us)

    def restart(self) -> None:
        """The clock of the run begins anew."""
        self.total_us = None
        self.done_us = {}


def _gap(time_us: int, laps: int) -> int | Laps | None:
    return Laps(laps) if laps > 0 else time_us or None
