"""`livetiming up` in a process of its own, as a newcomer runs it."""

import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from livetiming.errors import LivetimingError
from livetiming.events.log import RealDisk, open_reader
from tests.cli.programs import BIN, Running, environment, wait_for
from tests.network.running import free_port

COMPONENTS = ("router", "directory", "dvr", "service")


class WholeSystem(Running):
    """A run of `livetiming up`.

    Args:
        folder: where it runs; its data are in `livetiming-data` in it.
        args: of the command.
        port: that it listens on.
    """

    def __init__(self, folder, *args, port=None, **variables):
        self.port = port or free_port()
        given = {"LISTEN": f"127.0.0.1:{self.port}", "ROUTER": f"ws://127.0.0.1:{self.port}/ws"}
        own = {f"LIVETIMING_{name}": value for name, value in given.items()}
        self.environment = environment(**own, **variables)
        super().__init__(folder, [BIN / "livetiming", "up", *args], self.environment)

    @property
    def data(self):
        return self.folder / "livetiming-data"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def says(self, text, times=1, patience_s=60):
        """Wait until it has said something."""

        def check():
            if self.said.count(text) >= times:
                return True
            if self.process.poll() is not None:
                raise AssertionError(f"exit {self.process.returncode}: {self.said}")
            return False

        try:
            wait_for(check, f"{text!r} {times} times", patience_s)
        except AssertionError as error:
            raise AssertionError(f"{error}; it said: {self.said}") from error
        return self

    def get(self, path=""):
        """The status and the text of a page; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError:
            return 0, ""

    def pids(self):
        """Of its children, by name."""
        return children(self.process.pid)

    def kill(self, name):
        """Kill one child as nobody should, and wait until there is another."""
        before = self.pids()[name]
        os.kill(before, signal.SIGKILL)
        wait_for(lambda: self.pids().get(name, before) != before, f"another {name}")

    def interrupt(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self

    def ended(self, timeout=150):
        return self.process.wait(timeout)

    def log(self):
        """The demo's own log."""
        (session,) = set(re.findall(r"session ([0-9a-f]{32}): rec", self.said))
        return self.data / "state" / session

    def seq(self):
        try:
            return len(lines_of(self.log()))
        except (LivetimingError, ValueError, OSError):
            return 0

    def grows(self, count=3):
        """Wait until the demo has written some more."""
        before = self.seq()
        wait_for(lambda: self.seq() >= before + count, f"{count} more events", 60)

    def run(self, program, *args):
        return subprocess.run(
            [BIN / program, *map(str, args)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def children(parent):
    """The children of a process, by the program that they run."""
    found = {}
    try:
        pids = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return {}
    for pid in pids:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        names = [Path(part).name.removeprefix("livetiming-") for part in command[:2]]
        found.update({name: int(pid) for name in names if name in COMPONENTS})
    return found


def lines_of(path):
    with open_reader(RealDisk(), path) as reader:
        return [line for line, _ in reader.events()]
