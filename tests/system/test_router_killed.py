"""Row 7: the router is killed again and again, and viewers are live again soon after it listens."""

import random
import statistics
import time
from contextlib import ExitStack

import pytest

from tests.cli.programs import wait_for
from tests.network.running import is_running
from tests.system.comparing import is_recorded, recording_of, shows_the_same
from tests.system.parts import DemoService, freeze, is_listening, thaw
from tests.system.running import CONTROLLER, RACE, SESSION, WORKER, System
from tests.system.watching import Watcher

OTHERS = ("6f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b", "7f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b")
LIVE_S = 10.0
FROZEN_S = 10.0


def kill(system, kind):
    """Kill the router, and wait until it listens again; when that was.

    A killed process goes on listening until the last of its threads is gone.
    """
    pids = wait_for(lambda: system.pid_of(kind) and system.router.crossbar_pids(), "a router")
    system.kill(kind)
    wait_for(lambda: not any(map(is_running, pids)), "Crossbar's end")
    port = system.router.port
    wait_for(lambda: not is_listening(port), "nobody who listens")
    return wait_for(lambda: is_listening(port) and time.monotonic(), "a router", 60)


def stand_still(system):
    """Let the router stand still for a while; when it went on."""
    pid = wait_for(lambda: system.pid_of(WORKER), "a router")
    freeze(pid)
    time.sleep(FROZEN_S)
    thaw(pid)
    return time.monotonic()


def live_again(services, watchers, since):
    """Wait until all show what their logs had then, and more; how long each took."""
    heads = {service.session: service.seq for service in services}
    return [
        wait_for(lambda each=each: each.live_after(since, heads[each.session]), "a live viewer", 60)
        for each in watchers
    ]


def check(folder, *, kills, freezes, others, seed):
    dice = random.Random(seed)
    what = [dice.choice((CONTROLLER, WORKER)) for _ in range(kills)] + [None] * freezes
    dice.shuffle(what)
    took = []
    with System(folder) as system, ExitStack() as stack:
        services = [system.service]
        for number, session in enumerate(others):
            service = DemoService(folder, system.environment, session, *RACE, name=f"n{number}")
            stack.callback(service.clean_up)
            services.append(service.start())
        sessions = [SESSION, SESSION, SESSION, *others]
        watchers = [
            stack.enter_context(Watcher(system.router.url, session, seed + number))
            for number, session in enumerate(sessions)
        ]
        for each in watchers:
            wait_for(lambda each=each: each.seq >= 3, "a viewer", 60)
        for kind in what:
            time.sleep(dice.uniform(0, 2))
            since = stand_still(system) if kind is None else kill(system, kind)
            back = live_again(services, watchers, since)
            told = "frozen" if kind is None else f"{kind} killed"
            print(f"{told}: live again after {', '.join(f'{s:.2f}' for s in back)} s")  # noqa: T201
            took += back
            system.look_after()
        lines = sum(end(system, service, watchers) for service in services)
        system.check_said()
    print(  # noqa: T201 - a figure
        f"seed {seed}: {kills} kills, {freezes} freezes, {len(took)} returns of viewers: "
        f"median {statistics.median(took):.2f} s, longest {max(took):.2f} s; {lines} lines"
    )
    assert max(took) <= LIVE_S, took


def end(system, service, watchers):
    """Close a session, and see that everybody has the same; how many lines it has."""
    assert service.end() == 0, service.said[-3000:]
    assert "Traceback" not in service.said
    recording = recording_of(system.folder, service.session)
    lines = is_recorded(service.log, recording)
    looked = [each for each in watchers if each.session == service.session]
    for each in looked:
        wait_for(lambda each=each: each.seq == lines, "a viewer at the end", 60)
    shows_the_same(service.log, recording, looked)
    return lines


@pytest.mark.timeout(300)
def test_viewers_are_live_again_soon_after_the_router_was_killed_quick(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    check(tmp_path, kills=1, freezes=0, others=(), seed=seed)


@pytest.mark.reliability
@pytest.mark.timeout(1200)
def test_viewers_are_live_again_soon_after_the_router_was_killed(tmp_path):
    seed = random.SystemRandom().randrange(10**6)
    check(tmp_path, kills=20, freezes=2, others=OTHERS, seed=seed)
