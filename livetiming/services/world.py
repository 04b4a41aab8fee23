"""What a service may touch of the world outside, handed in so that tests can hand in another."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

from livetiming.events.log import Disk


class World(NamedTuple):
    """The outside.

    Args:
        reactor: Twisted's, or a clock.
        disk: where logs are.
        wall_clock: now, epoch ms; it may jump.
        monotonic: seconds since some moment, never going back.
        random: for ids, writers and jitter.
        in_thread: runs a function that may block; gives a Deferred of its result.
        tell: says a line to the operator, whatever else is shown of the log.
    """

    reactor: Any
    disk: Disk
    wall_clock: Callable[[], int]
    monotonic: Callable[[], float]
    random: random.Random
    in_thread: Callable[..., Any]
    tell: Callable[[str], None]
