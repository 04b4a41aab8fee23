"""Which car a row is of, where two cars may have one start number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from livetiming.services import CarIds


class Entrant(NamedTuple):
    """What a row says of the car that stays as it is, as a rule.

    Args:
        number: on the car.
        class_: its class.
        team: its entrant.
    """

    number: str
    class_: str
    team: str


class Entrants:
    """The ids of one session's cars.

    One car with a number keeps its id whatever is corrected about it; of two with one number each
    keeps the id under which its class and team were known, in whatever order they come.
    """

    def __init__(self) -> None:
        self._ids = CarIds()
        self._known: dict[str, list[Entrant]] = {}

    def ids(self, rows: Sequence[Entrant]) -> list[str]:
        """The ids of all cars of a result, in its order.

        Raises: `BadValue` where a number can be none, `BadFrame` where there are too many cars.
        """
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(row.number, []).append(place)
        found = [""] * len(rows)
        for number, of_number in places.items():
            nths = self._nths(number, [rows[place] for place in of_number])
            for place, nth in zip(of_number, nths, strict=True):
                found[place] = self._ids.of(number, nth)
        return found

    def _nths(self, number: str, rows: list[Entrant]) -> list[int]:
        """For each row, the how manieth car of this number it is."""
        known = self._known.setdefault(number, [])
        free = list(range(len(known)))
        nths: list[int | None] = [_take(known, free, row) for row in rows]
        for place, row in enumerate(rows):
            nth = nths[place]
            if nth is None:
                nth = free.pop(0) if free else len(known)
                known[nth : nth + 1] = [row]
            nths[place] = nth
        return [nth for nth in nths if nth is not None]


def _take(known: list[Entrant], free: list[int], row: Entrant) -> int | None:
    for nth in free:
        if known[nth] == row:
            free.remove(nth)
            return nth
    return None
