"""A stage for services: a parser that follows a script, a feed and a disk that do as told."""

import errno
import json
import random
from collections import deque
from contextlib import contextmanager

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock as Time

from livetiming.events import Clock, Event, Origin, Picture, Posted, SessionId, state_hash
from livetiming.events.log import Folded, RealDisk, number, open_reader
from livetiming.racing import columns
from livetiming.services import Fact, Frame, Plugin, SessionSeen, Verified
from livetiming.services.host import TimingService
from livetiming.services.recorder import Recorder
from livetiming.services.terms import Terms
from livetiming.services.wishes import Wishes
from livetiming.services.world import World

START_AT = 1_781_445_600_000
COLUMNS = columns("num", "state", "driver", "laps", "last", "best", "gap")


def seen(key="1", **fields):
    given = {"name": "WEC", "description": "Race", "columns": COLUMNS, **fields}
    return SessionSeen(key=key, **given)


def picture(cars=None, session=None, source_at=None, order=None):
    cars = cars or {}
    return Picture(cars, order or list(cars), session or {}, source_at)


class ScriptedParser:
    """Each frame is a step of the script: updates to yield, a picture to show from there on, an
    error to raise.
    """

    def __init__(self):
        self.steps = deque()
        self.shown = Picture()

    def receive(self, frame):
        for step in self.steps.popleft():
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, Picture):
                self.shown = step
            else:
                yield step

    def picture(self):
        if isinstance(self.shown, BaseException):
            raise self.shown
        return self.shown


class MemoryLog:
    """A log that is nowhere but here."""

    def __init__(self, session):
        self._folded = Folded(session)
        self.events: list[Event] = []
        self.lines = []

    @property
    def session(self):
        return self._folded.session

    @property
    def state(self):
        return self._folded.state

    @property
    def place(self):
        return self._folded.place

    def append(self, payload, at, source_at=None):
        event, line = number(self._folded, payload, at, source_at)
        self._folded.take(event, line)
        self.events.append(event)
        self.lines.append(line)
        return event

    def payloads(self, kind):
        return [event.payload for event in self.events if isinstance(event.payload, kind)]


class MemorySessions:
    """Keeps the logs of a recorder in memory."""

    def __init__(self):
        self.logs = []
        self.closed = []

    def new_id(self):
        return SessionId(f"{len(self.logs) + 1:032x}")

    def open(self, session):
        log = MemoryLog(session)
        self.logs.append(log)
        return log

    def close(self, log):
        self.closed.append(log)


class Desk:
    """A recorder with a scripted parser, and logs in memory."""

    def __init__(self, generators=(), terms=None):
        self.parser = ScriptedParser()
        self.sessions = MemorySessions()
        self.reported = []
        self.at = START_AT
        self.recorder = Recorder(
            self.parser,
            terms or Terms(class_="rmonitor"),
            self.sessions,
            generators,
            lambda kind, what: self.reported.append((kind, what)),
        )

    def frame(self, *steps, flush=True):
        """Let the parser read one frame, and record it."""
        self.parser.steps.append(steps)
        self.at += 50
        self.recorder.receive(Frame(self.at, "", "x"))
        if flush:
            self.recorder.flush(self.at)

    def flush(self, after_ms=50):
        self.at += after_ms
        self.recorder.flush(self.at)

    @property
    def log(self):
        return self.sessions.logs[-1]

    @property
    def state(self):
        return self.log.state


class TroubledDisk(RealDisk):
    """The disk of this machine; refuses what it is told to.

    Args:
        number: the error.
        written: how much of a refused write is there all the same.
    """

    ALL = frozenset({"open", "append", "lock", "rename", "remove", "sync_folder"}) | frozenset(
        {"read", "write", "truncate", "sync"}
    )

    def __init__(self, number=errno.ENOSPC, written=0.01):
        self.number = number
        self.written = written
        self.failing = frozenset()
        self.fail_at = None
        self.fail_from = None
        self.calls = 0

    def refuse(self, *names, number=None):
        self.number = number or self.number
        self.failing = frozenset(names) or self.ALL

    def relent(self):
        self.failing = frozenset()
        self.fail_from = None

    def check(self, name):
        self.calls += 1
        is_late = self.fail_from is not None and self.calls >= self.fail_from
        if name in self.failing or self.calls == self.fail_at or is_late:
            raise OSError(self.number, "told to fail")

    def open(self, path):
        self.check("open")
        return _TroubledFile(self, super().open(path))

    def append(self, path):
        self.check("append")
        return _TroubledFile(self, super().append(path))

    def lock(self, path):
        self.check("lock")
        return super().lock(path)

    def beginning(self, folder, name):
        self.check("read")
        return super().beginning(folder, name)

    def rename(self, source, target):
        self.check("rename")
        super().rename(source, target)

    def remove(self, path):
        self.check("remove")
        super().remove(path)

    def sync_folder(self, path):
        self.check("sync_folder")
        super().sync_folder(path)


class _TroubledFile:
    def __init__(self, disk, file):
        self._disk, self._file = disk, file

    def read(self, offset, length):
        self._disk.check("read")
        return self._file.read(offset, length)

    def write(self, data):
        try:
            self._disk.check("write")
        except OSError:
            self._file.write(data[: int(len(data) * self._disk.written)])
            raise
        self._file.write(data)

    def truncate(self, size):
        self._disk.check("truncate")
        self._file.truncate(size)

    def sync(self):
        self._disk.check("sync")
        self._file.sync()

    def __getattr__(self, name):
        return getattr(self._file, name)


class ScriptedFeed:
    """A transport that delivers, fails and ends when told."""

    def __init__(self):
        self.runs = 0
        self.running = None
        self._deliver = None

    def run(self, reactor, deliver):
        self.runs += 1
        self._deliver = deliver
        self.running = Deferred()
        return self.running

    def deliver(self, data="x"):
        self._deliver("", data)

    def fail(self, error):
        self.running.errback(error)

    def end(self):
        self.running.callback(None)


class Stage:
    """A timing service on a clock that only moves when told to.

    Args:
        router: that it is on the air by; off the air without one.
    """

    def __init__(
        self,
        folder,
        *,
        disk=None,
        seed=1,
        terms=None,
        parser=None,
        feed=None,
        router=None,
        **wishes,
    ):
        self.time = Time() if router is None else router.clock
        self.connection = None if router is None else router.connect(f"service {seed}")
        self.folder = folder
        self.disk = disk or RealDisk()
        self.wall_at = wishes.pop("wall_at", START_AT)
        self.threads = None
        self.parser = parser or ScriptedParser()
        self.feed = feed or ScriptedFeed()
        self.code = None
        self.told = []
        plugin = Plugin(
            title="Scripted",
            verified=Verified.SIMULATION,
            columns=(),
            parser=lambda _: self.parser,
            transport=lambda _: self.feed,
            **wishes.pop("plugin", {}),
        )
        capture = wishes.pop("capture", None)
        world = World(
            self.time,
            self.disk,
            self._wall,
            self.time.seconds,
            random.Random(seed),
            self._thread,
            self.told.append,
        )
        self.service = TimingService(
            world,
            plugin,
            self.parser,
            self.feed,
            terms or Terms(class_="rmonitor"),
            Wishes(state_dir=folder, **wishes),
            capture,
            self.connection,
        )

    def _wall(self):
        return self.wall_at + round(self.time.seconds() * 1000)

    def _thread(self, work, *args):
        if self.threads is None:
            return maybeDeferred(work, *args)
        waiting = Deferred()
        self.threads.append((waiting, work, args))
        return waiting

    def slow_threads(self):
        """From now on work in threads waits for `run_thread`."""
        self.threads = []

    def run_thread(self):
        waiting, work, args = self.threads.pop(0)
        maybeDeferred(work, *args).chainDeferred(waiting)

    def start(self):
        self.service.start().addCallback(self._ended)
        return self

    def _ended(self, code):
        self.code = code

    def frame(self, *steps, wait_s=0.05):
        self.parser.steps.append(steps)
        self.feed.deliver()
        self.advance(wait_s)

    def advance(self, seconds, step=0.05):
        if not seconds:
            return
        for _ in range(max(1, round(seconds / step))):
            self.time.advance(min(step, seconds))

    def stop(self):
        self.service.stop()
        self.advance(0.1)

    def sessions(self):
        return sorted({path.name[:32] for path in self.folder.glob("*.lock")})

    def events(self, session=None):
        return events(self.folder / (session or self.sessions()[0]))

    def lines(self, session=None):
        with open_reader(RealDisk(), self.folder / (session or self.sessions()[0])) as reader:
            return [line for line, _ in reader.events()]

    def kinds(self, session=None):
        return kinds(self.events(session))


def events(path):
    with open_reader(RealDisk(), path) as reader:
        return [event for _, event in reader.events()]


def last(path):
    with open_reader(RealDisk(), path) as reader:
        return reader.last()


def kinds(found):
    """The events in words: their type, and what decides about feed and closed."""
    return [_kind(event.payload) for event in found]


def _kind(payload):
    tag = str(payload.__struct_config__.tag)
    more = {"feed": "status", "closed": "reason"}.get(tag)
    return tag if more is None else f"{tag} {getattr(payload, more)}"


def hashes(path):
    """The state hash after every event, folded from the log's start."""
    with open_reader(RealDisk(), path) as reader:
        folded = reader.start()
        return [state_hash(folded.state) for _ in reader.events(folded)]


@contextmanager
def hashing():
    """Keep the hash of a log's state after every append, by session and seq."""
    from livetiming.services import keeper

    live = {}
    plain = keeper.Keeper.append

    def append(self, payload, at, source_at=None):
        event = plain(self, payload, at, source_at)
        live.setdefault(self.session, []).append(state_hash(self.state))
        return event

    keeper.Keeper.append = append
    try:
        yield live
    finally:
        keeper.Keeper.append = plain


def as_table(board):
    """What a viewer sees of a state or a picture, but for its clocks."""
    session = {
        field: value for field, value in board.session.items() if not isinstance(value, Clock)
    }
    return json.dumps([board.cars, board.order, session], default=str, sort_keys=True)


CARS = {"7": {"num": "7", "state": "run"}, "8": {"num": "8", "state": "run"}}


def laps(n):
    return picture({car: {**cells, "laps": n} for car, cells in CARS.items()})


def message(n):
    return Fact(Posted(category="Race control", text=f"no {n}", origin=Origin.PROVIDER), n)


def going_on(stage, **more):
    return Stage(stage.folder, seed=2, initial=stage.folder / stage.sessions()[0], **more)
