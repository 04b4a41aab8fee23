"""Which car a record speaks of: by its number, and by its entry where two have one number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Numbered(Protocol):
    """What a roster knows of a car."""

    number: str
    entry: str
    is_entered: bool


Car = TypeVar("Car", bound=Numbered)


class Roster(Generic[Car]):
    """The cars of a run, by number and entry.

    Records before the first `$E` of a car name it by its number. Its entry is told in most; in
    `$S`, `$L` and `$I` some timekeepers tell the passing there.
    """

    def __init__(self) -> None:
        self._by_number: dict[str, list[Car]] = {}
        self._by_entry: dict[str, Car] = {}

    def __iter__(self) -> Iterator[Car]:
        return (car for cars in self._by_number.values() for car in cars)

    def has(self, number: str) -> bool:
        """Whether any car has this number."""
        return bool(self._by_number.get(number))

    def find(self, number: str, entry: str) -> Car | None:
        """The car with this number: the only one, or that of this entry, else none."""
        cars = self._by_number.get(number, [])
        if len(cars) == 1:
            return cars[0]
        return next((car for car in cars if entry and car.entry == entry), None)

    def entered(self, entry: str) -> Car | None:
        """The car of an entry."""
        return self._by_entry.get(entry)

    def match(self, number: str, entry: str) -> Car | None:
        """The car that an `$E` is about: of this entry, or one with this number and no `$E` yet."""
        known = self._by_entry.get(entry)
        if known is not None:
            return known
        cars = self._by_number.get(number, [])
        return next((car for car in cars if not (entry and car.is_entered)), None)

    def add(self, car: Car) -> None:
        """Take a car that is new."""
        self._by_number.setdefault(car.number, []).append(car)

    def enter(self, car: Car, number: str, entry: str) -> None:
        """An `$E` says number and entry of a car, which may have had others."""
        if number != car.number:
            self._by_number[car.number].remove(car)
            self._by_number.setdefault(number, []).append(car)
        car.number, car.entry, car.is_entered = number, entry, True
        if entry:
            self._by_entry[entry] = car
