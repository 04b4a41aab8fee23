"""Who takes part: invented teams, drivers, cars and classes."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from livetiming.services.demo.plan import Plan


class CarClass(NamedTuple):
    """A class of cars.

    Args:
        name: as it stands in the table.
        pace: lap time as a multiple of the plan's.
        top_kmh: at the speed trap.
        stint_laps: on one filling.
        models: of cars in it.
    """

    name: str
    pace: float
    top_kmh: int
    stint_laps: int
    models: tuple[str, ...]


class Entry(NamedTuple):
    """A car that takes part.

    Args:
        number: on its doors, and its key in the feed.
        car_class: which race within the race it is in.
        team: who enters it.
        model: make and model.
        drivers: three or four.
        pace: lap time as a multiple of the plan's.
    """

    number: str
    car_class: CarClass
    team: str
    model: str
    drivers: tuple[str, ...]
    pace: float


CLASSES = (
    CarClass("PRIME", 1.0, 331, 13, ("Volanta V9-H", "Norrvik Arktis", "Ardesia T8", "Kaizan X1")),
    CarClass("PROTO", 1.055, 309, 12, ("Ostrel P21", "Lynfield 07")),
    CarClass("GT", 1.14, 278, 15, ("Brannock GTR", "Sorvano S", "Tessel 6", "Havoq R", "Corvane")),
)

_FIRST_NAMES = (
    *("Ada", "Bram", "Cleo", "Dario", "Elin", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaori"),
    *("Luca", "Maeve", "Nils", "Oona", "Pavel", "Quinn", "Rosa", "Sven", "Tariq", "Uma", "Zoe"),
)
_LAST_NAMES = (
    *("Abendholt", "Brixham-Vale", "Corvellan", "Drexhame", "Eskelund", "Farrowgate", "Galvessen"),
    *("Hollinquist", "Ibarrondo", "Jorvikson", "Korrigane", "Lindqvall", "Marchettini", "Okonduru"),
    *("Pellavin", "Quillane", "Rautavirta", "Stennmark", "Tessarolo", "Umbrellini", "Valdimère"),
    *("Winterbrook", "Ximenor", "Yarrowby", "Zellwegen"),
)
_TEAM_FIRST = (
    *("Northlight", "Copperfox", "Blackthorn", "Silverline", "Redkite", "Highmoor", "Bluewater"),
    *("Ironbridge", "Nightjar", "Goldcrest", "Whitegate", "Stormpetrel"),
)
_TEAM_LAST = ("Racing", "Motorsport", "Engineering", "Competition", "Autosport")


def enter(plan: Plan) -> list[Entry]:
    """Make the entry list, in grid order: the fastest car first."""
    dice = plan.dice("entries")
    numbers = _numbers(dice, plan.cars)
    teams = _pairs(dice, _TEAM_FIRST, _TEAM_LAST, plan.cars)
    drivers = iter(_pairs(dice, _FIRST_NAMES, _LAST_NAMES, 4 * plan.cars))
    entries = []
    for n, (number, team) in enumerate(zip(numbers, teams, strict=True)):
        car_class = CLASSES[n * len(CLASSES) // plan.cars]
        crew = tuple(next(drivers) for _ in range(dice.choice((3, 3, 4))))
        model, pace = dice.choice(car_class.models), car_class.pace * dice.uniform(0.997, 1.003)
        entries.append(Entry(number, car_class, team, model, crew, pace))
    return sorted(entries, key=lambda entry: entry.pace)


def _numbers(dice: Random, count: int) -> list[str]:
    """Numbers are text: `007` and `7` are two cars, here and in the paddock."""
    others = [str(n) for n in range(2, 100) if n != 7]
    return (["007", "7", *dice.sample(others, count)])[:count]


def _pairs(dice: Random, first: Sequence[str], last: Sequence[str], count: int) -> list[str]:
    pairs = [f"{one} {other}" for one in first for other in last]
    return dice.sample(pairs, count)
