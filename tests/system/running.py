"""The whole system in one folder, each part in a process of its own that a test may kill."""

import os
import signal
import time

from tests.cli.programs import wait_for
from tests.network.running import RunningRouter, is_running
from tests.system.parts import CONTRADICTED, DemoService, Part, is_listening, thaw

SESSION = "5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b"
RACE = ("--cars=12", "--lap-s=20", "--duration-s=36000", "--pace=20")
SERVICE, DVR, CONTROLLER, WORKER = "service", "dvr", "crossbar controller", "crossbar worker"
KINDS = (SERVICE, DVR, CONTROLLER, WORKER)
AGAIN_S = 3.0
"""So long a service that was contradicted waits, as a supervisor has it wait."""


class System:
    """Router, directory, dvr and a demo service; use it as a context manager.

    Args:
        folder: where all of them run.
    """

    def __init__(self, folder, *, session=SESSION, race=RACE, **settings):
        self.folder = folder
        settings = {"min_recording_s": 0, **settings}
        self.router = RunningRouter(folder, **settings)
        self.environment = {**self.router.environment, "LIVETIMING_ROUTER": self.router.url}
        self.directory = self._part("directory")
        self.dvr = self._part("dvr")
        self.service = DemoService(folder, self.environment, session, *race)
        self.started_by_itself = 0
        self._again_at = None

    def _part(self, name):
        return Part(name, self.folder, self.environment, (f"livetiming-{name}",))

    @property
    def parts(self):
        return (self.directory, self.dvr, self.service)

    def __enter__(self):
        try:
            for part in self.parts:
                part.start()
            self.router.listening()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(self, *_):
        self._clean_up()

    def _clean_up(self):
        for part in self.parts:
            part.clean_up()
        for pid in self.router.crossbar_pids():
            thaw(pid)
        self.router.end()

    def pid_of(self, kind):
        """The process that is meant; `None` while there is none."""
        if kind == SERVICE:
            return self.service.process.pid if self.service.is_alive else None
        if kind == DVR:
            return self.dvr.process.pid if self.dvr.is_alive else None
        pids = self.router.crossbar_pids()
        if len(pids) < 2 or not all(map(is_running, pids)):
            return None
        return pids[0] if kind == CONTROLLER else pids[-1]

    def kill(self, kind):
        """Kill one, if it lives; ours are not started again by themselves.

        Returns: whether it did.
        """
        pid = self.pid_of(kind)
        if pid is None:
            return False
        if kind in (SERVICE, DVR):
            self.part_of(kind).kill()
        else:
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: not is_running(pid), f"the end of the {kind}")
        return True

    def part_of(self, kind):
        return self.service if kind == SERVICE else self.dvr

    def look_after(self):
        """Nobody ends by itself, but a service that must be started again."""
        for part in (self.directory, self.dvr):
            assert part.is_alive, f"{part.name}: {part.process.returncode}: {part.said[-3000:]}"
        if self.service.is_alive:
            return
        code = self.service.process.returncode
        assert code == CONTRADICTED, f"the service ended: {code}: {self.service.said[-3000:]}"
        if self._again_at is None:
            self._again_at = time.monotonic() + AGAIN_S
        elif time.monotonic() >= self._again_at:
            self._again_at = None
            self.started_by_itself += 1
            self.service.start()

    def is_listening(self):
        return self.pid_of(WORKER) is not None and is_listening(self.router.port)

    def close(self):
        """End the session as an operator does; what is not recorded by then ends badly."""
        assert self.service.end() == 0, self.service.said[-3000:]

    def check_said(self):
        """See that nothing went wrong that nobody would see."""
        for part in self.parts:
            assert "Traceback" not in part.said, f"{part.name}: {part.said[-5000:]}"
