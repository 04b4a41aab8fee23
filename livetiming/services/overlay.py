"""A picture that is still filling up after a resume, laid over what the log already knows.

A parser that was just started has seen nothing yet; without this, every car would leave and come
back each time a service is restarted, and lose what its feed tells only as it happens.
"""

from __future__ import annotations

from collections.abc import Set

from livetiming.events import Board, Cell, Cells, Picture

GRACE_MS = 60_000
"""So long after its first frame a feed may take to show again each car and field that is known."""

_PROGRESS = ("laps", "last", "best")
"""Where one of these is news, the car was seen going, and all its cells are the parser's."""
_RELATIONS = frozenset({"gap", "int", "class_gap", "class_int", "pic"})
"""A car without one of these while others have it has none: the leader."""


class Grace:
    """The time after a resume in which what is not seen yet is still there.

    Args:
        known: what the log says at that moment.
    """

    def __init__(self, known: Board) -> None:
        self._until: int | None = None
        self._waiting = {car: _progress(cells) for car, cells in known.cars.items()}
        """How far the cars were that have not been seen going since."""

    def look(self, known: Board, seen: Picture, at: int) -> Picture:
        """Lay a picture over what is known.

        Args:
            known: what the log says now.
            seen: by a parser that has read at least one frame.
            at: the instant, epoch ms.
        """
        if self._until is None:
            self._until = at + GRACE_MS
        self._waiting = {
            car: before
            for car, before in self._waiting.items()
            if car in known.cars and not (car in seen.cars and _is_news(before, seen.cars[car]))
        }
        if at >= self._until:
            cars = _filled(known, seen, self._waiting.keys())
            return Picture(cars, seen.order, seen.session, seen.source_at)
        cars = {**known.cars, **_filled(known, seen, known.cars.keys())}
        session = {**known.session, **seen.session}
        return Picture(cars, _order(known, seen), session, seen.source_at)

    def is_over(self, at: int) -> bool:
        """Whether the time is past and no car waits: from then on, pictures stay as they are."""
        return self._until is not None and at >= self._until and not self._waiting


def _filled(known: Board, seen: Picture, filling: Set[str]) -> dict[str, Cells]:
    """The cars that are seen; those that are still filling up with what is known of them."""
    shown = {column for cells in seen.cars.values() for column in cells} & _RELATIONS
    cars = dict(seen.cars)
    for car in filling & seen.cars.keys() & known.cars.keys():
        kept = known.cars[car].items()
        cars[car] = {column: cell for column, cell in kept if column not in shown}
        cars[car].update(seen.cars[car])
    return cars


def _progress(cells: Cells) -> tuple[Cell | None, ...]:
    return tuple(_value(cells.get(column)) for column in _PROGRESS)


def _value(cell: Cell | None) -> Cell | None:
    return cell[0] if isinstance(cell, tuple) else cell


def _is_news(before: tuple[Cell | None, ...], cells: Cells) -> bool:
    now = _progress(cells)
    return any(seen not in (None, known) for known, seen in zip(before, now, strict=True))


def _order(known: Board, seen: Picture) -> list[str]:
    """Known cars keep their places until all of them are seen; new ones come behind them."""
    if known.cars.keys() <= seen.cars.keys():
        return seen.order
    return known.order + [car for car in seen.order if car not in known.cars]
