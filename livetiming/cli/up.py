"""`livetiming up --demo`: a simulated race recorded by a service and shown while it runs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType
from typing import IO
from uuid import uuid4

import click

from livetiming.cli.output import talk
from livetiming.errors import LivetimingError, NoLog
from livetiming.events import SessionId
from livetiming.events.log import RealDisk, verify
from livetiming.services.clocks import wall_clock
from livetiming.settings import load_settings
from livetiming.units import format_instant

START_S = 20.0
STOP_S = 120.0
"""A long race takes a while to seal."""
_POLL_S = 0.1


@click.command()
@click.option("--demo", is_flag=True, help="Run a simulated endurance race.")
def up(*, demo: bool) -> None:
    """Run live timing on this machine until Ctrl-C.

    A service follows the race and records it; this terminal shows its log as it grows.

    \b
    Example:
      livetiming up --demo
    """
    if not demo:
        raise click.UsageError("nothing but the demo can be run yet: livetiming up --demo")
    settings = load_settings()
    settings.recordings_dir.mkdir(parents=True, exist_ok=True)
    session = SessionId(uuid4().hex)
    recording = settings.recordings_dir / _name(session)
    with _terminated_like_ctrl_c(), TemporaryFile() as said:
        service = None
        interrupted = False
        try:
            service = _start(session, recording, said)
            _watch(settings.state_dir / session, service)
        except KeyboardInterrupt:
            interrupted = True
            talk("ending the session …")
        finally:
            if service is not None:
                _stop(service)
        if interrupted and not recording.exists():
            talk("it was ended before anything was recorded")
            return
        _check(service, said)
    _tell(recording)


def _name(session: SessionId) -> str:
    now = format_instant(wall_clock())
    return f"{now[:10]}_{now[11:13]}{now[14:16]}_demo_{session}.jsonl.zst"


@contextmanager
def _terminated_like_ctrl_c() -> Iterator[None]:
    """A program that ends this one means what Ctrl-C means: the session must be closed."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _start(session: SessionId, recording: Path, said: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the service out of reach of this terminal's Ctrl-C, which is for us to pass on."""
    command = Path(sys.executable).with_name("livetiming-service")
    return subprocess.Popen(  # noqa: S603 - our own program
        [command, "demo", f"--uuid={session}", f"--recording-filename={recording}"],
        stdin=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
    )


def _watch(log: Path, service: subprocess.Popen[bytes]) -> None:
    """Show the log until the service ends; while it begins, there is none yet."""
    from livetiming.cli.rectool.watch import watch_log

    class Over(Exception):
        """The service has ended."""

    def sleep(seconds: float) -> None:
        if service.poll() is not None:
            raise Over
        time.sleep(seconds)

    deadline = time.monotonic() + START_S
    while service.poll() is None:
        try:
            watch_log(log, sleep=sleep)
        except NoLog:
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_S)
        except Over:
            break


def _stop(service: subprocess.Popen[bytes]) -> None:
    service.terminate()
    try:
        service.wait(STOP_S)
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()


def _check(service: subprocess.Popen[bytes] | None, said: IO[bytes]) -> None:
    """Fail as the service did, with what it said.

    Raises: `LivetimingError`.
    """
    if service is not None and service.returncode:
        said.seek(0)
        raise LivetimingError(f"the service ended: {said.read().decode(errors='replace').strip()}")


def _tell(recording: Path) -> None:
    verdict = verify(RealDisk(), recording)
    talk(f"recorded: {recording} ({verdict.events} events, {verdict.status})")
