"""Machines: a disk, a wall clock, and the processes that a kill or a loss of power ends."""

import contextlib
from random import Random

from twisted.internet.defer import Deferred, maybeDeferred

from livetiming.errors import LivetimingError
from livetiming.services.world import World
from tests.events.log.simulated_disk import (
    PowerLoss,
    SimulatedDisk,
    SimulatedFile,
    _Moment,
)
from tests.simulation.time import ProcessTime

START_AT = 1_781_445_600_000
THREAD_S = (0.0005, 0.02)
SLOW_THREAD_S = 0.4


class Machine:
    """A computer.

    Args:
        time: of the world.
        rng: of the world.
        name: for the story.
        synced: told the path and the content of each file that became durable.
    """

    def __init__(self, time, rng, name, synced):
        self.time, self.rng, self.name, self.synced = time, rng, name, synced
        self.disk = SimulatedDisk(rng)
        self.processes = []
        self.wall_offset_ms = 0
        self.lost_at = None
        """When its disk, or part of what was on it, was lost."""

    def wall_clock(self):
        return START_AT + self.wall_offset_ms + round(self.time.seconds() * 1000)

    def process(self, name, connection):
        process = Process(self, name, connection)
        self.processes.append(process)
        return process

    def lose_power(self):
        """All its processes die, in the middle of something; the disk keeps what is synced."""
        for process in list(self.processes):
            process.kill()
        self.disk = self.disk.after_power_loss(self.rng)

    def lose_disk(self):
        """All its processes die, and nothing is left."""
        for process in list(self.processes):
            process.kill()
        self.disk = SimulatedDisk(self.rng)
        self.lost_at = self.time.seconds()

    def copy_disk(self):
        """What a copy of its files would have now."""
        return self.disk.read_all()


class Process:
    """One process: dies with all that it planned, its connection and its locks.

    Attributes:
        world: what it is handed of the outside.
        died: called when it is dead.
    """

    def __init__(self, machine, name, connection):
        self.machine, self.name, self.connection = machine, name, connection
        self.dead = False
        self.died = None
        self.code = None
        self._jobs = []
        rng = machine.rng
        self._rng = Random(rng.getrandbits(64))
        self.disk = ProcessDisk(self)
        self.time = ProcessTime(machine.time, self)
        self.told = []
        self.world = World(
            self.time,
            self.disk,
            machine.wall_clock,
            machine.time.seconds,
            self._rng,
            self._in_thread,
            self.told.append,
        )

    def _in_thread(self, work, *args):
        job = (Deferred(), work, args)
        self._jobs.append(job)
        low, high = THREAD_S
        if self._rng.random() < 0.05:
            high = SLOW_THREAD_S
        self.time.callLater(self._rng.uniform(low, high), self._run, job)
        return job[0]

    def _run(self, job):
        self._jobs.remove(job)
        deferred, work, args = job
        maybeDeferred(work, *args).chainDeferred(deferred)

    def kill(self):
        """It dies now; what its threads are at is done in part."""
        if self.dead:
            return
        self.dead = True
        jobs, self._jobs = self._jobs, []
        for _, work, args in jobs:
            if self._rng.random() < 0.6:
                self._do_part(work, args)
        self._bury()

    def _do_part(self, work, args):
        self.disk.power_lost_at = self.disk.changing_calls + self._rng.randint(1, 5)
        with contextlib.suppress(PowerLoss, LivetimingError):
            work(*args)
        self.disk.lost = False

    def strike(self):
        """It dies at one of its next changes of the disk, wherever in its code that is."""
        self.disk.power_lost_at = self.disk.changing_calls + self._rng.randint(1, 6)

    def end(self):
        """It is over; what its code does on the way out of the call has no effect."""
        if not self.dead:
            self.dead = True
            self._bury()

    def _bury(self):
        self.machine.processes.remove(self)
        self.disk.die()
        if self.connection is not None:
            self.connection.close()
        if self.died is not None:
            self.died()


class ProcessDisk(SimulatedDisk):
    """A machine's disk as one process has it; its locks go with it."""

    def __init__(self, process):
        machine = process.machine
        self._process, self._lost = process, False
        super().__init__(machine.rng)
        disk = machine.disk
        self.names, self.durable_names = disk.names, disk.durable_names
        self.changes, self.locked = disk.changes, disk.locked
        self._mine = set()

    @property
    def lost(self):
        return self._lost

    @lost.setter
    def lost(self, lost):
        """The moment of a strike: nothing of the process has any effect from now on."""
        self._lost = lost
        if lost:
            self._process.end()

    def synced(self, path, inode):
        machine = self._process.machine
        machine.synced(machine, path, inode)

    def die(self):
        self.locked -= self._mine
        self.lost = True

    def lock(self, path):
        file = super().lock(path)
        self._mine.add(path)
        return file

    def append(self, path):
        with _Moment(self, "append"):
            self._make(path)
        return _WatchedFile(self, self.names[path], path)

    def sync_folder(self, path):
        with _Moment(self, "sync_folder"):
            self._keep_names(path)

    def _keep_names(self, path):
        elsewhere = [change for change in self.changes if change[0].parent != path]
        for target, source, inode in self.changes:
            if target.parent == path:
                if source is not None:
                    self.durable_names.pop(source, None)
                if inode is None:
                    self.durable_names.pop(target, None)
                else:
                    self.durable_names[target] = inode
        self.changes[:] = elsewhere


class _WatchedFile(SimulatedFile):
    """Tells what became durable."""

    def __init__(self, disk, inode, path):
        super().__init__(disk, inode)
        self._path = path

    def sync(self):
        super().sync()
        if self._path.suffix == ".jsonl":
            self._disk.synced(self._path, self._inode)

    def truncate(self, size):
        super().truncate(size)
        self._inode.told = None
