"""Running a timing service in this process: the reactor, the signals, the settings."""

from __future__ import annotations

import gc
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from twisted.internet.defer import Deferred

from livetiming.cli.logs import start_logging
from livetiming.cli.service_options import Given
from livetiming.errors import BadSetting, LogError, LogLocked
from livetiming.events import SessionId
from livetiming.events.log import RealDisk, open_reader
from livetiming.services.api import CaptureHints, Plugin, Transport
from livetiming.services.capture import CaptureWriter, read_frames
from livetiming.services.clocks import wall_clock
from livetiming.services.ending import ENDING
from livetiming.services.host import Ended, TimingService
from livetiming.services.terms import Terms
from livetiming.services.transports.playback import Playback
from livetiming.services.wishes import Wishes
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
    _check_recording(settings.state_dir, given.recording_filename)
    start_logging(settings, name, verbose=given.verbose, debug=given.debug)
    reactor = _reactor()
    try:
        _check_folder(settings.state_dir)
        _check_class(name, given)
        finished = _start(reactor, settings, name, plugin, options, given)
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


def _start(
    reactor: Any, settings: Settings, name: str, plugin: Plugin, options: Any, given: Given
) -> Deferred[Ended]:
    """A capture of a service that does not start would be in the way of the next try."""
    capture = None if given.capture is None else CaptureWriter(given.capture, name, wall_clock())
    try:
        service = _service(reactor, settings, name, plugin, options, given, capture)
        _obey_signals(reactor, service)
        return service.start()
    except BaseException:
        if capture is not None:
            capture.discard()
        raise


def _service(
    reactor: Any,
    settings: Settings,
    name: str,
    plugin: Plugin,
    options: Any,
    given: Given,
    capture: CaptureWriter | None,
) -> TimingService:
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
        capture,
    )


def _check_recording(state_dir: Path, path: Path | None) -> None:
    """See that sessions can be sealed under a name.

    Raises: `click.UsageError` where they cannot.
    """
    if path is None:
        return
    folder = path.parent
    if not path.name.removesuffix(ENDING) or not path.name.endswith(ENDING):
        raise click.UsageError(f"-r: expected a FILE that ends in {ENDING}, got {path}")
    if not folder.is_dir():
        raise click.UsageError(f"-r: there is no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.UsageError(f"-r: {folder} cannot be written to")
    if folder.resolve() == state_dir.resolve():
        raise click.UsageError(f"-r: {folder} is for the service's own logs; name another folder")


def _check_class(name: str, given: Given) -> None:
    """See that the log to go on in is one of this class, as itself or masqueraded.

    Raises: `LogError` where it is not, or where it cannot be read.
    """
    path = given.initial_state
    if path is None:
        return
    with open_reader(RealDisk(), path) as reader:
        described = reader.last().state.described
    if described is not None and described.class_ not in (name, given.masquerade):
        told = given.masquerade or name
        raise LogError(path, f"is a log of service class {described.class_}, not of {told}")


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
        tell=_tell,
    )


def _tell(line: str) -> None:
    with suppress(OSError):  # nobody reads it any more
        click.echo(f"livetiming-service: {line}", err=True)


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
        reactor.callFromThread(close)

    def close() -> None:
        _tell(f"{'closing the session' if service.is_recording else 'stopping'} … (again: give up)")
        service.stop()

    def restart(*_: object) -> None:
        reactor.callFromThread(service.restart)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGUSR1, restart)
