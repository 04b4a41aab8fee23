"""A process that becomes Crossbar and ends with the one that started it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
FILES = 16_384
"""Descriptors: a login shell's usual 1,024 would be fewer than the router's connections."""


def become(parent: int, command: list[str]) -> None:
    """Run a command in place of this process, first in a group of its own.

    Args:
        parent: the process that must outlive it.
        command: a program and its arguments.
    """
    os.setsid()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the kernel was told
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - our own program


if __name__ == "__main__":
    become(int(sys.argv[1]), sys.argv[2:])
