"""A simulated day for benchmarks: 24 hours, 60 cars, a picture a second, no text between."""

from __future__ import annotations

from collections.abc import Iterator

from livetiming.events import Clock, Picture
from livetiming.services import Fact
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.race import Race
from livetiming.units import HOUR_US, SECOND_US

START_AT = 1_781_445_600_000
"""2026-06-14 14:00 UTC, the first picture of the day, epoch ms."""
SEED = 24
CARS = 60
EVERY_US = 950_000
"""Between two pictures: a day of 86,400 would leave no room for the seconds without a change."""


def synthetic_day(
    seed: int = SEED, hours: int = 24, cars: int = CARS
) -> Iterator[tuple[int, Picture, list[Fact]]]:
    """Run a race of a day's length that every car finishes, a picture every 950 ms.

    Fed to `diff` as it is, the day of the standard seed gives 85,000 to 95,000 changes of
    540,000 to 620,000 cells. Clocks in it are set once and need no steadying.

    Args:
        seed: decides everything that chance decides.
        hours: from the green flag to the chequered one.
        cars: how many take part.
    Returns: for each instant `(at, picture, facts)`: epoch ms, the whole picture, and what
        happened since the one before. The picture is *live*: its maps are those the race goes on
        with, so it is to be read before the next one is asked for.
    """
    race = Race(
        Plan(
            seed=seed,
            cars=cars,
            duration_s=hours * HOUR_US // SECOND_US,
            lap_s=220,
            incident_laps=12.0,
            retirements=False,
        )
    )
    now_us = 0
    while race.over_us is None:
        race.advance(now_us)
        yield START_AT + now_us // 1000, _picture(race, now_us), _facts(race)
        now_us += EVERY_US


def _picture(race: Race, now_us: int) -> Picture:
    at = START_AT + now_us // 1000
    clock = race.clock(now_us)
    if clock.runs:
        # said as of the green flag, it is the same clock in every picture
        at, clock = START_AT + race.plan.green_us // 1000, race.clock(race.plan.green_us)
    session = {
        **race.fields(),
        "elapsed": Clock(clock.elapsed_us, at, clock.runs),
        "remaining": Clock(clock.remaining_us, at, clock.runs),
    }
    return Picture(race.board.cars, race.board.order, session, START_AT + now_us // 1000)


def _facts(race: Race) -> list[Fact]:
    return [
        Fact(happened.payload, START_AT + happened.at_us // 1000)
        for happened in race.journal.take()
    ]
