"""A picture that is still filling up after a resume, laid over what the log already knows.

A parser that was just started has seen nothing yet; without this, every car would leave and come
back each time a service is restarted.
"""

from __future__ import annotations

from livetiming.events import Board, Picture


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
