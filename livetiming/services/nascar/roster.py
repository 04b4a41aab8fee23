"""Which car is meant: by number, and by driver where two cars have one number."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

from livetiming.services import CarIds

Driver = Hashable
"""What tells a driver: the id, or the name where there is no id."""


class Roster:
    """The cars of one session.

    A number belongs to one car, whoever drives it, until a document shows it twice: then the
    drivers tell the cars apart.
    """

    def __init__(self) -> None:
        self._ids = CarIds()
        self._drivers: dict[str, list[Driver]] = {}
        self._names: dict[tuple[str, str], int] = {}

    def enter(self, number: str, driver: Driver, name: str, shown: Collection[Driver]) -> str:
        """The id of a car that a document shows.

        Args:
            number: as it is painted on the car.
            driver: who drives it.
            name: the driver's.
            shown: the drivers of all cars with this number in the same document.
        Raises: `BadFrame` where there can be no such car.
        """
        drivers = self._drivers.setdefault(number, [])
        if driver not in drivers:
            gone = next((slot for slot, old in enumerate(drivers) if old not in shown), None)
            if gone is None:
                drivers.append(driver)
            else:
                drivers[gone] = driver
        slot = drivers.index(driver)
        self._names[number, name] = slot
        return self._id(number, slot)

    def find(self, number: str, name: str) -> str | None:
        """The id of a car that was entered; `None` where it is not known, or which is meant."""
        known = self._drivers.get(number, [])
        slot = 0 if len(known) == 1 else self._names.get((number, name))
        return None if slot is None or slot >= len(known) else self._id(number, slot)

    def _id(self, number: str, slot: int) -> str:
        return self._ids.of(number, slot)


def drivers_by_number(cars: Collection[tuple[str, Driver]]) -> Mapping[str, list[Driver]]:
    """The drivers that a document shows, by number."""
    found: dict[str, list[Driver]] = {}
    for number, driver in cars:
        found.setdefault(number, []).append(driver)
    return found
