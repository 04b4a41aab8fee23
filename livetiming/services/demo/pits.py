"""The pit lane: in, over the line, fuel, tyres, another driver, out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from livetiming.events import Passed
from livetiming.racing import CarState, Flag
from livetiming.services.demo.agenda import Agenda
from livetiming.services.demo.board import Board
from livetiming.services.demo.car import Car
from livetiming.services.demo.control import Control
from livetiming.services.demo.journal import Journal
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.weather import Weather
from livetiming.units import SECOND_US

_TO_ENTRY, _TO_LINE, _TO_BOX, _FUEL, _CREW, _TO_EXIT, _TO_TRACK = (
    *(0.02, 0.05, 0.03, 0.22, 0.07, 0.06, 0.03),
)
"""How long each part takes, in laps at full speed."""
_REPAIR = 0.02
"""Chance that the crew finds something to repair."""
_REPAIRED_BEFORE = 6
"""Laps before the end after which nothing is repaired, so that the car is still seen to finish."""


class PitLane:
    """Where cars stop.

    Args:
        plan: of the race.
        agenda: of the race.
        board: the timing table.
        journal: takes the crossings.
        control: says whether the exit is open.
        weather: decides on tyres.
        lap_completed: told of a car on the line in the pit lane; says whether its race goes on.
        rejoin: told of a car that is back on the track.
    """

    def __init__(
        self,
        plan: Plan,
        agenda: Agenda,
        board: Board,
        journal: Journal,
        control: Control,
        weather: Weather,
        lap_completed: Callable[[Car, int, str], bool],
        rejoin: Callable[[Car, int], None],
    ) -> None:
        self._lap_us = plan.lap_us
        self._last_repair_us = plan.end_us - _REPAIRED_BEFORE * plan.lap_us
        self._agenda = agenda
        self._board = board
        self._journal = journal
        self._control = control
        self._weather = weather
        self._lap_completed = lap_completed
        self._rejoin = rejoin

    def branch_off(self, car: Car, at_us: int) -> None:
        """A car leaves the track for the pit lane."""
        self._then(at_us, _TO_ENTRY, partial(self._enter, car))

    def _then(self, at_us: int, laps: float, action: Callable[[int], None]) -> None:
        self._agenda.add(at_us + round(laps * self._lap_us), action)

    def _enter(self, car: Car, at_us: int) -> None:
        self._show(car, CarState.PIT)
        self._crosses(car, "pit_in", at_us)
        self._then(at_us, _TO_LINE, partial(self._pass_line, car))

    def _pass_line(self, car: Car, at_us: int) -> None:
        if not self._lap_completed(car, at_us, "finish_pit"):
            return
        if car.boxes:
            self._then(at_us, _TO_BOX, partial(self._refuel, car))
        else:
            self._then(at_us, _TO_BOX + _TO_EXIT, partial(self._leave, car))

    def _refuel(self, car: Car, at_us: int) -> None:
        self._show(car, CarState.FUEL)
        car.stops += 1
        self._board.put(car.number, "pits", car.stops)
        ready = at_us + car.penalty_us
        self._then(ready, _FUEL * car.dice.uniform(0.8, 1.2), partial(self._work, car))

    def _work(self, car: Car, at_us: int) -> None:
        self._show(car, CarState.PIT)
        tyres = car.tyre_age
        changed = car.service(wet=self._weather.wet)
        if car.dice.random() < _REPAIR and at_us < self._last_repair_us:
            at_us += round(car.dice.uniform(1, 4) * self._lap_us)
        if changed:
            self._board.put(car.number, "driver", car.driver)
        self._board.put(car.number, "tyre", car.tyre)
        self._board.put(car.number, "tyre_age", car.tyre_age)
        crew = _CREW if changed or car.tyre_age < tyres else 0.0
        self._then(at_us, crew + _TO_EXIT, partial(self._leave, car))

    def _leave(self, car: Car, at_us: int) -> None:
        if self._control.flag is Flag.RED:
            turn_us = self._board.place(car.number) * SECOND_US
            self._agenda.add(self._control.until_us + turn_us + 1, partial(self._leave, car))
            return
        self._show(car, CarState.OUT)
        self._crosses(car, "pit_out", at_us)
        car.begin_lap(self._weather.rain)
        self._then(at_us, _TO_TRACK, partial(self._rejoin, car))

    def _show(self, car: Car, state: CarState) -> None:
        car.state = state
        self._board.put(car.number, "state", state)

    def _crosses(self, car: Car, line: str, at_us: int) -> None:
        laps = self._board.laps(car.number)
        self._journal.passed(at_us, Passed(car.number, line, lap=laps, driver=car.driver))
