"""A session told event by event, and what was made of it after each."""

import msgspec

from livetiming.events import (
    Changed,
    Clock,
    Closed,
    CloseReason,
    Described,
    Event,
    Feed,
    FeedStatus,
    Laps,
    Origin,
    Passed,
    Posted,
    State,
    Versions,
    apply,
)
from livetiming.projections.analysis import TABLES, Analysis
from livetiming.projections.happenings import Interpreter
from livetiming.racing import Kind

START = 1_781_445_600_000
A = 90_000_000
DESCRIBED = Described(
    session="5" * 32, name="WEC", description="Race", class_="test", key="1", kind=Kind.RACE,
    columns=(), track=(), hidden=False, do_not_record=False, analysis=True, rate=1,
    versions=Versions("1"),
)  # fmt: skip


class Told:
    """Takes what a host would append; times are seconds from the start."""

    def __init__(self, kind=None):
        self.state = State()
        self.events = []
        self.analysis = Analysis()
        self.interpreter = Interpreter()
        self.happened = []
        if kind is not None:
            self.say(0, msgspec.structs.replace(DESCRIBED, kind=kind))

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


def two_cars(kind=None):
    """Two cars on the grid."""
    told = Told(kind)
    cars = {
        car: {"num": f"0{car}", "class": "GT", "state": "run", "driver": "Ann", "laps": 0}
        for car in ("7", "8")
    }
    told.cars(0, cars, ("7", "8"), {"flag": "green"})
    return told


def race(told):
    """A short race in which everything happens."""
    told.passed(90, "7", 1, A, {"laps": 1, "last": A, "s1": 30_000_000, "tyre": "M"})
    told.passed(91, "8", 1, A + 1_000_000, {"laps": 1, "gap": 1_000_000, "last": A + 1_000_000})
    told.cars(100, {}, session={"flag": "sc", "remaining": Clock(600_000_000, START, runs=True)})
    told.say(170, Passed("7", "pit_in"))
    told.cars(170, {"7": {"state": "pit"}})
    told.passed(180, "7", 2, A, {"laps": 2}, line="finish_pit")
    told.cars(190, {"7": {"state": "fuel"}})
    told.cars(200, {"7": {"state": "pit", "driver": "Bob"}})
    told.say(215, Passed("7", "pit_out"))
    told.cars(215, {"7": {"state": "out"}})
    told.cars(216, {"8": {"laps": 2}}, ("8", "7"))
    told.cars(217, {"8": {"last": A + 2_000_000}, "7": {"gap": Laps(1)}})
    told.cars(218, {"8": {"state": "pit"}}, session={"flag": "green"})
    told.cars(250, {"8": {"state": "run"}})
    told.passed(290, "7", 3, A + 20_000_000)
    told.cars(295, {"7": {"laps": 2}})
    told.passed(299, "7", 3, A + 21_000_000)
    told.say(300, Posted(category="Race", text="wow", origin=Origin.PROVIDER))
    told.cars(301, {}, removed=("8",))
    told.close(310)
    told.resume(320)
    told.passed(390, "7", 4, A + 1)
    told.close(400)
    return told


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
