"""A router in a process of its own, started by its console command."""

import os
import random
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.cli.programs import BIN, environment, wait_for

SECRET = "a-secret-that-only-the-tests-know-0123456789"
START_S = 120


def free_port():
    """A port that nobody listens on, and that the kernel gives to nobody who only connects."""
    while True:
        port = random.SystemRandom().randrange(15_000, 32_000)
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


@contextmanager
def running_router(folder, **settings):
    """Run `livetiming-router` until the end of the block.

    Args:
        folder: where it runs; its data are in `livetiming-data` in it.
        settings: by field, such as `recordings_dir=path`.
    """
    router = RunningRouter(folder, **settings)
    try:
        router.listening()
        yield router
    finally:
        router.end()


class RunningRouter:
    """`livetiming-router` in a process.

    `url` is for WAMP, `http` for the website; `secret` is what services join with.
    """

    def __init__(self, folder, *args, secret=SECRET, port=None, **settings):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.secret = secret
        self.url = f"ws://127.0.0.1:{self.port}/ws"
        self.http = f"http://127.0.0.1:{self.port}"
        given = {"listen": f"127.0.0.1:{self.port}", "shared_secret": secret, **settings}
        self.environment = environment(
            **{f"LIVETIMING_{name.upper()}": str(value) for name, value in given.items()}
        )
        self.errors = self.folder / f"router-{time.monotonic_ns()}.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [BIN / "livetiming-router", *args],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                start_new_session=True,
            )

    @property
    def state_dir(self):
        return self.folder / "livetiming-data" / "state"

    @property
    def said(self):
        return self.errors.read_text(errors="replace")

    def is_healthy(self):
        try:
            with urllib.request.urlopen(f"{self.http}/healthz", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def listening(self):
        """Wait until it has said so, and answers."""

        def check():
            if self.process.poll() is not None:
                raise AssertionError(f"exit {self.process.returncode}: {self.said}")
            return "listening on" in self.said and self.is_healthy()

        wait_for(check, "a router that listens", START_S)
        return self

    def crossbar_pids(self):
        """Crossbar's processes, the one that ends the others first."""
        controllers = children(self.process.pid)
        return controllers + [pid for each in controllers for pid in children(each)]

    def kill(self):
        """Kill Crossbar's first process as hard as can be, and see it gone."""
        before = self.crossbar_pids()
        os.kill(before[0], signal.SIGKILL)
        wait_for(lambda: not any(map(is_running, before)), "Crossbar's end")
        return self

    def kill_worker(self):
        """Kill the process that routes, and see the other one gone too."""
        before = self.crossbar_pids()
        os.kill(before[-1], signal.SIGKILL)
        wait_for(lambda: not any(map(is_running, before)), "Crossbar's end")
        return self

    def restarted(self, times=1):
        """Wait until Crossbar was started again and answers."""

        def check():
            return self.said.count("listening on") > times and self.is_healthy()

        wait_for(check, "a Crossbar that listens again", START_S)
        return self

    def signal(self, number):
        self.process.send_signal(number)
        return self

    def ended(self, timeout=30):
        """Its exit code, once it has ended by itself."""
        return self.process.wait(timeout)

    def end(self):
        """End it, and whatever of it might be left."""
        if self.process.poll() is None:
            left = self.crossbar_pids()
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            wait_for(lambda: not any(map(is_running, left)), "Crossbar's end")


def children(pid):
    """The processes that a process started, by Linux's own list."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def is_running(pid):
    """Whether a process lives; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


_reactor_runs = threading.Lock()
_reactors = []


def reactor_in_thread():
    """Twisted's reactor, running beside the tests; it ends with the process."""
    from twisted.internet import reactor

    with _reactor_runs:
        if not _reactors:
            _reactors.append(reactor)
            threading.Thread(
                target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True
            ).start()
            wait_for(lambda: reactor.running, "the reactor")
    return reactor


def in_reactor(function, *args):
    """Call a function in the reactor's thread; its Deferred's result."""
    from twisted.internet.threads import blockingCallFromThread

    return blockingCallFromThread(reactor_in_thread(), function, *args)
