"""One world: a provider, services, a router, a dvr, viewers, and what becomes of them."""

import json
from pathlib import Path
from random import Random

from livetiming.components.dvr import Dvr, Folders
from livetiming.errors import LogLocked
from livetiming.events import SessionId
from livetiming.events.log import open_reader
from livetiming.network.names import ANNOUNCE
from livetiming.services.host import TimingService, Wishes
from livetiming.services.terms import Terms
from tests.events.log.simulated_disk import PowerLoss, SimulatedDisk
from tests.network.simulated import SimulatedRouter
from tests.simulation.listening import Listening
from tests.simulation.machine import Machine
from tests.simulation.provider import IdleFeed, Race, RaceFeed, RaceParser
from tests.simulation.rolled_back import RolledBack
from tests.simulation.time import Time
from tests.simulation.watcher import LIMITS, Watcher
from tests.simulation.witness import Witness

STATE = Path("/state")
TEMP = Path("/temp")
RECORDINGS = Path("/recordings")
ELSEWHERE = Path("/elsewhere")
GONE_S = 120.0
LOCKED, AGAIN = 75, 70


class World:
    """Everything, at one moment.

    Args:
        seed: of the world, in words.
        story: told every message.
        traced: whether what happens to viewers is written down, for the browser to repeat.
    """

    def __init__(self, seed, story=None, *, traced=False):
        self.seed, self.traced = seed, traced
        self.rng = Random(seed)
        self.time = Time()
        self.time.broken = self._broke
        self.router = SimulatedRouter(self.time, Random(f"router {seed}"))
        self.router.reconnect_s = (0.0, 5.0)
        self.witness = Witness(self.time, "dvr")
        self.witness.story = story
        self.router.told = self._told
        self.machines = {name: self._machine(name) for name in ("a", "b", "dvr")}
        self.session = SessionId(f"{self.rng.getrandbits(128):032x}")
        self.race = None
        self.watchers = []
        self.services = []
        self.recorder = None
        """The dvr's process."""
        self.dvr = None
        self.faults_end_at = 0.0
        self.planned_until = 0.0
        self.left = set()
        """The machines whose service ended by itself, and so owes nobody anything."""
        self.may_mix = False
        """Whether a browser may mix two histories of one writer, as long as it ends right."""
        self._change_s = None
        self._sessions = [self.session]

    def _machine(self, name):
        return Machine(self.time, Random(self.rng.getrandbits(64)), name, self.witness.synced)

    def _broke(self, error):
        if not isinstance(error, PowerLoss):
            self.witness.failures.append(repr(error))
            self.witness.fail(f"a call raised {error!r}")

    def at(self, seconds, what, *args):
        """Have something befall the world."""
        self.planned_until = max(self.planned_until, seconds)
        self.time.callLater(max(0.0, seconds - self.time.seconds()), what, *args)

    def _told(self, kind, sender, name, args):
        self.witness.told(kind, sender, name, args)
        if kind == "event" and name == ANNOUNCE and self._change_s is not None:
            session = json.loads(args[0])["session"]
            if session is not None and session not in self._sessions:
                self._sessions.append(session)
                for watcher in self.watchers:
                    after = self.rng.uniform(0, self._change_s)
                    self.time.callLater(after, watcher.follow, SessionId(session))
                    if self.rng.random() < 0.3:  # somebody came to the old one just before
                        before = after * self.rng.uniform(0.9, 1)
                        self.time.callLater(before, watcher.follow, watcher.session)

    def follow_changes(self, within_s):
        """The viewers go to each session that begins, a while after it was announced."""
        self._change_s = within_s

    def say(self, *words):
        """Something befell the world."""
        self.witness.say(*words)
        self.faults_end_at = self.time.seconds()

    def begin(self, ends_at, **race):
        """There is a race on."""
        self.race = Race(self.rng, ends_at, **race)

    def run(self, until):
        with Listening(self.witness):
            self.time.run_until(until)

    # --- services

    def start_service(
        self, name, *, initial=None, session=None, idle=False, kind=TimingService, **wishes
    ):
        """A process of the service starts on a machine; it has ended where it may not."""
        machine = self.machines[name]
        self.left.discard(name)
        number = len(self.services)
        connection = self.router.connect(f"{name}/service{number}")
        process = machine.process(f"service{number}", connection)
        self.services.append(process)
        self.say("START", connection.name, initial or "")
        service = kind(
            process.world,
            self.race.plugin(),
            RaceParser(self.race),
            IdleFeed() if idle else RaceFeed(self.race),
            Terms(class_="rmonitor", analysis=False),
            Wishes(state_dir=STATE, initial=initial, session=session, **wishes),
            connection=connection,
            instance=str(number),
        )
        process.service = service
        try:
            service.start().addCallback(self._ended, process)
        except LogLocked:
            self._ended(LOCKED, process)
        except PowerLoss:
            self.say("STRUCK at its start", connection.name)
        return process

    def _ended(self, code, process):
        process.code = int(code)
        if process.connection.name in self.witness.on_air and process.code != AGAIN:
            self.left.add(process.machine.name)
        self.say("EXIT", process.connection.name, int(code))
        process.end()
        if process.code == AGAIN:
            self.at(self.time.seconds() + 3 + self.rng.random(), self._again, process.machine.name)

    def _again(self, name):
        """Whoever looks after services starts one again that says so."""
        if not self.live(name):
            self.restart_service(name)

    def own_log(self, name, session=None):
        """The log of a session on a machine, or nothing."""
        path = STATE / (session or self.session)
        disk = self.machines[name].disk
        tail = path.with_name(f"{path.name}.jsonl")
        body = path.with_name(f"{path.name}.jsonl.zst")
        return tail if tail in disk.names or body in disk.names else None

    def restart_service(self, name, **more):
        """The service starts again with its own log, where there is one."""
        path = self.own_log(name)
        if path is None:
            return self.start_service(name, session=self.session, **more)
        return self.start_service(name, initial=path, **more)

    def live(self, name):
        """The service processes on a machine."""
        return [p for p in self.machines[name].processes if p in self.services]

    def roll_back(self, name, at, back_at):
        """A machine goes on at one moment as it was at an earlier one."""
        kept, self.may_mix = {}, True

        def back():
            if not kept or not self.live(name):
                return
            self.say("ROLLED BACK", name, f"to {at:.3f}")
            for process in self.live(name):
                process.end()
            self.put_files(name, kept)
            self.machines[name].lost_at = self.time.seconds()
            path = self.own_log(name)
            if path is not None:
                self.start_service(name, initial=path, kind=RolledBack)

        self.at(at, lambda: kept.update(self.files_of(name)))
        self.at(back_at, back)

    def kill_services(self, name):
        for process in self.live(name):
            self.say("KILL", process.connection.name)
            process.kill()

    def lose_power(self, name):
        self.say("POWER LOSS", name)
        self.machines[name].lose_power()

    def lose_disk(self, name):
        self.say("DISK LOST", name)
        self.machines[name].lose_disk()

    def files_of(self, name, folder=STATE):
        """A copy of what is in a folder of a machine."""
        found = self.machines[name].disk.read_all().items()
        return {path: content for path, content in found if path.parent == folder}

    def put_files(self, name, files, folder=STATE):
        """Put files into a folder of a machine in place of what was there: an operator's doing."""
        machine = self.machines[name]
        assert not machine.processes or name == "dvr", "a process would see it"
        kept = {
            path: content
            for path, content in machine.disk.read_all().items()
            if path.parent != folder
        }
        kept.update({folder / path.name: content for path, content in files.items()})
        machine.disk = SimulatedDisk(machine.rng, kept)

    # --- dvr

    def start_dvr(self):
        machine = self.machines["dvr"]
        if machine.processes:
            return
        connection = self.router.connect("dvr/dvr")
        process = self.recorder = machine.process("dvr", connection)
        self.say("START dvr")
        self.dvr = Dvr(
            process.world,
            connection,
            Folders(TEMP, RECORDINGS, STATE),
            gone_s=GONE_S,
            min_recording_s=0,
        )
        try:
            self.dvr.start()
        except PowerLoss:
            self.say("STRUCK at its start dvr")

    def kill_dvr(self):
        if self.recorder is not None and not self.recorder.dead:
            self.say("KILL dvr")
            self.recorder.kill()

    # --- router, network

    def kill_router(self, back_after_s):
        if self.router.up:
            self.say("KILL router")
            self.router.kill()
            self.at(self.time.seconds() + back_after_s, self._router_back)

    def _router_back(self):
        self.say("START router")
        self.router.restart()

    def cut(self, connection, seconds, *, half_open):
        """Cut a connection for a while."""
        if connection is None or connection.closed or connection.cut or connection.swallowing:
            return
        self.say("CUT", connection.name, f"{seconds:.1f} s", "half open" if half_open else "")
        if half_open:
            connection.swallow()
        else:
            connection.cut = True
            connection.drop()
        self.at(self.time.seconds() + seconds, self._heal, connection)

    def _heal(self, connection):
        if not connection.closed:
            self.say("HEALED", connection.name)
            connection.heal()

    # --- viewers

    def watch(self, session=None, limits=LIMITS):
        """Another viewer joins."""
        watcher = Watcher(self, f"viewer{len(self.watchers)}", limits)
        self.watchers.append(watcher)
        watcher.follow(session or self.session)
        return watcher


def read_log(disk, path):
    """The lines of a log: the chain after each, with its number."""
    with open_reader(disk, path) as reader:
        chains = list(reader.chains())
        return {chain: seq for seq, chain in enumerate(chains, reader.start().seq + 1)}
