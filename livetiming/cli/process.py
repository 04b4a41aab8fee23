"""The real outside of a program: reactor, clocks, disk, and whoever reads what it says."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click

from livetiming.events.log import RealDisk
from livetiming.services.clocks import wall_clock
from livetiming.services.world import World


def the_reactor() -> Any:
    """The reactor, which is made when it is first asked for."""
    from twisted.internet import reactor

    return reactor


def real_world(reactor: Any, tell: Callable[[str], None]) -> World:
    """The outside of a component or a service."""
    from twisted.internet.threads import deferToThread

    return World(
        reactor=reactor,
        disk=RealDisk(),
        wall_clock=wall_clock,
        monotonic=time.monotonic,
        random=random.SystemRandom(),
        in_thread=deferToThread,
        tell=tell,
    )


def teller(program: str) -> Callable[[str], None]:
    """What says a line to the operator, in the name of a program."""

    def tell(line: str) -> None:
        with suppress(OSError):  # nobody reads it any more
            click.echo(f"{program}: {line}", err=True)

    return tell
