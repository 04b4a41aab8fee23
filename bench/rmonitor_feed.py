"""An invented endurance race as an RMonitor server tells it, from a fixed seed.

Real servers tell every place that changed and repeat entries and places every two minutes or so:
for each `$J`, captures have 3 to 5 `$G`, 2 to 7 `$H` and 1 to 4 `$A` and `$COMP`.
Here there are 2, 2 and 1: the heartbeats, each of which is a picture to compare, weigh more.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from heapq import heapify, heapreplace
from typing import NamedTuple

CARS = 40
HOURS = 4
REPEAT_S = 120
_CLASSES = {1: ("GTP", 106.0), 2: ("LMP2", 110.0), 3: ("GTD", 117.0)}


class _Car:
    def __init__(self, number: int, dice: random.Random) -> None:
        self.number = str(number)
        self.class_key = 1 + (number - 1) * len(_CLASSES) // CARS
        self.pace_s = _CLASSES[self.class_key][1] * dice.uniform(0.99, 1.01)
        self.laps = 0
        self.total_s = 0.0
        self.best_s = 0.0


class _Due(NamedTuple):
    at_s: float
    car: int


def endurance_race(seed: int = 24, hours: int = HOURS) -> Iterator[str]:
    """The records of the race, without line ends: heartbeats each second, laps as they end."""
    dice = random.Random(seed)
    cars = [_Car(n + 1, dice) for n in range(CARS)]
    yield from _heading()
    due = [_Due(car.pace_s * dice.uniform(1.0, 1.1), n) for n, car in enumerate(cars)]
    heapify(due)
    for second in range(hours * 3600):
        yield _heartbeat(second)
        if second % REPEAT_S == 0:
            yield from _everything(cars)
        while due[0].at_s <= second:
            at_s, n = due[0]
            yield from _lap(cars, cars[n], at_s)
            heapreplace(due, _Due(at_s + _next_lap_s(cars[n], dice), n))


def _heading() -> Iterator[str]:
    yield '$I,"12:00:00.000","14 jun 26"'
    yield '$B,24,"Race"'
    yield '$E,"TRACKNAME","Lakemoor Ring"'
    yield '$E,"TRACKLENGTH","4.200"'
    for key, (name, _) in _CLASSES.items():
        yield f'$C,{key},"{name}"'


def _everything(cars: list[_Car]) -> Iterator[str]:
    for car in cars:
        number, key = car.number, car.class_key
        yield f'$A,"{number}","{number}",90{number},"Ada","Driver {number}","X",{key}'
        yield f'$COMP,"{number}","{number}",{key},"Ada","Driver {number}","X","Team {number}"'
        yield from _places(cars, car)


def _next_lap_s(car: _Car, dice: random.Random) -> float:
    stop_s = 62.0 if car.laps % 27 == 26 else 0.0
    return car.pace_s * dice.uniform(0.995, 1.03) + stop_s


def _lap(cars: list[_Car], car: _Car, at_s: float) -> Iterator[str]:
    lap_s, before = at_s - car.total_s, _ahead(cars, car)
    car.laps, car.total_s = car.laps + 1, at_s
    car.best_s = min(lap_s, car.best_s or lap_s)
    yield f'$L,"{car.number}","SFT","SFT","06/14/2026","{_time(43_200 + at_s)}"'
    yield f'$J,"{car.number}","{_time(lap_s)}","{_time(at_s)}"'
    yield from _places(cars, car)
    for overtaken in sorted(before - _ahead(cars, car), key=lambda each: int(each.number)):
        yield _race_place(cars, overtaken)


def _ahead(cars: list[_Car], car: _Car) -> set[_Car]:
    return {each for each in cars if (-each.laps, each.total_s) < (-car.laps, car.total_s)}


def _places(cars: list[_Car], car: _Car) -> Iterator[str]:
    yield _race_place(cars, car)
    if car.best_s:
        faster = sum(0 < other.best_s < car.best_s for other in cars)
        yield f'$H,{1 + faster},"{car.number}",{car.laps},"{_time(car.best_s)}"'


def _race_place(cars: list[_Car], car: _Car) -> str:
    laps = car.laps or ""
    return f'$G,{1 + len(_ahead(cars, car))},"{car.number}",{laps},"{_time(car.total_s)}"'


def _heartbeat(second: int) -> str:
    to_go, now = _clock(HOURS * 3600 - second), _clock(43_200 + second)
    return f'$F,9999,"{to_go}","{now}","{_clock(second)}","Green "'


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _time(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{_clock(ms // 1000)}.{ms % 1000:03}"
