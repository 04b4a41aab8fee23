"""The weather over the circuit: it drifts, and now and then it rains."""

from __future__ import annotations

import math

from livetiming.services.demo.plan import Plan
from livetiming.units import HOUR_US, SECOND_US

EVERY_US = 20 * SECOND_US
WET = 30
"""Rain, in percent, from which wet tyres are the faster ones."""

_CHANCE_OF_SHOWER = 1 / 250


class Weather:
    """What the weather station says, step by step."""

    def __init__(self, plan: Plan) -> None:
        self._dice = plan.dice("weather")
        self._start_h = self._dice.uniform(11, 15)
        self._cloud = 0.3
        self._wind = self._dice.uniform(4, 15)
        self._shower = 0
        self.rain = 0
        self.values: dict[str, float] = {}
        self.step(0)

    @property
    def wet(self) -> bool:
        """Whether wet tyres are the faster ones."""
        return self.rain >= WET

    def step(self, at_us: int) -> None:
        """Go on to an instant."""
        dice = self._dice
        self._cloud = min(1.0, max(0.0, self._cloud + dice.gauss(0, 0.02)))
        self._wind = min(45.0, max(0.0, self._wind + dice.gauss(0, 0.4)))
        self._rain()
        sun = max(0.0, math.sin(math.pi * (self._hour(at_us) - 5) / 16)) * (1 - 0.6 * self._cloud)
        air = 13 + 12 * sun - 0.03 * self.rain
        self.values = {
            "air": round(air, 1),
            "track_temp": round(air + 17 * sun - 0.06 * self.rain, 1),
            "humidity": round(72 - 30 * sun + 0.2 * self.rain),
            "wind": round(self._wind),
            "rain": self.rain,
        }

    def _hour(self, at_us: int) -> float:
        return (self._start_h + at_us / HOUR_US) % 24

    def _rain(self) -> None:
        if self._shower == 0 and self._dice.random() < _CHANCE_OF_SHOWER:
            self._shower = self._dice.randint(20, 60)
        self._shower = max(0, self._shower - 1)
        self.rain = min(100, max(0, self.rain + (5 if self._shower else -4)))
