"""Twenty services, a dvr and two hundred viewers on one machine: how late, and at what cost."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

from bench.figures import Figure, at_most, told
from bench.memory import resident_mb
from bench.running import Room
from livetiming.events.names import SessionId
from livetiming.network.names import events_topic

_SERVICES = 20
_VIEWERS = 200
_CARS = 60
_SECONDS = 40
_SETTLE_S = 15
_PATIENCE_S = 90
_SECRET = "only-this-measurement-knows-this-secret"  # noqa: S105 - of a router of our own
_TICKS = os.sysconf("SC_CLK_TCK")
_SESSIONS = [SessionId(f"{number:032x}") for number in range(1, _SERVICES + 1)]


def measure(room: Room) -> Iterator[Figure]:
    """Lateness from the instant that stands in the line, so with the sync, to the viewer's end."""
    with _System(room.folder / "load") as system:
        spread = dict.fromkeys(_SESSIONS, _VIEWERS // _SERVICES)
        yield from system.watched("spread", spread)
        yield from system.watched("one", {_SESSIONS[0]: _VIEWERS})
        yield at_most("dvr_rss_mb", resident_mb(system.dvr.pid), "MB", 200)


class _System:
    """A router, a dvr and the services, each by its console command."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._environment = {
            **os.environ,
            "LIVETIMING_LISTEN": f"127.0.0.1:{self._port}",
            "LIVETIMING_ROUTER": self.url,
            "LIVETIMING_SHARED_SECRET": _SECRET,
        }
        self._running = ExitStack()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/ws"

    def __enter__(self) -> _System:
        try:
            self._router = self._start("livetiming-router")
            _wait(self._answers, "the router")
            self.dvr = self._start("livetiming-dvr")
            for number, session in enumerate(_SESSIONS):
                self._start(
                    "livetiming-service",
                    "demo",
                    f"--uuid={session}",
                    f"--name=demo-{number}",
                    f"--seed={number}",
                    f"--cars={_CARS}",
                    "--linger=0",
                )
            sleep(_SETTLE_S)
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _start(self, name: str, *args: str) -> subprocess.Popen[bytes]:
        said = self._running.enter_context((self._folder / "said.txt").open("ab"))
        command = Path(sys.executable).with_name(name)
        process = subprocess.Popen(  # noqa: S603 - our own program
            [command, *args],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
        )
        self._running.callback(_end, process)
        return process

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def watched(self, how: str, viewers: dict[SessionId, int]) -> Iterator[Figure]:
        """Let viewers watch, so many of each session."""
        counts = [str(of) for each in viewers.items() for of in (events_topic(each[0]), each[1])]
        watching = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bench.viewers", self.url, str(_SECONDS), *counts],
            stdout=subprocess.PIPE,
        )
        assert watching.stdout is not None
        watching.stdout.readline()
        began, spent = perf_counter(), self._router_cpu_s()
        saw = json.loads(watching.stdout.read())
        share = (self._router_cpu_s() - spent) / (perf_counter() - began)
        watching.wait()
        assert saw["lost"] == 0, f"{saw['lost']} viewers were thrown off"
        assert saw["late_ms"], "no viewer saw a line"
        cuts = quantiles(saw["late_ms"], n=100)
        yield told(f"{how}_updates", len(saw["late_ms"]), "updates seen")
        yield told(f"{how}_late_p50_ms", cuts[49], "ms")
        yield at_most(f"{how}_late_p99_ms", cuts[98], "ms", 250)
        yield at_most(f"{how}_router_share", 100 * share, "% of a core", 60)
        yield told(f"{how}_wire_bytes", saw["bytes"] / len(saw["late_ms"]), "B/update")

    def _router_cpu_s(self) -> float:
        return sum(_cpu_s(pid) for pid in _family(self._router.pid))


def _wait(check: object, what: str) -> None:
    ends = perf_counter() + _PATIENCE_S
    while not check():  # type: ignore[operator]
        assert perf_counter() < ends, f"{what} did not come"
        sleep(0.1)


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found += _family(int(child))
    return found


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
