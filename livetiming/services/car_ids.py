"""Ids of cars that last: two cars with one number are two cars, in whatever order they come."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import chain, count

from livetiming.errors import BadValue
from livetiming.events import MAX_CARS, car_id
from livetiming.services.api import BadFrame


class CarIds:
    """The ids of one session's cars.

    The first car of a key is called by it, the second `key~2`, and so on (docs/log-format.md).
    """

    def __init__(self) -> None:
        self._ids: dict[tuple[str, Hashable], str] = {}
        self._taken: set[str] = set()

    def of(self, key: str, entry: Hashable = None) -> str:
        """The id of a car.

        Args:
            key: the provider's own for the car, as a rule its number.
            entry: what else tells two cars with one key apart, and stays as it is in a session,
                such as the team.
        Raises: `BadFrame` where the key can be none, or where there are too many cars.
        """
        known = self._ids.get((key, entry))
        return self._new(key, entry) if known is None else known

    def _new(self, key: str, entry: Hashable) -> str:
        if len(self._ids) >= MAX_CARS:
            raise BadFrame("too many cars", f"more than {MAX_CARS}")
        try:
            plain = car_id(key)
            numbered = (car_id(f"{plain}~{number}") for number in count(2))
            found = next(id_ for id_ in chain([plain], numbered) if id_ not in self._taken)
        except BadValue as error:
            raise BadFrame("car key", str(error)) from error
        self._taken.add(found)
        self._ids[key, entry] = found
        return found
