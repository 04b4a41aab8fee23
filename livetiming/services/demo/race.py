"""The race itself: cars go round, stop, break down and finish, each crossing after the other."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from livetiming.events import Passed
from livetiming.racing import CarState, Flag
from livetiming.services.demo.agenda import Agenda
from livetiming.services.demo.board import Board
from livetiming.services.demo.car import Car
from livetiming.services.demo.circuit import LOOPS, PIT_ENTRY, SPEED_TRAPS
from livetiming.services.demo.control import Control
from livetiming.services.demo.entries import enter
from livetiming.services.demo.journal import Journal
from livetiming.services.demo.pits import PitLane
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.weather import EVERY_US, Weather
from livetiming.units import SECOND_US

_GRID_US = 350_000
"""Between two cars at the start."""
_COOLING_LAPS = 3.0
"""So long after the chequered flag the race is over, whoever is still out."""
_FALSE_ALARMS = (
    ("Car {}: track limits, warning", 0),
    ("Car {}: track limits, 5 s at the next stop", 5),
    ("Car {}: incident under investigation", 0),
    ("Car {}: no further action", 0),
    ("Car {}: speeding in the pit lane, 10 s at the next stop", 10),
    ("Car {}: blue flags", 0),
)


class RaceClock(NamedTuple):
    """The clocks of the race.

    Args:
        elapsed_us: since the green flag.
        remaining_us: until the time is up.
        runs: whether they run.
    """

    elapsed_us: int
    remaining_us: int
    runs: bool


class Race:
    """A race that goes on as far as it is asked to.

    Instants are microseconds from the first picture on, when the cars stand on the grid.

    Args:
        plan: what it is made from.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.cars = [Car(e, plan.dice(f"car {e.number}")) for e in enter(plan)]
        self.board = Board(self.cars)
        self.journal = Journal()
        self.weather = Weather(plan)
        self.over_us: int | None = None
        self._agenda = Agenda()
        self.control = Control(plan, self._agenda, self.journal, self.cars)
        self._pits = PitLane(
            plan,
            self._agenda,
            self.board,
            self.journal,
            self.control,
            self.weather,
            self._lap_completed,
            self._go,
        )
        self._dice = plan.dice("race")
        self._may_retire = len(self.cars) // 3 if plan.retirements else 0
        self._begin()

    def advance(self, until_us: int) -> None:
        """Let everything happen up to an instant, that one included."""
        self._agenda.run(until_us)

    def clock(self, at_us: int) -> RaceClock:
        """What the clocks show at an instant that the race has reached."""
        plan = self.plan
        now = at_us if self.over_us is None else min(at_us, self.over_us)
        elapsed = max(0, now - plan.green_us)
        runs = at_us >= plan.green_us and self.over_us is None
        return RaceClock(elapsed, max(0, plan.end_us - plan.green_us - elapsed), runs)

    def fields(self) -> dict[str, str | int | float]:
        """The values of the session, without its clocks."""
        fields: dict[str, str | int | float] = {**self.weather.values, "flag": self.control.flag}
        fields["laps"] = self.board.laps(self.board.order[0])
        if self.control.zone:
            fields["zones"] = ", ".join(str(loop + 1) for loop in self.control.zone)
        return fields

    def _begin(self) -> None:
        green_us = self.plan.green_us
        self.journal.say(0, "Cars are on the grid", "race_control")
        self._agenda.add(green_us, self.control.start)
        self._agenda.add(EVERY_US, self._weather_changes)
        self._agenda.add(green_us + self.plan.lap_us, self._chatter)
        for place, car in enumerate(self.cars):
            self._agenda.add(place * green_us // len(self.cars), partial(self._line_up, car))
            self._agenda.add(green_us + (place + 1) * _GRID_US, partial(self._start, car))

    def _line_up(self, car: Car, _at_us: int) -> None:
        self._show(car, CarState.OUT)

    def _start(self, car: Car, at_us: int) -> None:
        self._show(car, CarState.RUN)
        self.board.start(car.number, self.plan.green_us, at_us)
        car.begin_lap(self.weather.rain)
        self._go(car, at_us)

    def _go(self, car: Car, at_us: int) -> None:
        arrives = self.control.arrival(car.loop, at_us, car.pace, car.dice.gauss(1, 0.006))
        self._agenda.add(arrives, partial(self._cross, car))

    def _cross(self, car: Car, at_us: int) -> None:
        car.loop = loop = (car.loop + 1) % LOOPS
        if loop == 0:
            if not self._lap_completed(car, at_us, "finish"):
                return
            if car.state is CarState.OUT:
                self._show(car, CarState.RUN)
        else:
            self.board.crossed(car.number, loop, at_us)
        if loop in SPEED_TRAPS:
            self._measure(car)
        if car.breaks_down:
            self._stop(car, at_us)
        elif loop == PIT_ENTRY and self._comes_in(car):
            self._pits.branch_off(car, at_us)
        else:
            self._go(car, at_us)

    def _comes_in(self, car: Car) -> bool:
        flag = self.control.flag
        return flag is Flag.RED or (car.boxes and flag not in (Flag.WHITE, Flag.CHEQUERED))

    def _measure(self, car: Car) -> None:
        kmh = car.entry.car_class.top_kmh * SPEED_TRAPS[car.loop] * car.dice.gauss(0.985, 0.006)
        if self.control.flag not in (Flag.GREEN, Flag.WHITE, Flag.CHEQUERED):
            kmh *= 0.6
        self.board.put(car.number, "speed", round(kmh, 1))

    def _lap_completed(self, car: Car, at_us: int, line: str) -> bool:
        car.loop = 0
        took_us = self.board.crossed(car.number, 0, at_us)
        crossing = Passed(
            car.number,
            line,
            lap=self.board.laps(car.number),
            lap_us=took_us,
            total_us=at_us - self.plan.green_us,
            driver=car.driver,
        )
        self.journal.passed(at_us, crossing)
        car.end_lap(wet=self.weather.wet)
        car.begin_lap(self.weather.rain)
        self.board.put(car.number, "tyre_age", car.tyre_age)
        if self.board.place(car.number) == 0:
            self._leader_passed(at_us, took_us or 0)
        if self.control.flag is not Flag.CHEQUERED:
            return True
        self._finish(car, at_us)
        return False

    def _leader_passed(self, at_us: int, lap_us: int) -> None:
        before = self.control.flag
        self.control.leader_passed(at_us, lap_us)
        if self.control.flag is Flag.CHEQUERED and before is not Flag.CHEQUERED:
            self._agenda.add(at_us + round(_COOLING_LAPS * self.plan.lap_us), self._end)

    def _finish(self, car: Car, at_us: int) -> None:
        self._show(car, CarState.FINISHED)
        if all(car.state in (CarState.FINISHED, CarState.RETIRED) for car in self.cars):
            self._end(at_us)

    def _end(self, at_us: int) -> None:
        if self.over_us is None:
            self.over_us = at_us
            self.journal.say(at_us, "The race is over", "chequered")

    def _stop(self, car: Car, at_us: int) -> None:
        car.breaks_down = False
        self._show(car, CarState.STOP)
        self.control.stopped(car, at_us)
        wait_us = round(self._dice.uniform(0.5, 1.5) * self.plan.lap_us)
        after = self._retire if self._gives_up() else self._resume
        self._agenda.add(at_us + wait_us, partial(after, car))

    def _gives_up(self) -> bool:
        """Whether a car that stopped retires; two thirds of the field always go on."""
        if self._may_retire == 0 or self._dice.random() > 0.2:
            return False
        self._may_retire -= 1
        return True

    def _resume(self, car: Car, at_us: int) -> None:
        self._show(car, CarState.RUN)
        self.journal.say(at_us, f"Car {car.number} is on its way again", "race_control", car.number)
        self._go(car, at_us)

    def _retire(self, car: Car, at_us: int) -> None:
        self._show(car, CarState.RETIRED)
        self.journal.say(at_us, f"Car {car.number} has retired", "race_control", car.number)

    def _show(self, car: Car, state: CarState) -> None:
        car.state = state
        self.board.put(car.number, "state", state)

    def _weather_changes(self, at_us: int) -> None:
        self.weather.step(at_us)
        self._agenda.add(at_us + EVERY_US, self._weather_changes)

    def _chatter(self, at_us: int) -> None:
        if self.control.flag is Flag.CHEQUERED:
            return
        text, penalty_s = self._dice.choice(_FALSE_ALARMS)
        racing = [car for car in self.cars if car.state is CarState.RUN]
        if racing:
            car = self._dice.choice(racing)
            car.penalty_us += penalty_s * SECOND_US
            self.journal.say(at_us, text.format(car.number), "race_control", car.number)
        wait_us = round(self._dice.uniform(0.5, 2.5) * self.plan.lap_us)
        self._agenda.add(at_us + wait_us, self._chatter)
