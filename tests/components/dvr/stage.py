"""A dvr on a clock, a router and a disk in memory; and services that do as told."""

from pathlib import Path
from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from livetiming.components.dvr import Dvr, Folders
from livetiming.events import Closed, CloseReason, Described, Event, SessionId, encode
from livetiming.events.log import Folded, open_reader, verify
from livetiming.events.log.lines import GENESIS, link
from livetiming.events.values import clean
from livetiming.network import names
from livetiming.network.connection import Refused
from livetiming.network.wire import (
    Announcement,
    Answer,
    Beacon,
    Lines,
    Recorded,
    RecordedStatus,
    Standing,
    portions,
    read_continued,
    read_recorded,
    write_announcement,
    write_answer,
    write_beacon,
    write_lines,
)
from livetiming.services.world import World
from tests.events.log import synthetic
from tests.events.log.simulated_disk import PowerLoss, SimulatedDisk
from tests.network.simulated import SimulatedRouter

START_AT = synthetic.START_AT
FOLDERS = Folders(Path("/temp"), Path("/recordings"), Path("/own"))
IDS = [SessionId(f"{number:032x}") for number in range(1, 40)]


class History:
    """The lines of one history of a session.

    Args:
        session: whose.
        rng: decides what happens in it.
        writer: who opens it.
    """

    def __init__(self, session, rng, writer=START_AT, **described) -> None:
        self.session, self.rng = session, rng
        self.folded = Folded(session)
        self.lines: list[bytes] = []
        self.chains = [GENESIS]
        fields = {name: getattr(synthetic.DESCRIBED, name) for name in Described.__struct_fields__}
        self.described = Described(**{**fields, "session": session, "writer": writer, **described})
        self.add(self.described)

    def copy(self, count, rng):
        """A history that begins as this one."""
        other = History(self.session, rng, self.described.writer)
        other.described = self.described
        other.folded, other.lines, other.chains = Folded(self.session), [], [GENESIS]
        for line in self.lines[:count]:
            other.take(line)
        return other

    def take(self, line) -> None:
        self.folded.step(line)
        self.lines.append(line)
        self.chains.append(link(self.chains[-1], line))

    def add(self, payload, after_ms=1000) -> None:
        at = max(self.folded.at, START_AT) + after_ms
        self.take(encode(Event(self.folded.seq + 1, at, clean(payload))))

    def add_some(self, count, after_ms=1000) -> None:
        for _ in range(count):
            said = synthetic.cells_change(self.rng, self.folded.state, 20)
            self.add(said, after_ms)

    def close(self) -> None:
        self.add(Closed(CloseReason.FINISHED))

    @property
    def n(self) -> int:
        return len(self.lines)


class Service:
    """A service as the dvr hears it: announces, publishes, answers, listens.

    Args:
        stage: where it is on.
        history: its log, all of it durable.
        writer: its opening of it.
    """

    def __init__(self, stage, history, writer=START_AT, status=Standing.LIVE) -> None:
        self.stage, self.history, self.writer, self.status = stage, history, writer, status
        self.connection = stage.router.connect(f"service {writer}")
        self.told: list[Recorded] = []
        self.published = history.n
        self.asked: list[int] = []
        self.answers = True
        self.do_not_record = history.described.do_not_record
        session = history.session
        self.connection.subscribe(names.recorded_topic(session), self._recorded)
        self.connection.register(names.log_procedure(session, writer), self.events)
        self.connection.on_join(self.joined)
        self.beats = stage.every(5, self.beacon)
        self.announcing = stage.every(10, self.announce)

    def joined(self) -> None:
        self.announce()
        self.beacon()

    def _recorded(self, *args) -> None:
        recorded = read_recorded(args)
        if recorded.writer == self.writer:
            self.told.append(recorded)

    def events(self, from_seq, limit):
        if not self.answers:
            raise Refused(names.BUSY, "told not to")
        self.asked.append(from_seq)
        first = min(from_seq, self.published + 1)
        lines = self.history.lines[first - 1 : self.published][:limit]
        kept = next(portions(lines, 256 * 1024, limit), ())
        chain = self.history.chains[first - 1]
        return write_answer(Answer(self.writer, self.published + 1, first, chain, kept))

    def announce(self) -> None:
        self.connection.publish(names.ANNOUNCE, write_announcement(self.announcement()))

    def announcement(self, **fields):
        given = {
            "session": str(self.history.session),
            "writer": self.writer,
            "next_seq": self.published + 1,
            "recorded": None,
            "name": "WEC",
            "description": "Race",
            "class_": "rmonitor",
            "kind": "race",
            "started_at": START_AT,
            "cars": 0,
            "flag": "green",
            "feed": None,
            "seen_at": None,
            "analysis": False,
            "hidden": False,
            "do_not_record": self.do_not_record,
            "instance": "main",
            "chain": self.history.chains[self.published].hex(),
            "status": self.status,
        }
        return Announcement(**{**given, **fields})

    def beacon(self) -> None:
        chain = self.history.chains[self.published]
        now = START_AT + round(self.stage.clock.seconds() * 1000)
        beacon = Beacon(self.writer, self.published + 1, chain, now, now)
        self.say(write_beacon(beacon))

    def say(self, args) -> None:
        self.connection.publish(names.events_topic(self.history.session), *args)

    def publish(self, count=None) -> None:
        """Publish what the log has more, as far as told."""
        first = self.published + 1
        self.published = self.history.n if count is None else self.published + count
        lines = self.history.lines[first - 1 : self.published]
        chain = self.history.chains[first - 1]
        for portion in portions(lines, 64 * 1024, 500):
            self.say(write_lines(Lines(self.writer, first, chain, portion)))
            first += len(portion)
            chain = self.history.chains[first - 1]

    def go_on(self, count, after_ms=1000) -> None:
        """So many more things happen."""
        self.history.add_some(count, after_ms)
        self.publish()

    def close(self) -> None:
        self.history.close()
        self.publish()
        self.status = Standing.CLOSED
        self.announce()

    def die(self) -> None:
        for each in (self.beats, self.announcing):
            each.stop()
        self.connection.close()

    @property
    def recorded(self):
        """The last thing it was told."""
        return self.told[-1] if self.told else None

    @property
    def is_recorded(self) -> bool:
        n, chain = self.published, self.history.chains[self.published]
        return self.recorded == Recorded(self.writer, n, chain, RecordedStatus.OK)


class _Every:
    def __init__(self, clock, seconds, function) -> None:
        self.clock, self.seconds, self.function = clock, seconds, function
        self.call = clock.callLater(seconds, self._run)

    def _run(self) -> None:
        self.call = self.clock.callLater(self.seconds, self._run)
        self.function()

    def stop(self) -> None:
        self.call.cancel()


class Life:
    """The clock as one process has it: nothing it waits for outlives it."""

    def __init__(self, clock) -> None:
        self.clock, self.calls = clock, []

    def callLater(self, seconds, function, *args):  # noqa: N802 - Twisted's name
        self.calls = [call for call in self.calls if call.active()]
        self.calls.append(self.clock.callLater(seconds, function, *args))
        return self.calls[-1]

    def end(self) -> None:
        for call in self.calls:
            if call.active():
                call.cancel()


class Stage:
    """A world with one dvr."""

    def __init__(self, seed=1, *, gone_s=900, min_recording_s=0, disk=None) -> None:
        self.clock = Clock()
        self.rng = Random(seed)
        self.router = SimulatedRouter(self.clock, self.rng)
        self.disk = disk or SimulatedDisk(Random(seed))
        self.limits = {"gone_s": gone_s, "min_recording_s": min_recording_s}
        self.threads: list | None = None
        self.struck = False
        """Whether the power went."""
        self.dvr = None
        self.connection = None

    def every(self, seconds, function) -> _Every:
        return _Every(self.clock, seconds, function)

    def world(self) -> World:
        self.life = Life(self.clock)
        return World(
            self.life,
            self.disk,
            lambda: START_AT + round(self.clock.seconds() * 1000),
            self.clock.seconds,
            self.rng,
            self._in_thread,
            print,
        )

    def _in_thread(self, work, *args):
        """Work in a thread takes its time, unless it is held back."""
        waiting: Deferred = Deferred()
        if self.threads is not None:
            self.threads.append((waiting, work, args))
        else:
            self.life.callLater(0.004, self._run, waiting, work, args)
        return waiting

    def _run(self, waiting, work, args):
        try:
            result = work(*args)
        except PowerLoss:
            self._lose_power()
        except Exception:
            waiting.errback()
        else:
            waiting.callback(result)

    def _lose_power(self) -> None:
        self.struck = True
        self.life.end()
        if not self.connection.closed:
            self.connection.close()

    def release_threads(self) -> None:
        held, self.threads = self.threads, None
        for each in held:
            self._run(*each)

    def start(self):
        self.connection = self.router.connect("dvr")
        self.dvr = Dvr(self.world(), self.connection, FOLDERS, **self.limits)
        self.dvr.start()
        return self

    def second(self) -> None:
        """Another dvr starts beside the first."""
        connection = self.router.connect("second dvr")
        life = self.life
        try:
            Dvr(self.world(), connection, FOLDERS, **self.limits).start()
        finally:
            self.life = life
            connection.close()

    def stop(self) -> None:
        stopped: list = []
        self.dvr.stop().addCallback(stopped.append)
        self.wait(0.1)
        assert stopped == [None]
        self.connection.close()

    def kill(self) -> None:
        """Nothing of the dvr goes on; what was written stays."""
        self.life.end()
        self.connection.close()
        self.disk.kill()

    def cut(self) -> None:
        """The dvr hears nothing."""
        self.connection.cut = True
        self.connection.drop()
        self.wait(0.2)

    def heal(self) -> None:
        """The dvr hears again; it has missed what was said between."""
        self.wait(0.2)
        self.connection.heal()
        self.until(lambda: self.connection.joined)
        self.wait(0.2)

    def wait(self, seconds, step=0.05) -> None:
        for _ in range(max(1, round(seconds / step))):
            self._advance(step)

    def _advance(self, step) -> None:
        try:
            self.clock.advance(step)
        except PowerLoss:
            self._lose_power()

    def until(self, condition, seconds=60) -> None:
        for _ in range(round(seconds / 0.05)):
            if condition():
                return
            self._advance(0.05)
        raise AssertionError(f"not within {seconds} s: {condition}")

    def service(self, number=0, writer=START_AT, lines=5, **described) -> Service:
        history = History(IDS[number], Random(number + 100), writer, **described)
        history.add_some(lines)
        return Service(self, history, writer)

    # --- what is there

    def files(self, folder):
        return sorted(path.name for path in self.disk.names if path.parent == folder)

    def growing(self, session=IDS[0], number=1) -> list[bytes]:
        stem = session if number == 1 else f"{session}~{number}"
        return synthetic.read_lines(self.disk, FOLDERS.temp / f"{stem}.jsonl")

    def read(self, name) -> bytes:
        return bytes(self.disk.names[FOLDERS.temp / name].seen)

    def growing_files(self):
        """What the folder of growing logs has beside the lock."""
        mine = (".jsonl", ".jsonl.zst", ".part")
        return [name for name in self.files(FOLDERS.temp) if name.endswith(mine)]

    def dvr_histories(self, session=IDS[0]):
        names = {name.split(".")[0] for name in self.growing_files() if name.startswith(session)}
        return [int(name.partition("~")[2] or 1) for name in sorted(names)]

    def continued(self, session, seq, chain):
        return read_continued(self.ask(names.CONTINUE, str(session), seq, chain.hex()))

    def recordings(self) -> dict[str, list[bytes]]:
        found = {}
        for name in self.files(FOLDERS.recordings):
            if name.endswith(".part"):
                continue
            path = FOLDERS.recordings / name
            assert verify(self.disk, path).status == "whole", name
            with open_reader(self.disk, path) as reader:
                found[name] = [line for line, _ in reader.events()]
        return found

    def ask(self, procedure, *args):
        """Call as a viewer does; give the answer or the error."""
        viewer = self.router.connect("viewer")
        got: list = []
        viewer.call(procedure, *args).addBoth(got.append)
        self.until(lambda: got)
        viewer.close()
        return got[0]
