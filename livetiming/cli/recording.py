"""Running the dvr in this process: the reactor, the signals, the connection."""

from __future__ import annotations

import random
import signal
import time
from contextlib import suppress
from typing import Any

import click

from livetiming.cli.connecting import SecretConnection
from livetiming.cli.logs import start_logging
from livetiming.components.dvr import Dvr, Folders
from livetiming.events.log import File, RealDisk
from livetiming.services.clocks import wall_clock
from livetiming.services.world import World
from livetiming.settings import Settings


def run_dvr(settings: Settings, lock: File, *, verbose: bool, debug: bool) -> int:
    """Record until a signal comes.

    Args:
        settings: checked.
        lock: that this is the only dvr of its folder.
        verbose: say what happens.
        debug: say everything.
    Returns: the exit code.
    Raises: `LivetimingError` by what keeps it from starting.
    """
    start_logging(settings, "dvr", verbose=verbose, debug=debug)
    reactor = _reactor()
    connection = SecretConnection(reactor, settings, _tell)
    dvr = Dvr(
        _world(reactor),
        connection,
        Folders(settings.recordings_temp_dir, settings.recordings_dir, settings.state_dir),
        gone_s=settings.gone_s,
        min_recording_s=settings.min_recording_s,
    )
    dvr.start(lock)
    connection.start()
    _obey_signals(reactor, dvr, connection)
    reactor.run(installSignalHandlers=False)
    return 0


def _reactor() -> Any:
    from twisted.internet import reactor

    return reactor


def _world(reactor: Any) -> World:
    from twisted.internet.threads import deferToThread

    return World(
        reactor=reactor,
        disk=RealDisk(),
        wall_clock=wall_clock,
        monotonic=time.monotonic,
        random=random.SystemRandom(),
        in_thread=deferToThread,
        tell=_tell,
    )


def _tell(line: str) -> None:
    with suppress(OSError):  # nobody reads it any more
        click.echo(f"livetiming-dvr: {line}", err=True)


def _obey_signals(reactor: Any, dvr: Dvr, connection: SecretConnection) -> None:
    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        reactor.callFromThread(end)

    def end() -> None:
        stopping = dvr.stop()
        stopping.addCallback(lambda _: connection.close())
        stopping.addBoth(lambda _: reactor.stop())

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
