"""The parts of the system, each started by its command: killed, frozen, and started again."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from livetiming.errors import LivetimingError
from livetiming.events.log import RealDisk, open_reader
from tests.cli.programs import BIN, wait_for

CONTRADICTED = 70
"""A service that must be started again, as a new writer."""


class Part:
    """A program of ours in a process.

    Args:
        name: of the part, for messages.
        folder: where it runs.
        environment: its own.
        command: its arguments; not needed where `command()` says them.

    Attributes:
        starts: how often it was started.
    """

    def __init__(self, name, folder, environment, command=()):
        self.name = name
        self.folder = folder
        self.environment = environment
        self.starts = 0
        self.process = None
        self._said_before = 0
        self._command = command
        self._errors = folder / f"{name}-errors.txt"

    def command(self):
        return self._command

    def start(self):
        """Start it, for the first time or again."""
        program, *args = map(str, self.command())
        self.starts += 1
        self._said_before = len(self.said)
        with self._errors.open("a") as errors:
            self.process = subprocess.Popen(
                [BIN / program, *args],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        return self

    @property
    def said(self):
        """All that it said, in all its lives."""
        return self._errors.read_text(errors="replace") if self._errors.exists() else ""

    @property
    def said_now(self):
        """What it said in its present life."""
        return self.said[self._said_before :]

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    def kill(self):
        """Kill it as hard as can be."""
        assert self.is_alive, f"{self.name}: exit {self.process.returncode}: {self.said[-2000:]}"
        self.process.kill()
        self.process.wait()

    def end(self, limit_s=60):
        """Ask it to end; its exit code."""
        self.signal(signal.SIGTERM)
        return self.process.wait(limit_s)

    def clean_up(self):
        if self.is_alive:
            self.process.kill()
            self.process.wait()


class DemoService(Part):
    """A demo race, which goes on in its log when it is started again.

    Args:
        session: its id.
        args: of the command, beside.
        name: of the instance.
    """

    def __init__(self, folder, environment, session, *args, name="main", linger_s=1):
        super().__init__(f"service-{name}", folder, environment)
        self.session = session
        own = environment.get("LIVETIMING_STATE_DIR")
        self.state_dir = Path(own) if own else folder / "livetiming-data" / "state"
        began = f"--start-at={int(time.time())}"
        self._args = (
            *("livetiming-service", "demo", f"--name={name}", f"--linger={linger_s}", began),
            *args,
        )

    @property
    def log(self):
        return self.state_dir / self.session

    def command(self):
        goes_on = f"--initial-state={self.log}" if self.starts else f"--uuid={self.session}"
        return (*self._args, goes_on)

    @property
    def place(self):
        """The last line of its log: writer and seq."""
        try:
            with open_reader(RealDisk(), self.log) as reader:
                folded = reader.last()
                return folded.state.writer or 0, folded.seq
        except (LivetimingError, OSError):
            return 0, 0

    @property
    def seq(self):
        return self.place[1]

    def has(self, count, patience_s=60):
        """Wait until its log has so many lines."""

        def check():
            assert self.is_alive, f"exit {self.process.returncode}: {self.said[-2000:]}"
            return self.seq >= count

        wait_for(check, f"{count} lines of {self.name}", patience_s)
        return self


def is_listening(port):
    """Whether somebody takes connections there."""
    with socket.socket() as asked:
        asked.settimeout(1)
        return asked.connect_ex(("127.0.0.1", port)) == 0


def freeze(pid):
    os.kill(pid, signal.SIGSTOP)


def thaw(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
