"""Two systems on one clock: one that is made up, and ours with a relay, a directory and a dvr."""

from random import Random

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from livetiming.components.directory import Directory
from livetiming.components.dvr import Dvr, Folders
from livetiming.errors import NoLog
from livetiming.events import SessionId
from livetiming.events.log import RealDisk, open_reader
from livetiming.network.connection import Refused
from livetiming.network.names import (
    LIST,
    PUBLIC_DIRECTORY,
    UNKNOWN_SESSION,
    events_procedure,
    events_topic,
)
from livetiming.network.wire import (
    Entry,
    Listing,
    portions,
    read_listing,
    write_answer,
    write_beacon,
    write_lines,
    write_listing,
)
from livetiming.services.api import ServiceRoom
from livetiming.services.relay.offers import Wanted
from livetiming.services.relay.relay import Relay
from livetiming.services.wishes import Wishes
from livetiming.services.world import World
from tests.network.made_log import AT, MadeLog
from tests.network.simulated import SimulatedRouter
from tests.services.on_air import Failed, Listener

URL = "ws://far.example/ws"
IDS = [SessionId(f"{number:032x}") for number in range(0xA0, 0xD0)]


def entry(log, **fields):
    """What the other side's directory says of a log."""
    given = {
        "session": str(log.session),
        "writer": log.writer,
        "next_seq": log.next_seq,
        "recorded": None,
        "name": "WEC",
        "description": "Race",
        "class_": "rmonitor",
        "kind": "race",
        "started_at": AT,
        "cars": 1,
        "flag": "none",
        "feed": None,
        "seen_at": None,
        "analysis": False,
    }
    return Entry(**{**given, **fields})


class Far:
    """The other side: a directory and services that say whatever a test wants.

    Attributes:
        logs: by session; what is told and answered of each.
        seen_at: when the provider last sent anything.
    """

    def __init__(self, clock, seed=1):
        self.router = SimulatedRouter(clock, Random(seed))
        self.clock = clock
        self.connection = self.router.connect("far")
        self.logs = {}
        self.entries = {}
        self.asked = []
        self.lag_ms = 0
        self.connection.register(LIST, self.list)
        self._every(5, self.beacons)
        self._every(10, self.tell)

    def _every(self, seconds, work):
        def again():
            work()
            self.clock.callLater(seconds, again)

        self.clock.callLater(seconds, again)

    @property
    def now(self):
        return AT + round(self.clock.seconds() * 1000)

    def add(self, log, *, listed=True, **fields):
        """Have a session on the air."""
        self.logs[log.session] = log
        if listed:
            self.entries[log.session] = fields
        topic = events_procedure(log.session)
        self.connection.register(topic, lambda *args: self.answer(log.session, *args), shared=True)
        self.tell()
        return log

    def go_on(self, log):
        """Another opening of a session's log."""
        self.logs[log.session] = log
        self.beacons()

    def remove(self, session):
        del self.logs[session]
        self.entries.pop(session, None)
        self.tell()

    def answer(self, session, from_seq, limit):
        self.asked.append((session, from_seq, limit))
        if session not in self.logs:
            raise Refused(UNKNOWN_SESSION, "it is gone")
        return write_answer(self.logs[session].events(from_seq, limit))

    def list(self):
        entries = [entry(self.logs[session], **more) for session, more in self.entries.items()]
        return write_listing(Listing(at=self.now, sessions=tuple(entries)))

    def tell(self):
        self.connection.publish(PUBLIC_DIRECTORY, self.list(), retained=True)

    def beacons(self):
        for log in self.logs.values():
            self.publish(log.session, log.beacon(self.now, self.now - self.lag_ms))

    def publish(self, session, message):
        """Say something on a session's topic."""
        write = write_lines if hasattr(message, "lines") else write_beacon
        self.connection.publish(events_topic(session), *write(message))

    def laps(self, log, count=1):
        """Write lines, and publish them."""
        first = log.next_seq
        log.write_laps(count)
        self.say(log, first)

    def say(self, log, first):
        for portion in portions(log.lines[first:], 64 * 1024, 500):
            self.publish(log.session, log.said(first, len(portion)))
            first += len(portion)


class Near:
    """Our system: a directory, a dvr if wanted, and a relay that may be killed and started again.

    Args:
        folder: of all.
        far: the other side.
        wanted: fields of `Wanted`.
    """

    def __init__(
        self,
        folder,
        far,
        *,
        dvr=True,
        directory=True,
        start=True,
        router=None,
        disk=None,
        instance="main",
        seed=2,
        **wanted,
    ):
        self.folder, self.far, self.clock = folder, far, far.clock
        self.router = router or SimulatedRouter(far.clock, Random(seed))
        self.disk = disk or RealDisk()
        self.told = []
        self.threads = None
        self.random = Random(seed)
        self.world = World(
            self.clock,
            self.disk,
            lambda: far.now,
            self.clock.seconds,
            self.random,
            self._thread,
            self.told.append,
        )
        self.instance = instance
        self.wanted = Wanted(
            tuple(wanted.get("sessions", ())),
            frozenset(wanted.get("classes", ())),
            wanted.get("most", 20),
        )
        kept = ("temp", "recordings", "state", "analyses")
        self.folders = Folders(*(folder / name for name in kept))
        for each in (*self.folders, self.state_dir):
            each.mkdir(exist_ok=True, parents=True)
        self.directory = self._directory() if directory else None
        self.dvr = self._dvr() if dvr else None
        self.listener = Listener(self.router)
        self.relay = None
        self.ended = []
        if start:
            self.start()

    @property
    def state_dir(self):
        return self.folder / "state"

    def _thread(self, work, *args):
        """Work in a thread is done at once, or waits in `threads`."""
        if self.threads is None:
            return maybeDeferred(work, *args)
        waiting = Deferred()
        self.threads.append((waiting, work, args))
        return waiting

    def run_threads(self):
        """Do what waits, and from now on all at once."""
        threads, self.threads = self.threads, None
        for waiting, work, args in threads:
            maybeDeferred(work, *args).chainDeferred(waiting)

    def _directory(self):
        world = self.world._replace(disk=RealDisk(), in_thread=maybeDeferred)
        directory = Directory(world, self.router.connect("directory"), self.folder)
        directory.start()
        return directory

    def _dvr(self):
        world = self.world._replace(disk=RealDisk(), in_thread=maybeDeferred)
        dvr = Dvr(world, self.router.connect("dvr"), self.folders, gone_s=600, min_recording_s=0)
        dvr.start()
        return dvr

    def start(self):
        """Start the relay."""
        self.local = self.router.connect("relay")
        self.remote = self.far.router.connect("relay")
        wishes = Wishes(state_dir=self.state_dir, linger_s=30.0)
        room = ServiceRoom(
            self.world, self.local, None, wishes, self.instance, lambda session: None
        )
        self.relay = Relay(room, self.remote, URL, self.wanted)
        self.ended = []
        self.relay.start().addCallback(self.ended.append)
        return self

    def wait(self, seconds=1.0):
        for _ in range(round(seconds / 0.05)):
            self.clock.advance(0.05)
        return self

    def until(self, check, patience_s=120):
        """Let time pass until something is so."""
        for _ in range(round(patience_s / 0.05)):
            found = check()
            if found:
                return found
            self.clock.advance(0.05)
        raise AssertionError(f"in {patience_s} s not so; on the air: {self.listed()}")

    def lines(self, session):
        """What the relay's own log has; nothing where there is none."""
        try:
            return lines_of(self.state_dir / session)
        except NoLog:
            return []

    def has(self, log):
        """Whether the log here is the log there."""
        return self.lines(log.session) == log.lines[1:]

    def serves(self, log):
        """Wait until a viewer here gets what a viewer there gets."""
        self.until(lambda: log.session in self.listed() and self.has(log))
        return self

    def listed(self):
        """What our directory says, by session."""
        answer = self.listener.ask(LIST)
        if isinstance(answer, Failed):
            return {}
        return {each.session: each for each in read_listing(answer).sessions}

    def recording(self, session):
        """The recording that the dvr has sealed."""
        found = list(self.folders.recordings.glob(f"*{session}*"))
        return found[0] if found else None


def lines_of(path):
    with open_reader(RealDisk(), path) as reader:
        return [line for line, _ in reader.events()]


def two_systems(folder, **near):
    clock = Clock()
    far = Far(clock)
    return far, Near(folder, far, **near)


__all__ = ["AT", "IDS", "Far", "MadeLog", "Near", "entry", "lines_of", "two_systems"]
