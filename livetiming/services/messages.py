"""Messages that nobody sent: derived from changes, so that every feed has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from livetiming.events import Cell, Changed, Origin, Posted, State
from livetiming.racing import CarState, Flag, Mark
from livetiming.units import format_duration

_FLAG_TEXTS = {
    Flag.GREEN: "Green flag",
    Flag.WHITE: "White flag: last lap",
    Flag.CHEQUERED: "Chequered flag",
    Flag.YELLOW: "Yellow flag",
    Flag.FCY: "Full course yellow",
    Flag.CODE_60: "Code 60",
    Flag.VSC: "Virtual safety car",
    Flag.SC: "Safety car",
    Flag.CAUTION: "Caution",
    Flag.RED: "Red flag",
    Flag.SLOW_ZONE: "Slow zone",
    Flag.CODE_60_ZONE: "Code 60 zone",
}
_IN_PIT = frozenset({CarState.PIT, CarState.FUEL})
_ON_TRACK = frozenset({CarState.RUN, CarState.OUT})


def flag_changes(_state: State, change: Changed) -> Iterator[Posted]:
    """Say each new flag, but not that there is none."""
    flag = change.session.get("flag")
    if isinstance(flag, str) and flag in _FLAG_TEXTS:
        yield Posted(category="Flags", text=_FLAG_TEXTS[Flag(flag)], style=flag, origin=_DERIVED)


def pit_stops(state: State, change: Changed) -> Iterator[Posted]:
    """Say which car enters or leaves the pits."""
    for car, before, after in _changes(state, change, "state"):
        if after in _IN_PIT and before in _ON_TRACK:
            yield _of_car(state, change, car, "Pits", "has entered the pits", "pit")
        elif after in _ON_TRACK and before in _IN_PIT:
            yield _of_car(state, change, car, "Pits", "has left the pits", "out")


def driver_changes(state: State, change: Changed) -> Iterator[Posted]:
    """Say who takes over a car."""
    for car, before, after in _changes(state, change, "driver"):
        if before is not None and after is not None:
            yield _of_car(state, change, car, "Drivers", f"driver change: {before} to {after}")


def fastest_laps(state: State, change: Changed) -> Iterator[Posted]:
    """Say each new fastest lap of the session."""
    for car, before, after in _changes(state, change, "best"):
        if isinstance(after, tuple) and after[1] is Mark.SB and _value(before) != after[0]:
            text = f"fastest lap: {_lap(after[0])}"
            yield _of_car(state, change, car, "Fastest lap", text, "sb")


GENERATORS = (flag_changes, pit_stops, driver_changes, fastest_laps)
"""Run for every feed, in this order."""

_DERIVED = Origin.DERIVED


def _changes(
    state: State, change: Changed, column: str
) -> Iterable[tuple[str, Cell | None, Cell | None]]:
    """The cars that were there before and whose cell changed, with both values."""
    for car, cells in change.cars.items():
        if column in cells and car in state.cars:
            yield car, state.cars[car].get(column), cells[column]


def _of_car(
    state: State, change: Changed, car: str, category: str, what: str, style: str | None = None
) -> Posted:
    number = change.cars[car].get("num") or state.cars[car].get("num") or car
    text = f"#{_value(number)} {what}"
    return Posted(category=category, text=text, style=style, car=car, origin=_DERIVED)


def _value(cell: Cell | None) -> object:
    return cell[0] if isinstance(cell, tuple) else cell


def _lap(value: object) -> str:
    return format_duration(value) if isinstance(value, int) else str(value)
