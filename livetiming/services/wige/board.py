"""The table of one session: each result is a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from livetiming.errors import BadValue
from livetiming.events import Cells, Passed, car_id
from livetiming.racing import CarState, Mark
from livetiming.services import BadFrame, Fact, Strange
from livetiming.services.wige.entrants import Entrant, Entrants
from livetiming.services.wige.fields import NOTHING, Row, gap, number, rows, speed, text, time_us
from livetiming.services.wige.sessions import sectors_of

MAX_ROWS = 1_000
_NOWHERE = 10**9
_LINE, _APPROACH, _IN_PIT = 10, 16, 20
"""Of `LASTINTERMEDIATENUMBER`; 1 to 9 are the intermediates."""
_MARKS = {"1": Mark.PB, "2": Mark.SB}
_TEXTS = {"num": "STNR", "class": "CLASSNAME", "team": "TEAM", "driver": "NAME", "car": "CAR"}
_NUMBERS = {"pic": "CLASSRANK", "laps": "LAPS", "pits": "PITSTOPCOUNT"}


class Lap(NamedTuple):
    """A lap as it was counted.

    Args:
        laps: completed with it.
        lap_us: its time, if there is one.
    """

    laps: int
    lap_us: int | None


class Board:
    """Cars, their order and their cells.

    Args:
        strange: told of what is not known.
    """

    def __init__(self, strange: Strange) -> None:
        self._strange = strange
        self._entrants = Entrants()
        self._laps: dict[str, Lap] = {}
        self._told: dict[str, Lap] = {}
        self.cars: dict[str, Cells] = {}
        self.order: list[str] = []

    @property
    def leader_laps(self) -> int | None:
        """Laps that the leader has completed."""
        lap = self._laps.get(self.order[0]) if self.order else None
        return None if lap is None else lap.laps

    def ids_of(self, num: str) -> list[str]:
        """The cars with this number."""
        return [car for car, cells in self.cars.items() if cells.get("num") == num]

    def show(self, result: Row) -> Iterator[Fact]:
        """Read a result.

        Returns: the crossings that it shows.
        Raises: `BadFrame` where it is none; nothing has changed then.
        """
        listed = [row for row in _by_position(rows(result, "RESULT")) if self._is_car(row)]
        ids = self._entrants.ids([_entrant(row) for row in listed])
        sectors, before = sectors_of(result), self.cars
        self.cars = {
            car: self._cells(row, sectors, before.get(car, {}))
            for car, row in zip(ids, listed, strict=True)
        }
        self.order = ids
        self._lead()
        self._mark_fastest()
        for car, row in zip(ids, listed, strict=True):
            yield from self._crossing(car, row)

    def _is_car(self, row: Row) -> bool:
        """Whether it has a start number that can be one."""
        num = text(row, "STNR")
        try:
            return num not in NOTHING and bool(car_id(num))
        except BadValue as error:
            self._strange.meet("STNR", str(error))
            return False

    def _cells(self, row: Row, sectors: int, before: Cells) -> Cells:
        cells: Cells = {}
        for column, name in _TEXTS.items():
            _put(cells, column, text(row, name) or None)
        for column, name in _NUMBERS.items():
            _put(cells, column, number(row, name))
        _put(cells, "state", _state(row, sectors, before.get("state")))
        _put(cells, "gap", self._gap(row, "GAP"))
        _put(cells, "int", self._gap(row, "INT"))
        self._put_time(cells, "last", row, "LASTLAPTIME", "LLTS")
        _put(cells, "best", time_us(row, "FASTESTLAP"))
        for n in range(1, sectors + 1):
            self._put_time(cells, f"s{n}", row, f"S{n}TIME", f"ST{n}T")
            _put(cells, f"v{n}", speed(row, f"S{n}SPEED"))
        _put(cells, "best_speed", speed(row, "TOPSPEED"))
        _put(cells, "pro", text(row, "PRO") or None)
        return cells

    def _gap(self, row: Row, name: str) -> object:
        try:
            return gap(row, name)
        except ValueError as error:
            self._strange.meet("gap", str(error))
            return None

    def _put_time(self, cells: Cells, column: str, row: Row, name: str, marked: str) -> None:
        value_us = time_us(row, name)
        if value_us is None:
            return
        mark = _MARKS.get(text(row, marked))
        cells[column] = value_us if mark is None else (value_us, mark)

    def _lead(self) -> None:
        """The leader has no gap, whatever its fields say: its lap in a race."""
        for column in ("gap", "int") if self.order else ():
            self.cars[self.order[0]].pop(column, None)

    def _mark_fastest(self) -> None:
        """The fastest lap of all; the feed marks sectors and last laps only."""
        bests = [(value, car) for car in self.order if isinstance(value := self._best(car), int)]
        if bests:
            fastest_us, car = min(bests, key=lambda best: best[0])
            self.cars[car]["best"] = (fastest_us, Mark.SB)

    def _best(self, car: str) -> object:
        return self.cars[car].get("best")

    def _crossing(self, car: str, row: Row) -> Iterator[Fact]:
        """A car that is seen for the first time has not crossed a line now.

        Where results were missed, only the last crossing is known. A lap that was taken back and
        is shown again as it was, as an old result would, is not told again.
        """
        laps = number(row, "LAPS")
        if laps is None:
            return
        lap = Lap(laps, time_us(row, "LASTLAPTIME"))
        before = self._laps.get(car)
        self._laps[car] = lap
        if before is None or laps <= before.laps or self._told.get(car) == lap:
            return
        self._told[car] = lap
        line = "finish_pit" if number(row, "LASTINTERMEDIATENUMBER") == _IN_PIT else "finish"
        driver = text(row, "NAME") or None
        yield Fact(Passed(car=car, line=line, lap=laps, lap_us=lap.lap_us, driver=driver))


def _entrant(row: Row) -> Entrant:
    return Entrant(text(row, "STNR"), text(row, "CLASSNAME"), text(row, "TEAM"))


def _by_position(listed: list[Row]) -> list[Row]:
    """In order; one without a position is behind all that have one."""
    if len(listed) > MAX_ROWS:
        raise BadFrame("long result", f"{len(listed)} rows")
    return sorted(listed, key=lambda row: number(row, "POSITION") or _NOWHERE)


def _state(row: Row, sectors: int, before: object) -> CarState | None:
    """What the last intermediate tells; where there is none, the last sector's word."""
    passed = number(row, "LASTINTERMEDIATENUMBER")
    if passed is None:
        return _state_in_words(text(row, f"S{sectors}TIME").upper())
    if passed == _IN_PIT:
        return CarState.PIT
    if passed == _LINE:
        return CarState.RUN
    if 0 < passed < _LINE or passed == _APPROACH:
        return CarState.OUT if before in (CarState.PIT, CarState.OUT) else CarState.RUN
    return None


def _state_in_words(word: str) -> CarState | None:
    if "OUT" in word:
        return CarState.OUT
    return CarState.PIT if any(each in word for each in ("PIT", "BOX", "IN")) else None


def _put(cells: Cells, column: str, value: object) -> None:
    if value is not None:
        cells[column] = value  # type: ignore[assignment]
