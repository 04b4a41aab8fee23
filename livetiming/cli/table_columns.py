"""Which columns of a session fit in a terminal, and how wide each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from livetiming.cli.table_cells import cell_text
from livetiming.events import State
from livetiming.racing import STANDARD_COLUMNS, Column, ColumnType

GAP = 1
"""Blanks between two columns."""

_SECTORS = tuple(f"s{n}" for n in range(1, 10))
_BEST_SECTORS = tuple(f"bs{n}" for n in range(1, 10))
_PRIORITY: tuple[tuple[str, ...], ...] = (
    *((id_,) for id_ in ("num", "class", "driver", "laps", "gap", "int", "last", "best", "state")),
    ("pits",),
    ("team",),
    _SECTORS,
    *((id_,) for id_ in ("pic", "tyre", "tyre_age", "tyre_stint", "car", "speed")),
    *((id_,) for id_ in ("class_gap", "class_int", "best_speed", "p2p", "grid")),
    _BEST_SECTORS,
)
"""What is shown first, where there is not room for all; sectors come together or not at all."""

_TEXT_WIDTHS = {
    "num": (5, 5),
    "class": (9, 9),
    "driver": (11, 24),
    "team": (14, 30),
    "car": (8, 24),
    "tyre": (3, 6),
}
"""Least and most of the columns whose width their texts decide; others are 4 to 16."""
_NUMBER_WIDTHS = {
    ColumnType.TIME: 9,
    ColumnType.GAP: 8,
    ColumnType.SPEED: 6,
    ColumnType.STATE: 4,
    ColumnType.NUMBER: 4,
}
"""The others never change their width, so that numbers do not dance. A time has its mark first."""
_MAX_TITLE = 6


@dataclass
class Placed:
    """A column as it is shown.

    Args:
        column: what it is.
        width: its columns of the terminal.
        wanted: what it would have if there were room.
    """

    column: Column
    width: int
    wanted: int

    @property
    def marked(self) -> bool:
        """Whether a mark stands before its values."""
        return self.column.type is ColumnType.TIME

    @property
    def right(self) -> bool:
        """Whether its values stand at its right edge."""
        return self.column.type not in (ColumnType.TEXT, ColumnType.CLASS, ColumnType.STATE)


def place_columns(state: State, width: int) -> list[Placed]:
    """Choose the columns to show, in the provider's order.

    Args:
        state: the session.
        width: columns of the terminal for all of them.
    """
    known = {column.id: _placed(column, state) for column in _described(state)}
    chosen: set[str] = set()
    left = width
    for group in _groups(known):
        needed = sum(known[id_].width + GAP for id_ in group)
        if needed <= left + GAP:
            chosen.update(group)
            left -= needed
    placed = [one for id_, one in known.items() if id_ in chosen]
    _widen(placed, left + GAP)
    return placed


def _described(state: State) -> Iterable[Column]:
    """The columns that the provider describes; where it does not, those that its cars have."""
    if state.described is not None and state.described.columns:
        return state.described.columns
    used = {id_ for cells in state.cars.values() for id_ in cells}
    return [column for id_, column in STANDARD_COLUMNS.items() if id_ in used]


def _groups(known: dict[str, Placed]) -> Iterator[list[str]]:
    """Columns that come together, the most wanted first, then those that only this provider has."""
    ranked = {id_ for group in _PRIORITY for id_ in group}
    for group in _PRIORITY:
        wanted = [id_ for id_ in group if id_ in known]
        if group == ("driver",) and not wanted:
            wanted = [id_ for id_ in ("team",) if id_ in known]
        if group == ("team",) and "driver" not in known:
            continue
        if wanted:
            yield wanted
    yield from ([id_] for id_ in known if id_ not in ranked)


def _placed(column: Column, state: State) -> Placed:
    title = min(cell_len(column.title), _MAX_TITLE)
    if column.type not in (ColumnType.TEXT, ColumnType.CLASS):
        width = max(_NUMBER_WIDTHS[column.type], title)
        return Placed(column, width, width)
    least, most = _TEXT_WIDTHS.get(column.id, (4, 16))
    texts = (cell_text(cells.get(column.id), column.type, most)[0] for cells in state.cars.values())
    wanted = max(map(cell_len, texts), default=0)
    wanted = min(max(wanted, title), most)
    return Placed(column, min(wanted, max(least, title)), wanted)


def _widen(placed: list[Placed], left: int) -> None:
    """Give what room is left to the columns that want it, the most wanted first."""
    for one in sorted(placed, key=lambda one: one.column.id not in ("num", "class", "driver")):
        more = max(0, min(left, one.wanted - one.width))
        one.width += more
        left -= more
