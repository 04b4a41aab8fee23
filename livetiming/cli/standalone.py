"""`livetiming-service --standalone`: a router and a directory of the service's own."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.process import reapAllProcesses
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from livetiming.cli.addresses import router_to_join, router_url, website_url
from livetiming.cli.secret import ensure_secret
from livetiming.cli.system import ROUTER, ROUTER_S, program
from livetiming.components.crossbar import check_port, find_crossbar
from livetiming.components.directory import Directory
from livetiming.components.spawning import spawner
from livetiming.components.supervisor import Outside, Program, Supervisor
from livetiming.services.world import World
from livetiming.settings import Settings, find_secret, listen_address

REAP_S = 1.0
"""The reactor of a service does not hear of deaths by a signal."""

_log = Logger()


class Standalone:
    """What a service needs beside itself to be seen, where nothing else runs.

    Args:
        world: the outside.
        settings: of the deployment.
        tell: says a line to the operator.
    """

    def __init__(self, world: World, settings: Settings, tell: Callable[[str], None]) -> None:
        self._world = world
        self._address = listen_address(settings)
        self._tell = tell
        self.settings = msgspec.structs.replace(settings, router=router_url(self._address))
        """With our own router."""
        reactor = world.reactor
        self._supervisor = Supervisor(Outside(reactor, spawner(reactor), tell, self._said))
        self._reaping = LoopingCall(reapAllProcesses)
        self._reaping.clock = reactor
        self._directory: Directory | None = None
        self._connection: Any = None

    def start(self) -> None:
        """Start the router and the directory.

        Raises: `LivetimingError` where the router cannot run here; `LogLocked` where a directory
            runs on this state folder.
        """
        find_crossbar()
        ensure_secret(self.settings)
        check_port(*self._address)
        from livetiming.network.wamp import connect

        self._connection = connect(
            self._world.reactor,
            router_to_join(self.settings),
            lambda: find_secret(self.settings),
            random.SystemRandom(),
        )
        self._directory = Directory(self._world, self._connection, self.settings.state_dir)
        self._directory.start()
        command = (program("livetiming-router"),)
        self._supervisor.start(Program(ROUTER, lambda: command, {}))
        self._reaping.start(REAP_S, now=False).addErrback(
            lambda failure: _log.failure("deaths are not noticed any more", failure)
        )
        self._tell(f"live timing: {website_url(self._address)}")

    def _said(self, name: str, line: str) -> None:
        self._tell(f"{name}: {line.removeprefix('livetiming-router: ')}")

    def stop(self) -> Deferred[None]:
        """End both."""
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        if self._directory is not None:
            await self._directory.stop()
        if self._connection is not None:
            await self._connection.close()
        child = self._supervisor.children.get(ROUTER)
        if child is not None:
            await child.end(ROUTER_S, quietly=True)
        if self._reaping.running:
            self._reaping.stop()
