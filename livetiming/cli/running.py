"""Running a timing service in this process: the reactor, the signals, the settings."""

from __future__ import annotations

import gc
import signal
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import click
from twisted.internet.defer import Deferred

from livetiming.cli.connecting import SecretConnection
from livetiming.cli.logs import start_logging
from livetiming.cli.process import real_world, teller, the_reactor
from livetiming.cli.service_options import Given
from livetiming.errors import LogError, LogLocked
from livetiming.events import SessionId
from livetiming.events.log import RealDisk, open_reader
from livetiming.network.connection import Connection
from livetiming.services.api import (
    CaptureHints,
    Plugin,
    Service,
    ServicePlugin,
    ServiceRoom,
    Transport,
)
from livetiming.services.capture import CaptureWriter, read_frames
from livetiming.services.clocks import wall_clock
from livetiming.services.held import Held
from livetiming.services.host import Ended, TimingService
from livetiming.services.lingering import LONGEST_S
from livetiming.services.plugins import version_of
from livetiming.services.sweeping import sweep
from livetiming.services.terms import Terms
from livetiming.services.transports.playback import Playback
from livetiming.services.wishes import Wishes
from livetiming.services.world import World
from livetiming.settings import Settings

if TYPE_CHECKING:
    from livetiming.cli.standalone import Standalone

_tell = teller("livetiming-service")


class Run(NamedTuple):
    """What one run of a service is made of.

    Args:
        settings: of the deployment.
        name: the service class.
        plugin: its provider.
        options: of the provider.
        given: what the command line said.
    """

    settings: Settings
    name: str
    plugin: Plugin | ServicePlugin
    options: Any
    given: Given


def run_service(run: Run, held: Held) -> int:
    """Run a service until its feed ends or a signal stops it.

    Args:
        run: what it is made of.
        held: that it is the only one of its name.
    Returns: the exit code.
    Raises: what keeps it from starting.
    """
    settings, given = run.settings, run.given
    start_logging(settings, run.name, verbose=given.verbose, debug=given.debug)
    try:
        _check_class(run.name, given)
        return _run(run, held)
    except LogLocked as error:
        click.echo(f"livetiming-service: {error}", err=True)
        return Ended.LOCKED
    finally:
        held.let_go()


def _run(run: Run, held: Held) -> int:
    reactor = the_reactor()
    alone = _standalone(real_world(reactor, _tell), run) if run.given.standalone else None
    if alone is not None:
        run = run._replace(settings=alone.settings)
    connection = SecretConnection(reactor, run.settings, _tell)
    has_secret = connection.start()
    finished = _start(reactor, run, held, connection, has_secret=has_secret)
    codes: list[int] = []
    finished.addCallback(codes.append)
    finished.addBoth(lambda _: connection.close())
    if alone is not None:
        finished.addBoth(lambda _: alone.stop())
    finished.addBoth(lambda _: reactor.callWhenRunning(reactor.stop))
    gc.collect()
    gc.freeze()
    reactor.run(installSignalHandlers=False)
    return codes[0] if codes else Ended.BADLY


def _standalone(world: World, run: Run) -> Standalone:
    """What it needs beside itself, running.

    Raises: `LivetimingError` where that cannot be.
    """
    from livetiming.cli.standalone import Standalone

    alone = Standalone(world, run.settings, _tell)
    alone.start()
    return alone


def _start(
    reactor: Any, run: Run, held: Held, connection: Connection, *, has_secret: bool
) -> Deferred[Any]:
    wishes = _wishes(run, take_stock=has_secret)
    world = real_world(reactor, _tell)
    if isinstance(run.plugin, ServicePlugin):
        room = ServiceRoom(world, connection, run.options, wishes, run.given.name, held.tell)
        started = _begin(reactor, run.plugin.service(room))
    else:
        started = _follow(world, run, run.plugin, wishes, held, connection)
    folder, keep_days = wishes.state_dir, run.settings.keep_days
    reactor.callLater(0, world.in_thread, sweep, world.disk, folder, wall_clock(), keep_days)
    return started


def _follow(
    world: World, run: Run, plugin: Plugin, wishes: Wishes, held: Held, connection: Connection
) -> Deferred[Any]:
    """A capture of a service that does not start would be in the way of the next try."""
    given = run.given
    capture = None
    if given.capture is not None:
        capture = CaptureWriter(given.capture, run.name, wall_clock())
    try:
        service = TimingService(
            world,
            plugin,
            plugin.parser(run.options),
            _transport(run.name, plugin, run.options, given),
            _terms(run.name, plugin, given),
            wishes,
            capture,
            connection,
            given.name,
            held.tell,
        )
        return _begin(world.reactor, service)
    except BaseException:
        if capture is not None:
            capture.discard()
        raise


def _begin(reactor: Any, service: Service) -> Deferred[Any]:
    _obey_signals(reactor, service)
    return service.start()


def _wishes(run: Run, *, take_stock: bool) -> Wishes:
    given = run.given
    return Wishes(
        state_dir=run.settings.state_dir,
        initial=given.initial_state,
        session=None if given.uuid is None else SessionId(given.uuid),
        recording=given.recording_filename,
        take_over=given.take_over,
        take_stock=take_stock,
        linger_s=given.linger,
        longest_s=given.linger if given.standalone else LONGEST_S,
    )


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
        plugin=version_of(name),
    )


def _obey_signals(reactor: Any, service: Service) -> None:
    """The first signal closes the session, the second gives up what that waits for, the third is
    the system's.
    """

    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, give_up)
        reactor.callFromThread(close)

    def close() -> None:
        _tell(f"{'closing the session' if service.is_recording else 'stopping'} … (again: give up)")
        service.stop()

    def give_up(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        reactor.callFromThread(service.give_up)

    def restart(*_: object) -> None:
        reactor.callFromThread(service.restart)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGUSR1, restart)
