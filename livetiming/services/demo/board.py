"""The timing room: from crossings to order, gaps, laps, sectors and best times."""

from __future__ import annotations

from collections.abc import Sequence

from livetiming.events import Cell, Cells, Laps
from livetiming.racing import CarState, Mark
from livetiming.services.demo.car import Car
from livetiming.services.demo.circuit import GAP_LOOPS, INTERVAL_LOOPS, LOOPS, SECTOR_ENDS


class _Row:
    """What the timing room knows of a car beside its cells."""

    __slots__ = ("bests", "cells", "lap_at", "number", "passed", "place", "sector_at", "times")

    def __init__(self, number: str, cells: Cells, place: int) -> None:
        self.number = number
        self.cells = cells
        self.place = place
        self.passed = 0
        """Loops since the start."""
        self.times = [0] * LOOPS
        """When it crossed each loop last."""
        self.lap_at = 0
        self.sector_at = 0
        self.bests: dict[str, int] = {}


class Board:
    """The timing table. Cars stand in order of distance, then of the time they covered it in.

    Args:
        cars: in grid order.
    """

    def __init__(self, cars: Sequence[Car]) -> None:
        self.order = [car.number for car in cars]
        self.cars: dict[str, Cells] = {car.number: _first_cells(car) for car in cars}
        self._rows = {
            number: _Row(number, cells, place)
            for place, (number, cells) in enumerate(self.cars.items())
        }
        self._bests: dict[str, int] = {}
        self._fastest: _Row | None = None
        self._count_classes()

    def put(self, number: str, column: str, cell: Cell) -> None:
        """Set a cell."""
        self.cars[number][column] = cell

    def start(self, number: str, green_at: int, at: int) -> None:
        """A car takes the start: its first lap began with the green flag."""
        row = self._rows[number]
        row.lap_at = row.sector_at = green_at
        row.times[0] = at

    def place(self, number: str) -> int:
        """The place of a car, from 0."""
        return self._rows[number].place

    def laps(self, number: str) -> int:
        """Laps that a car has completed."""
        return self._rows[number].passed // LOOPS

    def crossed(self, number: str, loop: int, at: int) -> int | None:
        """A car crossed a loop.

        Returns: the time of the lap that ended there, where one did.
        """
        row = self._rows[number]
        row.passed += 1
        row.times[loop] = at
        self._climb(row)
        sector = SECTOR_ENDS.get(loop)
        if sector is not None:
            self._timed(row, sector, at - row.sector_at)
            row.sector_at = at
        if loop in INTERVAL_LOOPS:
            self._gaps(row, loop)
        return self._lap(row, at) if loop == 0 else None

    def _climb(self, row: _Row) -> None:
        order, rows = self.order, self._rows
        while row.place > 0:
            ahead = rows[order[row.place - 1]]
            if ahead.passed >= row.passed:
                return
            order[row.place - 1], order[row.place] = row.number, ahead.number
            row.place, ahead.place = ahead.place, row.place
            if ahead.cells["class"] == row.cells["class"]:
                row.cells["pic"], ahead.cells["pic"] = ahead.cells["pic"], row.cells["pic"]

    def _timed(self, row: _Row, column: str, took_us: int) -> bool:
        """Show a time with what it is worth; say whether it is the car's best."""
        best = row.bests.get(column)
        if best is not None and took_us >= best:
            row.cells[column] = took_us
            return False
        row.bests[column] = took_us
        fastest = self._bests.get(column)
        if fastest is not None and took_us >= fastest:
            row.cells[column] = (took_us, Mark.PB)
            return True
        self._bests[column] = took_us
        row.cells[column] = (took_us, Mark.SB)
        return True

    def _lap(self, row: _Row, at: int) -> int:
        took_us, row.lap_at = at - row.lap_at, at
        row.cells["laps"] = row.passed // LOOPS
        if self._timed(row, "last", took_us):
            self._best_lap(row, took_us)
        return took_us

    def _best_lap(self, row: _Row, took_us: int) -> None:
        row.cells["best"] = took_us
        if self._bests["last"] != took_us:
            return
        if self._fastest is not None and self._fastest is not row:
            self._fastest.cells["best"] = self._fastest.bests["last"]
        self._fastest = row
        row.cells["best"] = (took_us, Mark.SB)

    def _gaps(self, row: _Row, loop: int) -> None:
        if row.place == 0:
            row.cells.pop("gap", None)
            row.cells.pop("int", None)
            return
        row.cells["int"] = self._behind(row, row.place - 1, loop)
        if loop in GAP_LOOPS:
            row.cells["gap"] = self._behind(row, 0, loop)

    def _behind(self, row: _Row, place: int, loop: int) -> int | Laps:
        ahead = self._rows[self.order[place]]
        loops = ahead.passed - row.passed
        return Laps(loops // LOOPS) if loops >= LOOPS else row.times[loop] - ahead.times[loop]

    def _count_classes(self) -> None:
        seen: dict[Cell, int] = {}
        for cells in self.cars.values():
            seen[cells["class"]] = cells["pic"] = seen.get(cells["class"], 0) + 1


def _first_cells(car: Car) -> Cells:
    return {
        "num": car.number,
        "state": CarState.NOT_STARTED,
        "class": car.entry.car_class.name,
        "team": car.entry.team,
        "driver": car.driver,
        "car": car.entry.model,
        "tyre": car.tyre,
        "tyre_age": 0,
        "laps": 0,
        "pits": 0,
    }
