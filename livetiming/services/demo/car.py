"""One car on its way: how fast it is, what is in its tank, who drives, on which tyres."""

from __future__ import annotations

from random import Random

from livetiming.racing import CarState
from livetiming.services.demo.entries import Entry

SOFT, MEDIUM, WET = "S", "M", "W"

_TYRE_PACE = {SOFT: 0.0, MEDIUM: 0.004}
_TYRE_WEAR = {SOFT: 0.0006, MEDIUM: 0.0003, WET: 0.0004}


class Car:
    """A car, its driver, its fuel and its tyres.

    Args:
        entry: what takes part.
        dice: chance of this car alone.
    """

    def __init__(self, entry: Entry, dice: Random) -> None:
        self.entry = entry
        self.number = entry.number
        self.dice = dice
        self.state = CarState.RUN
        self.loop = 0
        self.pace = entry.pace
        self.boxes = False
        """It comes in at the end of this lap."""
        self.breaks_down = False
        """It stops at the next loop."""
        self.penalty_us = 0
        self.stops = 0
        self.fuel_laps = dice.randint(2, entry.car_class.stint_laps)
        self.tyre = dice.choice((SOFT, MEDIUM))
        self.tyre_age = 0
        self._seat = 0
        self._stints = 0
        self._skill = [dice.uniform(0.998, 1.004) for _ in entry.drivers]

    @property
    def driver(self) -> str:
        """Who drives now."""
        return self.entry.drivers[self._seat]

    def begin_lap(self, rain: int) -> None:
        """Settle how fast the lap will be."""
        form = self.dice.gauss(1.0, 0.0025)
        load = 1 + 0.0006 * self.fuel_laps
        self.pace = self.entry.pace * self._skill[self._seat] * form * load * self._grip(rain)

    def end_lap(self, *, wet: bool) -> None:
        """Burn a lap of fuel and tyres, and decide whether to come in."""
        self.fuel_laps -= 1
        self.tyre_age += 1
        wrong_tyres = (self.tyre == WET) != wet
        if self.fuel_laps <= 1 or (wrong_tyres and self.dice.random() < 0.4):
            self.boxes = True

    def service(self, *, wet: bool) -> bool:
        """Fill up, and change tyres and driver where it is time.

        Returns: whether somebody else drives now.
        """
        self.boxes = False
        self.penalty_us = 0
        self.fuel_laps = self.entry.car_class.stint_laps + self.dice.choice((-1, 0, 0, 1))
        if (self.tyre == WET) != wet or self.tyre_age > 20 or self.dice.random() < 0.3:
            self.tyre = WET if wet else self.dice.choice((SOFT, MEDIUM))
            self.tyre_age = 0
        self._stints += 1
        if self._stints < 2 and self.dice.random() < 0.6:
            return False
        self._stints = 0
        self._seat = (self._seat + 1) % len(self.entry.drivers)
        return True

    def _grip(self, rain: int) -> float:
        wear = _TYRE_WEAR[self.tyre] * self.tyre_age
        if self.tyre == WET:
            return 1.07 + 0.0005 * rain + wear
        return 1 + _TYRE_PACE[self.tyre] + 0.0025 * rain + wear
