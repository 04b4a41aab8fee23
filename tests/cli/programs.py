"""Real programs in real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from livetiming.errors import LivetimingError
from livetiming.events import state_hash
from tests.services.stage import events, kinds, last

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PATIENCE_S = 30
WARNINGS = "error,ignore:'crypt' is deprecated:DeprecationWarning:passlib.utils"
"""Each is an error, but one of a library of Autobahn's."""


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if "LIVETIMING" not in name}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": WARNINGS, **more}


def run(program, *args, cwd, timeout=60, **env):
    """Run a command to its end."""
    return subprocess.run(
        [BIN / program, *map(str, args)],
        cwd=cwd,
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def wait_for(check, what, patience_s=PATIENCE_S):
    """Ask until there is an answer; real programs take the time that they take."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"in {patience_s} s not: {what}")


class Running:
    """A command in a process of its own, which ends with its block at the latest.

    Args:
        folder: where it runs; what it says goes to a file there.
        command: the program, its arguments.
        variables: its whole environment.
    """

    def __init__(self, folder, command, variables):
        self.folder = folder
        self.errors = folder / f"{Path(command[0]).name}-{time.monotonic_ns()}.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                list(map(str, command)),
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def said(self):
        return self.errors.read_text()


class Service(Running):
    """`livetiming-service` in a process of its own.

    Args:
        folder: where it runs; its logs go to `livetiming-data/state` in it.
        args: of the command.
    """

    def __init__(self, folder, *args, **env):
        super().__init__(folder, [BIN / "livetiming-service", *args], environment(**env))

    @property
    def state_dir(self):
        return self.folder / "livetiming-data" / "state"

    @property
    def notes(self):
        """What it said beside the lines that every run has."""
        usual = (
            ": recording to ",
            ": going on, ",
            ": closed, ",
            ": left open, ",
            "(again: give up)",
            ": off the air until ",
        )
        lines = self.said.splitlines()
        return [line for line in lines if not any(word in line for word in usual)]

    def sessions(self):
        """The sessions whose logs are here, in the order they began."""
        found = {path.name[:32] for path in self.state_dir.glob("*.jsonl*")}
        began = {session: self.events(session)[0].at for session in found if self.seq(session)}
        return sorted(began, key=began.__getitem__)

    def path(self, session=None):
        return self.state_dir / (session or self.sessions()[0])

    def events(self, session=None):
        return events(self.path(session))

    def state(self, session=None):
        return last(self.path(session)).state

    def has(self, count, session=None):
        """Wait until a log has so many events."""

        def check():
            if self.process.poll() is not None:
                raise AssertionError(f"exit {self.process.returncode}: {self.said}")
            return self.seq(session) >= count

        wait_for(check, f"{count} events")
        return self

    def seq(self, session=None):
        try:
            return last(self.path(session)).seq
        except (LivetimingError, IndexError, OSError):
            return 0

    def signal(self, number):
        self.process.send_signal(number)
        return self

    def ended(self, timeout=PATIENCE_S):
        """Its exit code, once it has ended by itself."""
        return self.process.wait(timeout)

    def stopped(self):
        """Its exit code after Ctrl-C."""
        return self.signal(signal.SIGINT).ended()


def kinds_of(path):
    return kinds(events(path))


def hash_of(path):
    return state_hash(last(path).state)
