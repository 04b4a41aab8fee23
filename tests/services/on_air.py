"""Who listens to a service on a simulated router: a viewer, a dvr, another service's lines."""

from random import Random

from twisted.internet.task import Clock as Time

from livetiming.events import SessionId
from livetiming.network.connection import CallFailed
from livetiming.network.names import (
    ANNOUNCE,
    CONTINUE,
    events_procedure,
    events_topic,
    log_procedure,
    recorded_topic,
    snapshot_procedure,
)
from livetiming.network.wire import (
    Beacon,
    Continued,
    Idle,
    Lines,
    Recorded,
    RecordedStatus,
    read_announcement,
    read_answer,
    read_message,
    read_snapshot,
    write_beacon,
    write_continued,
    write_recorded,
)
from tests.network.simulated import SimulatedRouter
from tests.services.stage import Stage, laps, seen


class Listener:
    """Hears all that is published of one session, and of announcements."""

    def __init__(self, router):
        self.router = router
        self.connection = router.connect("listener")
        self.announced = []
        self.heard = []
        self.connection.subscribe(ANNOUNCE, self._announced)
        self._topics = set()

    def _announced(self, text):
        said = read_announcement(text)
        self.announced.append(said)

    def listen(self, session):
        if session not in self._topics:
            self._topics.add(session)
            self.connection.subscribe(
                events_topic(session), lambda *args: self.heard.append(read_message(args))
            )

    @property
    def sessions(self):
        return [each for each in self.announced if not isinstance(each, Idle)]

    @property
    def beacons(self):
        return [each for each in self.heard if isinstance(each, Beacon)]

    @property
    def published(self):
        return [each for each in self.heard if isinstance(each, Lines)]

    def lines(self):
        return [line for each in self.published for line in each.lines]

    def ask(self, procedure, *args):
        """The answer to a call, or the name of its error."""
        found = []
        asked = self.connection.call(procedure, *args)
        asked.addCallbacks(found.append, lambda failure: found.append(_error(failure)))
        for _ in range(600):
            if found:
                return found[0]
            self.router.clock.advance(0.01)
        raise AssertionError(f"{procedure} was never answered")

    def events(self, session, from_seq=1, limit=500):
        return read_answer(self.ask(events_procedure(session), from_seq, limit))

    def log(self, session, writer, from_seq=1, limit=500):
        answer = self.ask(log_procedure(session, writer), from_seq, limit)
        return answer if isinstance(answer, Failed) else read_answer(answer)

    def snapshot(self, session, *when):
        return read_snapshot(self.ask(snapshot_procedure(session), *when))

    def recorded(self, session, writer, seq, chain, status=RecordedStatus.OK):
        """Say that something is recorded, as the dvr does."""
        self.connection.publish(
            recorded_topic(session), *write_recorded(Recorded(writer, seq, chain, status))
        )
        settle(self.router)

    def all_recorded(self, session):
        """Say that all is recorded that was announced last."""
        last = [each for each in self.sessions if each.session == session][-1]
        self.recorded(session, last.writer, last.next_seq - 1, last.end)

    def newer(self, session, writer):
        """Be another service with a newer writer."""
        beacon = Beacon(writer, 1, bytes(8), 1, None)
        self.connection.publish(events_topic(session), *write_beacon(beacon))
        settle(self.router)


class Failed(str):
    """The name of an error."""


def _error(failure):
    failure.trap(CallFailed)
    return Failed(failure.value.error)


class Continuing:
    """A dvr that says what continues a log."""

    def __init__(self, router, newest=0, lines=()):
        self.connection = router.connect("dvr")
        self.asked = []
        self.newest, self.lines = newest, list(lines)
        self.connection.register(CONTINUE, self._continue)
        settle(router)

    def _continue(self, session, seq, chain):
        self.asked.append((session, seq, chain))
        return write_continued(Continued(self.newest, seq + 1, tuple(self.lines[seq:])))


def router(seed=1):
    return SimulatedRouter(Time(), Random(seed))


def settle(router, seconds=0.3):
    """Let everything that is under way arrive."""
    for _ in range(round(seconds / 0.01)):
        router.clock.advance(0.01)


class Broadcast:
    """A service on the air with one session, and somebody who listens to it."""

    def __init__(self, folder, *, router=None, begin=True, **more):
        self.router = router or SimulatedRouter(Time(), Random(1))
        self.listener = Listener(self.router)
        self.stage = Stage(folder, router=self.router, **more)
        self.stage.start()
        self.stage.advance(0.1)
        if begin:
            self.begin()

    def begin(self):
        self.stage.frame(seen(), laps(1))
        self.listener.listen(self.session)
        self.stage.advance(0.3)
        self.listener.heard.clear()
        return self

    @property
    def session(self):
        return SessionId(self.stage.sessions()[0])

    @property
    def writer(self):
        return self.last.writer

    @property
    def last(self):
        """The last announcement."""
        return self.listener.sessions[-1]
