"""Ids of cars that last: two cars with one number are two cars, in whatever order they come."""

from __future__ import annotations

from collections.abc import Hashable

from livetiming.events import MAX_CARS, car_id
from livetiming.services.api import BadFrame


class CarIds:
    """The ids of one session's cars.

    The first car of a key is called by it, the second `key~2`, and so on (docs/log-format.md).
    """

    def __init__(self) -> None:
        self._ids: dict[tuple[str, Hashable], str] = {}
        self._counts: dict[str, int] = {}

    def of(self, key: str, entry: Hashable = None) -> str:
        """The id of a car.

        Args:
            key: the provider's own for the car, as a rule its number.
            entry: what else tells two cars with one key apart, and stays as it is in a session,
                such as the team.
        Raises: `BadValue` where the key can be none, `BadFrame` where there are too many cars.
        """
        known = self._ids.get((key, entry))
        return self._new(key, entry) if known is None else known

    def _new(self, key: str, entry: Hashable) -> str:
        if len(self._ids) >= MAX_CARS:
            raise BadFrame("too many cars", f"more than {MAX_CARS}")
        plain = car_id(key)
        count = self._counts.get(plain, 0) + 1
        found = car_id(plain if count == 1 else f"{plain}~{count}")
        self._counts[plain] = count
        self._ids[key, entry] = found
        return found
