"""Running a timing service in this process: the reactor, the signals, the settings."""

from __future__ import annotations

import gc
import os
import random
import signal
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from livetiming.cli.logs import start_logging
from livetiming.cli.service_options import Given
from livetiming.errors import BadSetting, LogLocked
from livetiming.events import SessionId
from livetiming.events.log import RealDisk
from livetiming.services.api import CaptureHints, Plugin, Transport
from livetiming.services.capture import CaptureWriter, read_frames
from livetiming.services.clocks import wall_clock
from livetiming.services.host import Ended, TimingService, Wishes
from livetiming.services.terms import Terms
from livetiming.services.transports.playback import Playback
from livetiming.services.world import World
from livetiming.settings import Settings, load_settings


def run_service(name: str, plugin: Plugin, options: Any, given: Given) -> int:
    """Run a service until its feed ends or a signal stops it.

    Args:
        name: the service class.
        plugin: its provider.
        options: of the provider.
        given: what the command line said.
    Returns: the exit code.
    Raises: what keeps it from starting.
    """
    settings = load_settings()
    start_logging(settings, name, verbose=given.verbose, debug=given.debug)
    reactor = _reactor()
    try:
        service = _service(reactor, settings, name, plugin, options, given)
        _obey_signals(reactor, service)
        finished = service.start()
    except LogLocked as error:
        click.echo(f"livetiming-service: {error}", err=True)
        return Ended.LOCKED
    codes: list[int] = []
    finished.addCallback(codes.append)
    finished.addBoth(lambda _: reactor.callWhenRunning(reactor.stop))
    gc.collect()
    gc.freeze()
    reactor.run(installSignalHandlers=False)
    return codes[0] if codes else Ended.BADLY


def _service(
    reactor: Any, settings: Settings, name: str, plugin: Plugin, options: Any, given: Given
) -> TimingService:
    _check_folder(settings.state_dir)
    return TimingService(
        _world(reactor),
        plugin,
        plugin.parser(options),
        _transport(name, plugin, options, given),
        _terms(name, plugin, given),
        Wishes(
            state_dir=settings.state_dir,
            initial=given.initial_state,
            session=None if given.uuid is None else SessionId(given.uuid),
            recording=given.recording_filename,
        ),
        None if given.capture is None else CaptureWriter(given.capture, name, wall_clock()),
    )


def _check_folder(path: Path) -> None:
    """See that logs can be made in a folder.

    Raises: `OSError` or `BadSetting` where they cannot.
    """
    path.mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadSetting(f"LIVETIMING_STATE_DIR: {path} cannot be written to")


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
    )


def _transport(name: str, plugin: Plugin, options: Any, given: Given) -> Transport:
    if not given.from_:
        return plugin.transport(options)
    frames = read_frames(plugin, name, given.from_, CaptureHints(None, ZoneInfo("UTC")))
    return Playback(frames, given.speed or 1)


def _terms(name: str, plugin: Plugin, given: Given) -> Terms:
    return Terms(
        class_=given.masquerade or name,
        description=given.description,
        hidden=given.hidden,
        do_not_record=given.do_not_record,
        analysis=not given.disable_analysis,
        rate=given.speed or 1,
        attribution=plugin.attribution,
    )


def _obey_signals(reactor: Any, service: TimingService) -> None:
    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        reactor.callFromThread(service.stop)

    def restart(*_: object) -> None:
        reactor.callFromThread(service.restart)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGUSR1, restart)
