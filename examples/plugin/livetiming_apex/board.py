"""The karts of one session, kept up to date cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import MAX_CARS, Cells, Passed, Picture, SessionValue
from livetiming.racing import CarState
from livetiming.services import CarIds, Strange

from livetiming_apex.columns import DRIVER, READINGS, UNREAD, Reading, cell, count
from livetiming_apex.grid import Grid

_NOWHERE = 10**9
"""The place of a kart that has none yet: behind all others."""
_PLACE = "rk"
_KNOWN = frozenset({*READINGS, _PLACE, "otr", "sta", "grp"})
"""Types of columns that are shown, or passed over: time on track, and two that are pictures."""


class Kart:
    """What is known of a kart; `cells` is what the host sees of it.

    `lapped` is the lap that it completed last: its time, and the count that was shown then.
    """

    def __init__(self, id_: str) -> None:
        self.id = id_
        self.cells: Cells = {}
        self.place = (_NOWHERE, 0)
        self.lapped: Cells = {}


class Board:
    """Karts by the number of their row.

    Args:
        strange: told of what cannot be read.
    """

    def __init__(self, strange: Strange) -> None:
        self._strange = strange
        self._ids = CarIds()
        self._types: dict[int, str] = {}
        self._karts: dict[str, Kart] = {}
        self._moves = 0
        self._lapped: dict[str, int] = {}
        self._counted: set[str] = set()
        self.session: dict[str, SessionValue] = {}

    def picture(self) -> Picture:
        """The board now, by places; of two karts with one place the one that took it first."""
        karts = sorted(self._karts.values(), key=lambda kart: kart.place)
        cells = {kart.id: kart.cells for kart in karts}
        return Picture(cells, list(cells), self.session)

    def take(self, grid: Grid) -> None:
        """Take a whole table: a kart that is not in it has left."""
        self._types = grid.types
        for type_ in set(grid.types.values()) - _KNOWN:
            self._strange.meet("column", type_)
        known, self._karts = self._karts, {}
        for row, cells in list(grid.rows.items())[:MAX_CARS]:
            self._karts[row] = known.get(row) or Kart(self._ids.of(row))
            for column, (style, text) in sorted(cells.items()):
                self.set(row, column, style, text)

    def set(self, row: str, column: int, style: str, text: str) -> None:
        """Show a cell."""
        type_ = self._types.get(column, "")
        kart = self._kart(row)
        if kart is None:
            return
        if type_ == _PLACE:
            self.move(row, text)
        elif type_ in READINGS:
            reading = DRIVER if (type_, style) == ("dr", "drteam") else READINGS[type_]
            self._show(kart, reading, style, text)
            if type_ == "tlp":
                self._counted.add(row)

    def _kart(self, row: str) -> Kart | None:
        kart = self._karts.get(row)
        if kart is None:
            self._strange.meet("row", row)
        return kart

    def _show(self, kart: Kart, reading: Reading, style: str, text: str) -> None:
        value = cell(reading, style, text)
        if value is None:
            kart.cells.pop(reading.column, None)
        elif value == UNREAD:
            self._strange.meet(f"text in {reading.column}", text)
        else:
            kart.cells[reading.column] = value

    def move(self, row: str, text: str) -> None:
        """Put a kart in its place."""
        kart, place = self._kart(row), count(text.strip())
        if kart is None or text.strip() in ("", "-"):
            return
        if not isinstance(place, int) or place < 1:
            self._strange.meet("place", text)
        elif place != kart.place[0]:
            self._moves += 1
            kart.place = (place, self._moves)

    def lap(self, row: str, lap_us: int) -> None:
        """A kart completed a lap; its message may still say how many."""
        if self._kart(row) is not None:
            self._lapped[row] = lap_us

    def pit(self, row: str, state: CarState) -> Passed | None:
        """A kart came into the pits or left them."""
        kart = self._kart(row)
        if kart is None or kart.cells.get("state") == state:
            return None
        kart.cells["state"] = state
        return Passed(kart.id, "pit_in" if state is CarState.PIT else "pit_out")

    def settle(self) -> Iterator[Passed]:
        """The message is over: the laps that were completed in it."""
        for row, lap_us in self._lapped.items():
            kart = self._karts.get(row)
            if kart is not None:
                yield from _cross(kart, lap_us, is_counted=row in self._counted)
        self._lapped, self._counted = {}, set()


def _cross(kart: Kart, lap_us: int, *, is_counted: bool) -> Iterator[Passed]:
    """A lap of the same time under the same count is the one before, said again."""
    laps = kart.cells.get("laps")
    lapped: Cells = {"last": lap_us} if laps is None else {"last": lap_us, "laps": laps}
    if lapped == kart.lapped:
        return
    kart.lapped = lapped
    kart.cells["state"] = CarState.RUN
    yield Passed(kart.id, "finish", laps if is_counted and isinstance(laps, int) else None, lap_us)
