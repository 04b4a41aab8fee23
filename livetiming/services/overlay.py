"""A picture that is still filling up after a resume, laid over what the log already knows.

A parser that was just started has seen nothing yet; without this, every car would leave and come
back each time a service is restarted.
"""

from __future__ import annotations

from livetiming.events import Board, Picture

GRACE_MS = 60_000
"""So long after its first frame a feed may take to show again what the log already knows."""


class Grace:
    """The time after a resume in which what is not seen yet is still there."""

    def __init__(self) -> None:
        self._until: int | None = None
        self._over = False

    def look(self, known: Board, seen: Picture, at: int) -> Picture:
        """Lay a picture over what is known, while the grace lasts.

        Args:
            known: what the log says.
            seen: by a parser that has read at least one frame.
            at: the instant, epoch ms.
        """
        if self._until is None:
            self._until = at + GRACE_MS
        self._over = self._over or at >= self._until or lacks_nothing(known, seen)
        return seen if self._over else overlay(known, seen)


def lacks_nothing(known: Board, seen: Board) -> bool:
    """Whether a picture shows every car, cell and field that is known."""
    return known.session.keys() <= seen.session.keys() and all(
        car in seen.cars and cells.keys() <= seen.cars[car].keys()
        for car, cells in known.cars.items()
    )


def overlay(known: Board, seen: Picture) -> Picture:
    """Show what is seen, and what is known where nothing is seen yet.

    Known cars keep their places until all of them are seen; new ones come behind them.
    """
    if known.cars.keys() <= seen.cars.keys():
        order = seen.order
    else:
        order = known.order + [car for car in seen.order if car not in known.cars]
    cars = {car: {**known.cars.get(car, {}), **seen.cars.get(car, {})} for car in order}
    return Picture(cars, order, {**known.session, **seen.session}, seen.source_at)
