"""Starting a program as a child out of reach of the terminal, which never outlives us."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from twisted.internet.error import ProcessTerminated
from twisted.python.failure import Failure

from livetiming.components.saying import Saying
from livetiming.settings import environment_with

Spawn = Callable[[Sequence[str], Mapping[str, str], Saying], Any]
"""Starts a command with some variables set; gives its process."""


class Watching(Saying):
    """Hands on the lines of a child, and remembers its exit code."""

    code: int | None = None
    """`None` while it runs, and where a signal ended it."""

    def processEnded(self, reason: Failure) -> None:  # noqa: N802 - Twisted's word
        end = reason.value
        self.code = end.exitCode if isinstance(end, ProcessTerminated) else 0
        super().processEnded(reason)


def spawner(reactor: Any) -> Spawn:
    """What starts programs.

    Args:
        reactor: Twisted's; started with its signal handlers, by which it learns of deaths.
    """

    def spawn(command: Sequence[str], changes: Mapping[str, str], watching: Saying) -> Any:
        wrapped = [
            *(sys.executable, "-m", "livetiming.network.router.child", str(os.getpid())),
            *command,
        ]
        process = reactor.spawnProcess(watching, wrapped[0], wrapped, env=environment_with(changes))
        process.closeStdin()
        return process

    return spawn
