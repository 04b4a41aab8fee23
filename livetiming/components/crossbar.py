"""Crossbar as a program: its folder, its command, whether it answers."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.protocol import ProcessProtocol

import livetiming
from livetiming.disk import File
from livetiming.errors import LivetimingError
from livetiming.events.log import RealDisk
from livetiming.network.router.configuration import SECRET, RouterPlan, configuration

_CONFIG = "config.json"
_LEFT = ("node.pid", "key.priv", "key.pub")
"""What an earlier Crossbar left: a process that is gone, and a key that nothing is signed with,
made anew at each start so that a damaged one is in nobody's way.
"""
_FREE_S = 3.0
"""A Crossbar whose starter was killed needs a moment to let go of its port."""
_ANSWER_S = 2.0


class NoRouter(LivetimingError):
    """The router cannot run here: read the message, which says what to do."""


def find_crossbar() -> Path:
    """Find Crossbar's command.

    Raises: `NoRouter` where it is not installed.
    """
    command = Path(sys.executable).with_name("crossbar")
    if find_spec("crossbar") is None or not command.exists():
        raise NoRouter(
            "Crossbar is not installed; install it with: pip install 'livetiming[router]'"
        )
    return command


def prepare(folder: Path, plan: RouterPlan) -> File:
    """Make Crossbar's folder ours, and write its configuration where nobody else reads it.

    Args:
        folder: Crossbar's own.
        plan: of the router.
    Returns: a lock to be held as long as Crossbar is to run.
    Raises: `NoRouter` where another process has the folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    try:
        lock = RealDisk().lock(folder / "lock")
    except BlockingIOError as error:
        raise NoRouter(f"another livetiming-router runs in {folder}; stop that first") from error
    for left in _LEFT:
        (folder / left).unlink(missing_ok=True)
    _write_configuration(folder, plan)
    return lock


def _write_configuration(folder: Path, plan: RouterPlan) -> None:
    text = msgspec.json.format(msgspec.json.encode(configuration(plan)))
    new = folder / f"{_CONFIG}.part"
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_bytes(text)
    new.replace(folder / _CONFIG)


def check_port(host: str, port: int) -> None:
    """See that a port can be listened on.

    Raises: `NoRouter` where another program has it, or where the host is not this machine.
    """
    end = time.monotonic() + _FREE_S
    while (trouble := _try_port(host, port)) is not None:
        if trouble.errno != errno.EADDRINUSE or time.monotonic() > end:
            why = trouble.strerror or str(trouble)
            what = f"cannot listen on {host}:{port}: {why}"
            raise NoRouter(f"{what}; name another address by LIVETIMING_LISTEN")
        time.sleep(0.1)


def _try_port(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
            tried.listen(1)
        except OSError as error:
            return error
    return None


def crossbar_command(crossbar: Path, folder: Path, *, debug: bool) -> list[str]:
    """The command that runs Crossbar as a child of this process, ending when this one does."""
    return [
        *(sys.executable, "-m", "livetiming.network.router.child", str(os.getpid())),
        *(sys.executable, str(crossbar), "start", "--cbdir", str(folder), "--color", "false"),
        *("--loglevel", "info" if debug else "warn"),
    ]


def crossbar_environment(secret: str) -> dict[str, str]:
    """All that Crossbar's processes are told, and nothing else of ours: it faces strangers."""
    return {
        SECRET: secret,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(Path(livetiming.__file__).parents[1]),
    }


def spawner(
    reactor: Any, command: list[str], environment: dict[str, str], folder: Path
) -> Callable[[ProcessProtocol], Any]:
    """What starts Crossbar."""

    def spawn(protocol: ProcessProtocol) -> Any:
        return reactor.spawnProcess(
            protocol, command[0], command, env=environment, path=str(folder)
        )

    return spawn


def kill_group(group: int) -> None:
    """Kill what is left of a process group."""
    with suppress(ProcessLookupError):
        os.killpg(group, 9)


def health_check(reactor: Any, url: str) -> Callable[[], Deferred[bool]]:
    """What asks whether Crossbar answers.

    Args:
        reactor: Twisted's.
        url: of the web transport.
    """
    from twisted.web.client import Agent

    agent = Agent(reactor, connectTimeout=_ANSWER_S)  # type: ignore[no-untyped-call]

    def ask() -> Deferred[bool]:
        asked: Deferred[Any] = agent.request(b"GET", f"{url}healthz".encode())
        asked.addTimeout(_ANSWER_S, reactor)
        answer: Deferred[bool] = asked.addCallback(_is_healthy)
        return answer

    return ask


def _is_healthy(response: Any) -> bool:
    return bool(response.code == 200)
