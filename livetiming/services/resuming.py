"""Going on in a log: opened, brought up to what the dvr has more of it, and only then written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from twisted.logger import Logger

from livetiming.errors import LogError, LogLocked
from livetiming.events.log import LogWriter, adopt_log, open_log, open_reader
from livetiming.services.api import Fact
from livetiming.services.news import provider_facts
from livetiming.services.world import World

ANOTHER_LOOK_S = 1.0
"""A lock is held for a moment by whoever looks after logs that nobody writes."""
_log = Logger()
T = TypeVar("T")


def open_to_go_on(world: World, path: Path, folder: Path) -> LogWriter:
    """Open a log to go on in it.

    Args:
        world: the outside.
        path: a growing or sealed log; it is copied where it is not in the folder.
        folder: of the service's own logs.
    Raises: `LogLocked` while another process writes it; `LogError` where it cannot be opened.
    """
    session = patiently(world, lambda: adopt_log(world.disk, path, folder))
    try:
        opened = patiently(world, lambda: open_log(world.disk, folder, session))
    except LogLocked as error:
        raise _in_words(world, folder / session, error) from error
    for kept in opened.kept:
        _log.warn("the log's end was torn; it is kept in {path}", path=str(kept))
    return opened.log


def patiently(world: World, work: Callable[[], T]) -> T:
    """Open a log that somebody else may hold for a moment; blocks for so long.

    Raises: `LogLocked` where it is held for longer; what `work` raises.
    """
    for _ in range(round(ANOTHER_LOOK_S / 0.002)):
        try:
            return work()
        except LogLocked:
            world.disk.pause()
    return work()


def _in_words(world: World, path: Path, error: LogLocked) -> LogLocked:
    """Tell a process that is about to end from one that is not."""
    try:
        with open_reader(world.disk, path) as reader:
            closed = reader.last().state.closed
    except LogError:
        return error
    if closed is None:
        return error
    return LogLocked(path, "its process is still handing over; try again in a while")


def facts_of(world: World, path: Path) -> list[Fact]:
    """What the provider told, as a log has it.

    Raises: `LogError`.
    """
    with open_reader(world.disk, path) as reader:
        return list(provider_facts(event for _, event in reader.events()))
