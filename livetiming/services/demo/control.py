"""Race control: which flag is out, how fast it lets cars go, and why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from livetiming.racing import CarState, Flag
from livetiming.services.demo.agenda import Agenda
from livetiming.services.demo.car import Car
from livetiming.services.demo.circuit import LOOPS, stretches, zone
from livetiming.services.demo.journal import Journal
from livetiming.services.demo.plan import Plan
from livetiming.units import SECOND_US


class _Response(NamedTuple):
    """What race control does about a car that stands in the way.

    Args:
        flag: what it shows.
        slow: how many times as long a stretch takes at least.
        laps: how long, in laps at full speed.
        text: what it says; `{}` is the place.
        local: only around the place.
    """

    flag: Flag
    slow: float
    laps: float
    text: str
    local: bool = False


_YELLOW = _Response(Flag.YELLOW, 1.3, 0.8, "Yellow flags at post {}", local=True)
_SLOW_ZONE = _Response(Flag.SLOW_ZONE, 2.6, 1.6, "Slow zone at post {}", local=True)
_FCY = _Response(Flag.FCY, 2.6, 1.6, "Full course yellow")
_CODE_60 = _Response(Flag.CODE_60, 3.4, 1.8, "Code 60")
_SC = _Response(Flag.SC, 1.25, 4.5, "Safety car deployed")
_RED = _Response(Flag.RED, 2.0, 2.6, "Red flag: all cars to the pit lane")
_RESTART = _Response(Flag.SC, 1.25, 1.5, "The race resumes behind the safety car")
_DECK = (_YELLOW, _FCY, _SLOW_ZONE, _SC, _YELLOW, _CODE_60, _SLOW_ZONE, _FCY, _SC, _RED)

_SAFETY_CAR_SLOW = 2.1
_QUEUE_US = 700_000
"""Between two cars behind the safety car."""
_QUIET_LAPS = 6
"""No incident in so many laps before the end: the last lap is for racing."""


class Control:
    """Race control. Incidents come by chance; the answers to them from a shuffled deck."""

    def __init__(self, plan: Plan, agenda: Agenda, journal: Journal, cars: Sequence[Car]) -> None:
        self._plan = plan
        self._agenda = agenda
        self._journal = journal
        self._cars = cars
        self._dice = plan.dice("control")
        self._stretches = stretches(plan.lap_us)
        self._deck: list[_Response] = []
        self._response: _Response | None = None
        self._queue: list[int] | None = None
        self.flag = Flag.NONE
        self.zone: tuple[int, ...] = ()
        self.until_us = 0
        """When the response to the latest incident is over."""

    def start(self, at_us: int) -> None:
        """Show the green flag for the first time."""
        self._show(at_us, Flag.GREEN, "Green flag: the race is on")
        self._agenda.add(at_us + round(2.2 * self._plan.lap_us), self._incident)

    def arrival(self, loop: int, at_us: int, pace: float, wobble: float) -> int:
        """When a car that crosses a loop now crosses the next one.

        Args:
            loop: the loop.
            at_us: now.
            pace: the car's, as a multiple of the plan's.
            wobble: about 1, anew for each stretch: nobody holds a speed exactly.
        """
        own = pace * wobble
        response = self._response
        if response is None or (response.local and loop not in self.zone):
            return at_us + round(self._stretches[loop] * own)
        slow = max(own, response.slow * (1 + (wobble - 1) / 3))
        arrives = at_us + round(self._stretches[loop] * slow)
        return self._line_up(loop, arrives, wobble)

    def stopped(self, car: Car, at_us: int) -> None:
        """A car stopped on the track."""
        post = car.loop + 1
        self._journal.say(
            at_us, f"Car {car.number} has stopped at post {post}", "race_control", car.number
        )
        self._agenda.add(at_us + 3 * SECOND_US, partial(self._respond, car.loop))

    def leader_passed(self, at_us: int, lap_us: int) -> None:
        """The leader crossed the finish line."""
        if self.flag is Flag.CHEQUERED:
            return
        if at_us >= self._plan.end_us:
            self._response = None
            self._show(at_us, Flag.CHEQUERED, "Chequered flag")
        elif self.flag is Flag.GREEN and at_us + lap_us >= self._plan.end_us:
            self._show(at_us, Flag.WHITE, "Last lap")
        elif self._response in (_SC, _RESTART) and self._queue is None:
            self._queue = [0] * LOOPS
            self._lead(self._queue, 0, at_us)

    def _show(self, at_us: int, flag: Flag, text: str) -> None:
        self.flag = flag
        self._journal.say(at_us, text, flag)

    def _incident(self, at_us: int) -> None:
        plan = self._plan
        if at_us > plan.end_us - _QUIET_LAPS * plan.lap_us:
            return
        racing = [car for car in self._cars if car.state is CarState.RUN]
        if self.flag is Flag.GREEN and racing:
            self._dice.choice(racing).breaks_down = True
        wait_us = self._dice.uniform(0.2, 1.8) * plan.incident_laps * plan.lap_us
        self._agenda.add(at_us + round(wait_us), self._incident)

    def _respond(self, loop: int, at_us: int) -> None:
        if self.flag is not Flag.GREEN:
            return
        if not self._deck:
            self._deck = self._dice.sample(_DECK, len(_DECK))
        response = self._deck.pop()
        self.zone = zone(loop) if response.local else ()
        self._begin(response, at_us, response.text.format(loop + 1))
        ends = self._restart if response is _RED else self._clear
        self._agenda.add(self.until_us, ends)

    def _begin(self, response: _Response, at_us: int, text: str) -> None:
        self._response = response
        self._queue = None
        self.until_us = at_us + round(response.laps * self._plan.lap_us)
        self._show(at_us, response.flag, text)

    def _restart(self, at_us: int) -> None:
        self._begin(_RESTART, at_us, _RESTART.text)
        self._agenda.add(self.until_us, self._clear)

    def _clear(self, at_us: int) -> None:
        self._response = self._queue = None
        self.zone = ()
        self._show(at_us, Flag.GREEN, "Green flag")

    def _line_up(self, loop: int, arrives: int, wobble: float) -> int:
        """Behind the safety car nobody overtakes, and nobody keeps an exact distance."""
        if self._queue is None:
            return arrives
        after = (loop + 1) % LOOPS
        distance_us = round(_QUEUE_US * (1 + 20 * (wobble - 1)))
        self._queue[after] = max(arrives, self._queue[after] + distance_us)
        return self._queue[after]

    def _lead(self, queue: list[int], loop: int, at_us: int) -> None:
        """The safety car crosses a loop, ahead of everybody who comes after."""
        if self._queue is not queue:
            return
        after = (loop + 1) % LOOPS
        arrives = at_us + round(_SAFETY_CAR_SLOW * self._stretches[loop])
        queue[after] = max(queue[after], arrives)
        self._agenda.add(arrives, partial(self._lead, queue, after))
