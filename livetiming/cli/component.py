"""Running a component in this process until a signal comes: the dvr, the directory."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any, Protocol

from twisted.internet.defer import Deferred

from livetiming.cli.connecting import SecretConnection
from livetiming.cli.logs import start_logging
from livetiming.cli.process import real_world, teller, the_reactor
from livetiming.errors import LogLocked
from livetiming.network.connection import Connection
from livetiming.services.world import World
from livetiming.settings import Settings

LOCKED = 75
"""Exit code where another such component has the folder."""


class Component(Protocol):
    """What is run."""

    def start(self) -> None:
        """Begin; raises `LogLocked` where another one runs on its folder."""

    def stop(self) -> Deferred[None]:
        """End in order."""


def run_component(
    name: str,
    settings: Settings,
    make: Callable[[World, Connection], Component],
    *,
    verbose: bool,
    debug: bool,
) -> int:
    """Run a component until a signal comes.

    Args:
        name: of the component.
        settings: of the deployment, which has a secret.
        make: makes the component.
        verbose: say what happens.
        debug: say everything.
    Returns: the exit code.
    Raises: `LivetimingError` by what keeps it from starting.
    """
    start_logging(settings, name, verbose=verbose, debug=debug)
    reactor, tell = the_reactor(), teller(f"livetiming-{name}")
    connection = SecretConnection(reactor, settings, tell)
    component = make(real_world(reactor, tell), connection)
    try:
        component.start()
    except LogLocked as error:
        tell(str(error))
        return LOCKED
    connection.start()
    _obey_signals(reactor, component, connection.close)
    reactor.run(installSignalHandlers=False)
    return 0


def _obey_signals(
    reactor: Any, component: Component, disconnect: Callable[[], Deferred[None]]
) -> None:
    """The first signal ends it in order, the second is the system's."""

    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        reactor.callFromThread(end)

    def end() -> None:
        stopping = component.stop()
        stopping.addCallback(lambda _: disconnect())
        stopping.addBoth(lambda _: reactor.stop())

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
