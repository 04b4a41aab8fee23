"""`livetiming up`: the whole system on this machine, until Ctrl-C."""

from __future__ import annotations

import os
import signal
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import click

from livetiming.cli.addresses import router_url, website_url
from livetiming.cli.holding import hold_system
from livetiming.cli.output import talk
from livetiming.cli.process import the_reactor
from livetiming.cli.secret import ensure_secret
from livetiming.errors import BadSetting, LivetimingError, LogLocked
from livetiming.events.log import RealDisk, verify
from livetiming.services.clocks import wall_clock
from livetiming.settings import Address, Settings, check_folders, listen_address, load_settings


@click.command()
@click.option("--demo", is_flag=True, help="Run a simulated endurance race, too.")
def up(*, demo: bool) -> int:
    """Run live timing on this machine until Ctrl-C: router, website, directory and dvr.

    Services join it from other shells. What dies is started again.

    \b
    Examples:
      livetiming up
      livetiming up --demo
      LIVETIMING_LISTEN=0.0.0.0:8080 livetiming up
    """
    settings = load_settings()
    check_folders(settings)
    address = listen_address(settings)
    _make_folders(settings)
    try:
        lock = hold_system(settings.state_dir)
    except LogLocked as error:
        talk(str(error))
        return os.EX_TEMPFAIL
    from livetiming.components.crossbar import check_port, find_crossbar

    find_crossbar()
    ensure_secret(settings)
    check_port(address.host, address.port)
    with closing(lock):
        return _Up(settings, address, demo=demo).run()


def _make_folders(settings: Settings) -> None:
    for variable in ("state_dir", "recordings_temp_dir", "recordings_dir", "analysis_dir"):
        folder: Path = getattr(settings, variable)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadSetting(
                f"LIVETIMING_{variable.upper()}: {folder}: {error.strerror}"
            ) from error


class _Up:
    """One run of the system in this process."""

    def __init__(self, settings: Settings, address: Address, *, demo: bool) -> None:
        from livetiming.cli.system import System

        self._reactor = the_reactor()
        around = _surroundings(self._reactor, settings, address)
        self._system = System(around, settings, website_url(address), demo=demo)
        self._settings = settings
        self._failed: LivetimingError | None = None
        self._signals = 0
        self._given_up = False

    def run(self) -> int:
        """Run until all has ended.

        Returns: the exit code.
        Raises: `LivetimingError` where it does not start.
        """
        self._reactor.callWhenRunning(self._start)
        self._reactor.run()
        if self._failed is not None:
            raise self._failed
        if self._given_up:
            talk("given up: what is not recorded yet is made up for at the next start")
            return 1
        self._tell_recording()
        self._tell_unsealed()
        return 0

    def _start(self) -> None:
        """Twisted's own handlers are there by now, and ours come after them."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._signalled)
        self._do(self._system.start())

    def _do(self, what: Any) -> Any:
        from twisted.internet.defer import Deferred

        doing = Deferred.fromCoroutine(what)
        doing.addErrback(self._fail)
        return doing

    def _fail(self, failure: Any) -> None:
        error = failure.value
        if not isinstance(error, LivetimingError):
            error = LivetimingError(f"{failure.getBriefTraceback()}".strip())
        self._failed = self._failed or error
        self._system.kill()
        self._stop()

    def _signalled(self, *_: object) -> None:
        self._signals += 1
        self._reactor.callFromThread(self._end if self._signals == 1 else self._give_up)

    def _end(self) -> None:
        talk("ending, in order (again: at once) …")
        self._do(self._system.end()).addCallback(lambda _: self._stop())

    def _give_up(self) -> None:
        self._given_up = True
        self._system.kill()
        self._stop()

    def _stop(self) -> None:
        with suppress(_not_running()):
            self._reactor.stop()

    def _tell_recording(self) -> None:
        demo, recording = self._system.demo, self._system.recording
        if demo is None:
            return
        if recording is None:
            talk("nothing was recorded")
            return
        verdict = verify(RealDisk(), recording)
        talk(f"recorded: {recording} ({verdict.events} events, {verdict.status})")

    def _tell_unsealed(self) -> None:
        """What nobody has closed is sealed when it is long enough since anybody announced it."""
        temp = self._settings.recordings_temp_dir
        left = sorted({path.name.partition(".")[0] for path in temp.glob("*.jsonl*")})
        if left:
            talk(f"not sealed yet, the next start goes on with it: {', '.join(left)} in {temp}")


def _not_running() -> type[Exception]:
    from twisted.internet.error import ReactorNotRunning

    return ReactorNotRunning


def _surroundings(reactor: Any, settings: Settings, address: Address) -> Any:
    from livetiming.cli.handing_over import HandingOver
    from livetiming.cli.system import Surroundings
    from livetiming.components.crossbar import health_check
    from livetiming.components.spawning import spawner
    from livetiming.components.supervisor import Outside

    router = router_url(address)
    ask = health_check(reactor, website_url(address))
    return Surroundings(
        Outside(reactor, spawner(reactor), talk, _said),
        RealDisk(),
        lambda: ask().addErrback(lambda _: False),  # whatever is wrong, it does not answer yet
        {"LIVETIMING_ROUTER": router},
        wall_clock,
        HandingOver(reactor, settings, router),
    )


def _said(name: str, line: str) -> None:
    """Hand on what a program says: warnings and errors, and what it begins and ends."""
    known = line.startswith("livetiming-")
    talk(line if known else f"{name}: {line}")
