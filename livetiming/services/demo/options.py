"""What may be chosen about the simulated race."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from livetiming.services.demo.plan import Plan

DAY_S = 24 * 3600


class DemoOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of `demo`.

    Equal options and an equal `start_at` give the same race; that is how a process that is
    started again goes on in it.
    """

    cars: Annotated[int, Meta(ge=3, le=60, description="cars on the grid")] = 24
    duration_s: Annotated[
        int, Meta(ge=60, le=DAY_S, description="length of the race, seconds of race time")
    ] = 6 * 3600
    lap_s: Annotated[
        int, Meta(ge=20, le=600, description="length of a lap of the fastest class, seconds")
    ] = 90
    seed: Annotated[
        int, Meta(ge=0, le=2**31, description="decides who takes part and what happens")
    ] = 1
    pace: Annotated[
        float, Meta(ge=0.1, le=60, description="seconds of race for each second on the wall")
    ] = 1.0
    start_at: Annotated[
        Annotated[float, Meta(ge=0, le=2**33)] | None,
        Meta(
            description="when the race began, epoch seconds: it is joined where it is now "
            "(default: it begins now)"
        ),
    ] = None

    def plan(self) -> Plan:
        """What the race is made from."""
        return Plan(seed=self.seed, cars=self.cars, duration_s=self.duration_s, lap_s=self.lap_s)
