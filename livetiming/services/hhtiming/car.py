"""One car of an HH Timing feed: its cells, and what the next message is compared with."""

from __future__ import annotations

from livetiming.events import Cell, Cells
from livetiming.racing import CarState
from livetiming.services import SectorTimes, put

Point = tuple[int, int]
"""How far a car has come: laps completed, and lines of the next one crossed."""

_REMEMBERED = 400
"""Points that are remembered for the gaps of those who come to them later."""


class Car:
    """What is known of one car; `cells` is what the host sees of it.

    Args:
        key: the feed's own for it.
        arrival: how many came before.
    """

    def __init__(self, key: str, arrival: int) -> None:
        self.key = key
        self.number = key
        self.arrival = arrival
        self.id: str | None = None
        """`None` until an entry names it: course cars have none, and are not shown."""
        self.cells: Cells = {}
        self.laps: int | None = None
        self.last_us: int | None = None
        self.best_us: int | None = None
        self.in_pit = False
        self.is_out_lap = False
        self.has_run = False
        self.has_finished = False
        self.pit_us: int | None = None
        self.pits: int | None = None
        self.crossed_us: int | None = None
        """Session time of a crossing of the finish line whose lap has not been counted yet."""
        self.point: Point = (0, 0)
        self.passages_us: dict[Point, int] = {}
        self.lines_us: dict[str, int] = {}
        self.sectors = SectorTimes(self.cells, with_bests=True)

    def put(self, column: str, value: Cell | None) -> None:
        """Set a cell, or clear it."""
        put(self.cells, column, value)

    def show_state(self) -> None:
        """What it does now; nothing where nothing was shown."""
        if self.has_finished:
            self.cells["state"] = CarState.FINISHED
        elif self.is_out_lap:
            self.cells["state"] = CarState.OUT
        elif self.in_pit:
            self.cells["state"] = CarState.PIT
        elif self.has_run:
            self.cells["state"] = CarState.RUN

    def run(self) -> None:
        """It crossed a line on the track."""
        self.in_pit, self.has_run = False, True
        self.show_state()

    def enter_pits(self) -> bool:
        """It enters the pit lane.

        Returns: whether that is news.
        """
        if self.in_pit:
            return False
        self.in_pit, self.is_out_lap = True, False
        self.pits = (self.pits or 0) + 1
        self.put("pits", self.pits)
        self.show_state()
        return True

    def leave_pits(self) -> bool:
        """It leaves the pit lane.

        Returns: whether that is news.
        """
        if self.is_out_lap:
            return False
        self.in_pit, self.is_out_lap, self.has_run = False, True, True
        self.show_state()
        return True

    def set_laps(self, laps: int) -> None:
        """Laps completed, up or down; one more ends with the crossing that was told last."""
        before = self.laps
        if laps != before:
            self.laps = laps
            self.put("laps", laps)
            self.point = (laps, 0)
        if self.crossed_us is not None and (before is None or laps > before):
            self.reach((laps, 0), self.crossed_us)
            self.crossed_us = None

    def restart(self) -> None:
        """The session clock begins anew: what it timed cannot be compared with what comes."""
        self.crossed_us = self.pit_us = None
        self.passages_us = {}

    def reach(self, point: Point, at_us: int) -> None:
        """It has come so far at a time; times of equal lines are of one clock."""
        self.point = max(self.point, point)
        self.passages_us[point] = at_us
        if len(self.passages_us) > _REMEMBERED:
            del self.passages_us[next(iter(self.passages_us))]
