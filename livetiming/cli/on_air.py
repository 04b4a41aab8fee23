"""Running the directory in this process: the reactor, the signals, the connection."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from livetiming.cli.addresses import router_to_join
from livetiming.cli.logs import start_logging
from livetiming.components.directory import Directory
from livetiming.errors import BadSetting, LogLocked
from livetiming.events.log import RealDisk
from livetiming.services.clocks import wall_clock
from livetiming.services.world import World
from livetiming.settings import Settings, find_secret

LOCKED = 75
"""Exit code where another directory has the folder."""


def run_directory(settings: Settings, *, verbose: bool, debug: bool) -> int:
    """Say what is on air until a signal comes.

    Args:
        settings: of the deployment.
        verbose: say what happens.
        debug: say everything.
    Returns: the exit code.
    Raises: `LivetimingError` by what keeps it from starting.
    """
    _make_folder(settings.state_dir)
    start_logging(settings, "directory", verbose=verbose, debug=debug)
    from livetiming.network.wamp import connect

    reactor = _reactor()
    rng = random.SystemRandom()
    connection = connect(reactor, router_to_join(settings), lambda: find_secret(settings), rng)
    directory = Directory(world(reactor, rng), connection, settings.state_dir)
    try:
        directory.start()
    except LogLocked as error:
        tell(str(error))
        return LOCKED
    _obey_signals(reactor, directory, connection)
    reactor.run(installSignalHandlers=False)
    return 0


def _reactor() -> Any:
    from twisted.internet import reactor

    return reactor


def _make_folder(path: Path) -> None:
    """See that a log can be made there.

    Raises: `OSError` or `BadSetting` where it cannot.
    """
    path.mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadSetting(f"LIVETIMING_STATE_DIR: {path} cannot be written to")


def world(reactor: Any, rng: random.Random) -> World:
    """The outside of a directory."""
    from twisted.internet.threads import deferToThread

    return World(
        reactor=reactor,
        disk=RealDisk(),
        wall_clock=wall_clock,
        monotonic=time.monotonic,
        random=rng,
        in_thread=deferToThread,
        tell=tell,
    )


def tell(line: str) -> None:
    """Say a line to the operator."""
    with suppress(OSError):  # nobody reads it any more
        click.echo(f"livetiming-directory: {line}", err=True)


def _obey_signals(reactor: Any, directory: Directory, connection: Any) -> None:
    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        reactor.callFromThread(end)

    def end() -> None:
        stopping = directory.stop()
        stopping.addCallback(lambda _: connection.close())
        stopping.addBoth(lambda _: reactor.stop())

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
