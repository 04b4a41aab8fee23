"""A provider with a race on: whoever connects sees its picture, and what changes from then on."""

from bisect import bisect_right

from twisted.internet.defer import Deferred

from livetiming.events import Origin, Picture, Posted
from livetiming.racing import Mark, columns
from livetiming.services import Fact, Finished, Plugin, SessionSeen, Verified

COLUMNS = columns("num", "state", "driver", "laps", "last", "best", "gap")
CARS = ("7", "8", "38", "51", "92", "007")


class Race:
    """All that the provider will ever say.

    Args:
        rng: of the world.
        ends_at: when it falls silent, seconds.
        sessions: how many follow each other.
        number: of frames.
        finishes: whether it says that the last session is over.
    """

    def __init__(self, rng, ends_at, *, sessions=1, number=110, finishes=True):
        self.ends_at = ends_at
        self.times = sorted(rng.uniform(0, ends_at) for _ in range(number))
        self.keys = [1 + int(sessions * at / ends_at) for at in self.times]
        self.pictures, self.facts = [], []
        self.finishes = finishes
        self._rng = rng
        self._cars = {car: {"num": car, "state": "run", "driver": f"Driver {car}"} for car in CARS}
        self._order = list(CARS)
        for index in range(number):
            self._add(index)

    def _add(self, index):
        rng, cars, order = self._rng, self._cars, self._order
        for car in rng.sample(CARS, rng.choice((1, 1, 2))):
            last = (rng.randrange(10**8), rng.choice(list(Mark)))
            cars = {**cars, car: {**cars[car], "laps": index, "last": last}}
        if rng.random() < 0.1:
            place = rng.randrange(len(order) - 1)
            order = [*order]
            order[place : place + 2] = reversed(order[place : place + 2])
        self._cars, self._order = cars, order
        self.pictures.append(Picture(cars, order, {}, None))
        text = Posted(category="Race control", text=f"no {index}", origin=Origin.PROVIDER)
        self.facts.append(Fact(text, index) if rng.random() < 0.1 else None)

    def go_on(self, now, until, number=20):
        """The race was not over after all."""
        more = sorted(self._rng.uniform(now, until) for _ in range(number))
        for at in more:
            self._add(len(self.times))
            self.times.append(at)
            self.keys.append(self.keys[-1])
        self.ends_at = until

    def plugin(self):
        return Plugin(
            title="A simulated race",
            verified=Verified.SIMULATION,
            columns=(),
            parser=lambda _: RaceParser(self),
            transport=lambda _: RaceFeed(self),
        )


class RaceParser:
    """Reads the frames of a race: each is the number of a picture."""

    def __init__(self, race):
        self._race = race
        self._key = None
        self._shown = Picture()

    def receive(self, frame):
        if frame.data == "over":
            yield Finished()
            return
        index = int(frame.data)
        key = self._race.keys[index]
        if key != self._key:
            self._key = key
            yield SessionSeen(key=str(key), name="WEC", description="Race", columns=COLUMNS)
        self._shown = self._race.pictures[index]
        fact = self._race.facts[index]
        if fact is not None:
            yield fact

    def picture(self):
        return self._shown


class RaceFeed:
    """A connection to the provider."""

    def __init__(self, race):
        self._race = race
        self._call = None

    def run(self, reactor, deliver):
        done = Deferred(lambda _: self._call.cancel())
        now = reactor.seconds()
        index = bisect_right(self._race.times, now) - 1
        self._call = reactor.callLater(0.05, self._next, reactor, deliver, max(index, 0), done)
        return done

    def _next(self, reactor, deliver, index, done):
        race = self._race
        if index < len(race.times):
            deliver("", str(index))
            if done.called:
                return
            following = race.times[index + 1] if index + 1 < len(race.times) else race.ends_at
            wait = max(0.0, following - reactor.seconds())
            self._call = reactor.callLater(wait, self._next, reactor, deliver, index + 1, done)
        elif race.finishes:
            deliver("", "over")
            self._call = reactor.callLater(1e6, lambda: None)
        else:
            self._call = reactor.callLater(1e6, lambda: None)


class IdleFeed:
    """A feed on which nothing happens."""

    def run(self, reactor, deliver):
        return Deferred()
