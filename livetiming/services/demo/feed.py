"""From a race to the frames that tell it, as a timing company's server would."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from livetiming.events import Changed, Event, Passed, Picture, Posted, State, apply, diff
from livetiming.services.demo.circuit import NAME, TIMEZONE
from livetiming.services.demo.frames import Beat, Clocks, Crossing, End, Note, Start
from livetiming.services.demo.journal import Happened
from livetiming.services.demo.plan import Plan
from livetiming.services.demo.race import Race
from livetiming.units import HOUR_US, MINUTE_US, SECOND_US

SERIES = "Meridian Endurance Trophy"


class Feed:
    """The feed of one race.

    Args:
        plan: of the race.
        start_at: the instant of the first picture, epoch ms.
        pace: seconds of race for each second of the clock on the wall.
    """

    def __init__(self, plan: Plan, start_at: int, pace: float) -> None:
        self.race = Race(plan)
        self._start_at = start_at
        self._pace = pace
        self._told = State()
        """What the frames said so far."""

    @property
    def over(self) -> bool:
        """Whether the race is over."""
        return self.race.over_us is not None

    def skip(self, until_us: int) -> None:
        """Go on without telling."""
        self.race.advance(until_us)
        self.race.journal.take()

    def start(self, now_us: int) -> str:
        """Go on to an instant: the frame that tells everything as it is then."""
        self.race.advance(now_us)
        self._told = State()
        self._news()
        self.race.journal.take()
        plan = self.race.plan
        return _line(
            Start(
                at=self._instant(now_us),
                key=f"{plan.seed}-{self._start_at}",
                name=SERIES,
                description=f"{_duration(plan.duration_s)} of {NAME}",
                venue=NAME,
                timezone=TIMEZONE,
                clock=Clocks(*self.race.clock(now_us)),
                cars={car: {**cells} for car, cells in self._told.cars.items()},
                order=self._told.order,
                fields=self.race.fields(),
                notes=self._notes(self.race.journal.messages),
            )
        )

    def beat(self, now_us: int) -> str:
        """Go on to an instant: the frame that tells what is new since the frame before."""
        self.race.advance(now_us)
        news = self._news()
        happened = self.race.journal.take()
        return _line(
            Beat(
                at=self._instant(now_us),
                clock=Clocks(*self.race.clock(now_us)),
                cars={} if news is None else news.cars,
                order=self._told.order if news is not None and news.order else None,
                fields=self.race.fields() if news is not None and news.session else None,
                passed=self._crossings(happened),
                notes=self._notes(happened),
            )
        )

    def end(self, now_us: int) -> str:
        """The frame after the last one."""
        return _line(End(at=self._instant(now_us)))

    def _news(self) -> Changed | None:
        board = self.race.board
        news = diff(self._told, Picture(board.cars, board.order, {**self.race.fields()}))
        if news is not None:
            apply(self._told, Event(0, 0, news))
        return news

    def _instant(self, race_us: int) -> int:
        return self._start_at + round(race_us / 1000 / self._pace)

    def _crossings(self, happened: Iterable[Happened]) -> list[Crossing]:
        return [
            Crossing(
                self._instant(at_us),
                passed.car,
                passed.line,
                passed.lap or 0,
                passed.lap_us,
                passed.total_us,
                passed.driver or "",
            )
            for at_us, passed in happened
            if isinstance(passed, Passed)
        ]

    def _notes(self, happened: Iterable[Happened]) -> list[Note]:
        return [
            Note(self._instant(at_us), said.category, said.text, said.style, said.car)
            for at_us, said in happened
            if isinstance(said, Posted)
        ]


def _line(frame: Start | Beat | End) -> str:
    return msgspec.json.encode(frame).decode()


def _duration(duration_s: int) -> str:
    for unit_us, name in ((HOUR_US, "Hour"), (MINUTE_US, "Minute")):
        count, rest = divmod(duration_s * SECOND_US, unit_us)
        if count and not rest:
            return f"{count} {name}{'s' * (count > 1)}"
    return f"{duration_s} Seconds"
