"""A session told event by event, and what was made of it after each."""

from livetiming.events import (
    Changed,
    Closed,
    CloseReason,
    Event,
    Feed,
    FeedStatus,
    Passed,
    State,
    apply,
)
from livetiming.projections.analysis import TABLES, Analysis
from livetiming.projections.happenings import Interpreter

START = 1_781_445_600_000


class Told:
    """Takes what a host would append; times are seconds from the start."""

    def __init__(self):
        self.state = State()
        self.events = []
        self.analysis = Analysis()
        self.interpreter = Interpreter()
        self.happened = []

    def say(self, seconds, *payloads):
        """Append payloads of one instant; what they meant."""
        found = []
        for payload in payloads:
            event = Event(len(self.events) + 1, START + round(seconds * 1000), payload)
            self.events.append(event)
            apply(self.state, event)
            found += self.interpreter.step(event, self.state)
            self.analysis.step(event, self.state)
        self.happened += found
        return found

    def cars(self, seconds, cars, order=None, session=None, removed=()):
        """A `changed`."""
        place = None if order is None else (0, tuple(order))
        return self.say(seconds, Changed(cars, tuple(removed), place, session or {}))

    def passed(self, seconds, car, lap, lap_us, cells=None, line="finish", driver=None):
        """A crossing and the change that goes with it."""
        crossing = Passed(car, line, lap, lap_us, driver=driver)
        cells = {"laps": lap, "last": lap_us} if cells is None else cells
        return self.say(seconds, crossing, Changed({car: cells}))

    def close(self, seconds):
        return self.say(seconds, Closed(CloseReason.FINISHED))

    def resume(self, seconds):
        return self.say(seconds, Feed(FeedStatus.RESUMED, writer=1))

    def rows(self, name, *columns):
        """Columns of the rows that hold."""
        found = self.analysis.typed(name)
        return [tuple(getattr(row, column) for column in columns) for row in found]

    def laps(self, car):
        return [
            (lap, us) for id_, lap, us in self.rows("laps", "car", "lap", "time_us") if id_ == car
        ]


def only(happened, kind):
    return [each for each in happened if isinstance(each, kind)]


def rebuilt(events):
    """The analysis of a beginning of a session."""
    analysis, state = Analysis(), State()
    for event in events:
        apply(state, event)
        analysis.step(event, state)
    return analysis


def all_tables(analysis, at=None):
    return {name: analysis.table(name, at) for name in TABLES}
