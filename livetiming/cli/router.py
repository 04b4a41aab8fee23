"""`livetiming-router`: the router, with the website, the recordings and the analyses."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import click

import livetiming
from livetiming.cli.logs import start_logging
from livetiming.cli.outcome import Outcome, PlainProgram
from livetiming.cli.process import teller
from livetiming.network.router.configuration import RouterPlan
from livetiming.settings import Settings, listen_address, load_settings, shared_secret

_WEBSITE = Path(livetiming.__file__).parent / "webclient"
"""Where the website is built to, so that the package carries it."""


@click.command(
    cls=PlainProgram,
    name="livetiming-router",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-v", "--verbose", is_flag=True, help="Say what happens, not only what goes wrong.")
@click.option("--debug", is_flag=True, help="Say everything.")
@click.version_option(livetiming.__version__, prog_name="livetiming-router")
def main(*, verbose: bool, debug: bool) -> int:
    """Run the router, which serves the website too, until Ctrl-C.

    It listens on LIVETIMING_LISTEN. Services join it with LIVETIMING_SHARED_SECRET;
    everybody else may look and ask.

    \b
    Example:
      LIVETIMING_LISTEN=127.0.0.1:8080 livetiming-router -v
    """
    settings = load_settings()
    secret = shared_secret(settings)
    start_logging(settings, "router", verbose=verbose, debug=debug)
    return _run(settings, secret, debug=debug)


def router_plan(settings: Settings) -> RouterPlan:
    """The router that a deployment wants.

    Raises: `BadSetting`.
    """
    address = listen_address(settings)
    return RouterPlan(
        host=address.host,
        port=address.port,
        website=_WEBSITE,
        recordings=settings.recordings_dir.absolute(),
        analysis=settings.analysis_dir.absolute(),
    )


def _run(settings: Settings, secret: str, *, debug: bool) -> int:
    from twisted.internet import reactor

    from livetiming.components import crossbar
    from livetiming.components.router import Outside, Router

    program = crossbar.find_crossbar()
    plan = router_plan(settings)
    folder = settings.state_dir.absolute() / "router"
    crossbar.check_port(plan.host, plan.port)
    lock = crossbar.prepare(folder, plan)
    url = _url(plan)
    command = crossbar.crossbar_command(program, folder, debug=debug)
    environment = crossbar.crossbar_environment(secret)
    outside = Outside(
        reactor=reactor,
        spawn=crossbar.spawner(reactor, command, environment, folder),
        kill=crossbar.kill_group,
        healthy=crossbar.health_check(reactor, url),
        tell=teller("livetiming-router"),
    )
    with closing(lock):
        return _until_over(reactor, Router(outside, url))


def _until_over(reactor: Any, router: Any) -> int:
    """Run; the reactor's own handlers must be there, for it hears of a child's end by a signal."""
    outcomes: list[bool] = []

    def start() -> None:
        _obey_signals(reactor, router)
        over = router.start()
        over.addCallback(outcomes.append)
        over.addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(start)
    reactor.run()
    return Outcome.DONE if outcomes == [True] else Outcome.FAILED


def _obey_signals(reactor: Any, router: Any) -> None:
    def stop(*_: object) -> None:
        reactor.callFromThread(router.stop)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _url(plan: RouterPlan) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(plan.host, plan.host)  # noqa: S104 - not bound
    return f"http://[{host}]:{plan.port}/" if ":" in host else f"http://{host}:{plan.port}/"
