"""The whole system on this machine: what is started in which order, and how it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from livetiming.cli.handing_over import HandingOver
from livetiming.components.supervisor import Child, Outside, Program, Supervisor
from livetiming.errors import LivetimingError, LogError
from livetiming.events import SessionId
from livetiming.events.log import Disk, open_reader
from livetiming.events.log.paths import growing
from livetiming.settings import Settings

POLL_S = 0.1
ANSWER_S = 60.0
"""So long the router may take until it answers."""
SESSION_S = 60.0
"""So long a session may take to close and to be recorded; every time limit here ends in a kill."""
SEAL_S = 120.0
"""A long race takes a while to seal."""
DVR_S = 30.0
DIRECTORY_S = 10.0
ROUTER_S = 15.0
_LINGER_S = "1"
"""The demo's viewers need not be waited for: the router ends with it."""

ROUTER, DIRECTORY, DVR, DEMO = "router", "directory", "dvr", "demo"


class Surroundings(NamedTuple):
    """What the system needs of the world.

    Args:
        outside: of its supervisor.
        disk: where logs are.
        healthy: asks whether the router answers over HTTP; gives a Deferred of yes or no.
        variables: of the programs' environment, beside ours.
        wall_clock: now, epoch ms.
        handing_over: of what earlier services left here.
    """

    outside: Outside
    disk: Disk
    healthy: Callable[[], Deferred[bool]]
    variables: Mapping[str, str]
    wall_clock: Callable[[], int]
    handing_over: HandingOver


class Demo:
    """The race that is run for show, and goes on when its service is killed.

    Args:
        disk: where its log is.
        folder: of its log.
        start_at: when the race begins, epoch ms; whoever goes on in it must know.
    """

    def __init__(self, disk: Disk, folder: Path, start_at: int) -> None:
        self._start_at = start_at
        self._disk = disk
        self._log = folder
        self.session = SessionId(uuid4().hex)

    def command(self) -> tuple[str, ...]:
        """The command of its next start: goes on in its log, or begins anew where there is none."""
        common = (
            *(program("livetiming-service"), "demo", "--name=up", f"--linger={_LINGER_S}"),
            f"--start-at={self._start_at // 1000}",
        )
        log = growing(self._log, self.session).tail
        if self._begun(log):
            return (*common, f"--initial-state={log}")
        if self._disk.exists(log):
            self.session = SessionId(uuid4().hex)
        return (*common, f"--uuid={self.session}")

    def _begun(self, log: Path) -> bool:
        try:
            with open_reader(self._disk, log) as reader:
                return reader.last().seq > 0
        except LogError:
            return False


def program(name: str) -> str:
    """Where a command of ours is."""
    return str(Path(sys.executable).with_name(name))


class System:
    """Router, directory and dvr, and the demo's service if it is wanted.

    Args:
        surroundings: the world.
        settings: of the deployment.
        url: of the website.
        demo: whether the race is run.
    """

    def __init__(
        self, surroundings: Surroundings, settings: Settings, url: str, *, demo: bool
    ) -> None:
        self._around = surroundings
        self._reactor = surroundings.outside.reactor
        self._tell = surroundings.outside.tell
        self._settings = settings
        self._url = url
        self._supervisor = Supervisor(surroundings.outside)
        self.demo: Demo | None = None
        if demo:
            self.demo = Demo(surroundings.disk, settings.state_dir, surroundings.wall_clock())
        self.recording: Path | None = None
        """The sealed race of the demo, when all has ended."""

    async def start(self) -> None:
        """Start everything.

        Raises: `LivetimingError` where the router does not come up.
        """
        router = self._start(ROUTER)
        await self._answers(router)
        self._tell(f"live timing: {self._url}")
        self._start(DIRECTORY)
        self._start(DVR, {"LIVETIMING_MIN_RECORDING_S": "0"} if self.demo else {})
        if self.demo is not None:
            self._supervisor.start(Program(DEMO, self.demo.command, self._around.variables))
        self._around.handing_over.start()

    def _start(self, name: str, variables: Mapping[str, str] | None = None) -> Child:
        command = (program(f"livetiming-{name}"),)
        told = {**self._around.variables, **(variables or {})}
        return self._supervisor.start(Program(name, lambda: command, told))

    async def _answers(self, router: Child) -> None:
        deadline = self._reactor.seconds() + ANSWER_S
        while not await self._around.healthy():
            if router.is_over or router.code:
                self._supervisor.kill()
                raise LivetimingError(f"the router does not start; it said: {router.last}")
            if self._reactor.seconds() > deadline:
                raise LivetimingError(f"the router did not answer within {ANSWER_S:.0f} s")
            await self._wait(POLL_S)

    def _wait(self, seconds: float) -> Deferred[None]:
        return deferLater(self._reactor, seconds)

    async def end(self) -> None:
        """End everything in order: what is published last is recorded, and what records seals."""
        if self.demo is not None:
            await self._end(DEMO, SESSION_S, "closing the session")
            self._around.handing_over.look_again()
            await self._sealed(self.demo.session)
        await self._end(DVR, DVR_S)
        await self._around.handing_over.stop()
        await self._end(DIRECTORY, DIRECTORY_S)
        await self._end(ROUTER, ROUTER_S)

    async def _end(self, name: str, limit_s: float, what: str | None = None) -> None:
        child = self._supervisor.children.get(name)
        if child is not None and not child.is_over:
            self._tell(f"{what or f'ending the {name}'} …")
            await child.end(limit_s, quietly=what is None)

    async def _sealed(self, session: SessionId) -> None:
        """Wait until the dvr has sealed a session, if it is there to do so."""
        dvr = self._supervisor.children.get(DVR)
        deadline = self._reactor.seconds() + SEAL_S
        while dvr is not None and not dvr.is_over and self._reactor.seconds() < deadline:
            self.recording = self._find(session)
            if self.recording is not None or not self._was_begun(session):
                return
            await self._wait(POLL_S)

    def _find(self, session: SessionId) -> Path | None:
        found = sorted(self._settings.recordings_dir.glob(f"*_{session}.jsonl.zst"))
        growing_there = growing(self._settings.recordings_temp_dir, session)
        if any(self._around.disk.exists(path) for path in (growing_there.tail, growing_there.body)):
            return None
        return found[0] if found else None

    def _was_begun(self, session: SessionId) -> bool:
        return self._around.disk.exists(growing(self._settings.state_dir, session).tail)

    def kill(self) -> None:
        """End everything at once; nothing that is on disk is lost by it."""
        self._supervisor.kill()
