"""What a simulated race is made from: everything that decides how it goes."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from livetiming.units import SECOND_US


class Plan(NamedTuple):
    """Equal plans give equal races, to the last microsecond.

    Args:
        seed: decides everything that chance decides.
        cars: how many start.
        duration_s: from the green flag to the chequered one.
        lap_s: a lap of the fastest class, about.
        incident_laps: laps between two incidents, on average.
        retirements: whether a car that stops may stay there.
        grid_s: from the first picture to the green flag.
    """

    seed: int
    cars: int
    duration_s: int
    lap_s: int
    incident_laps: float = 7.0
    retirements: bool = True
    grid_s: int = 6

    @property
    def lap_us(self) -> int:
        """A lap of the fastest class, about."""
        return self.lap_s * SECOND_US

    @property
    def green_us(self) -> int:
        """When the race starts, from the first picture on."""
        return self.grid_s * SECOND_US

    @property
    def end_us(self) -> int:
        """When the time is up, from the first picture on."""
        return (self.grid_s + self.duration_s) * SECOND_US

    def dice(self, room: str) -> Random:
        """Chance for one part of the race, so that one part's throws do not move another's."""
        return Random(f"{self.seed}/{room}")  # noqa: S311 - a game, not a secret
