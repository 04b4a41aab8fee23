"""`livetiming up --demo`: its children are killed at random, and it starts them again."""

import os
import random
import signal
import time
from collections import Counter
from contextlib import ExitStack

import pytest

from tests.cli.programs import wait_for
from tests.cli.whole_system import COMPONENTS, WholeSystem
from tests.network.running import children
from tests.system.comparing import is_recorded, recording_of, shows_the_same
from tests.system.watching import Watcher

RUNS = 5
WORKER = "crossbar worker"
KILLS_EACH = 2
"""Not so many that it is a crash loop."""
PAUSE_S = (1.0, 4.0)


def kill_worker(system):
    """Kill the process that routes; its parents live."""
    router = wait_for(lambda: system.pids().get("router"), "a router")
    workers = wait_for(
        lambda: [pid for crossbar in children(router) for pid in children(crossbar)], "a worker", 60
    )
    os.kill(workers[-1], signal.SIGKILL)


def ours(said):
    """The tracebacks of our own programs; Crossbar writes one when its worker dies young."""
    lines = [line for line in said.splitlines() if "Traceback" in line]
    return [line for line in lines if not (line.startswith("router: ") and " crossbar: " in line)]


def run(folder, kills_each, seed):
    dice = random.Random(seed)
    kinds = [*COMPONENTS, WORKER] * kills_each
    dice.shuffle(kinds)
    with WholeSystem(folder, "--demo") as system, ExitStack() as stack:
        system.says(f"live timing: {system.url}").says("recording to").grows()
        log = system.log()
        url = system.environment["LIVETIMING_ROUTER"]
        watchers = [stack.enter_context(Watcher(url, log.name, seed + n)) for n in range(2)]
        for each in watchers:
            wait_for(lambda each=each: each.seq, "a viewer", 60)
        for kind in kinds:
            time.sleep(dice.uniform(*PAUSE_S))
            if kind == WORKER:
                kill_worker(system)
            else:
                wait_for(lambda kind=kind: kind in system.pids(), f"a {kind}", 60)
                system.kill(kind)
        system.grows(1)
        since, seq = time.monotonic(), system.seq()
        for each in watchers:
            wait_for(lambda each=each: each.live_after(since, seq), "a live viewer", 60)
        assert system.interrupt().ended() == 0, system.said
        recording = recording_of(folder, log.name)
        lines = is_recorded(log, recording)
        # the router ends with the session: who hears its last lines is chance
        shows_the_same(log, recording, watchers, ended=False)
        assert not ours(system.said)
    print(f"seed {seed}: {lines} lines, {dict(Counter(kinds))}")  # noqa: T201 - a figure


@pytest.mark.reliability
@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(RUNS))
def test_whatever_dies_is_started_again_and_all_have_one_history(tmp_path, number):
    run(tmp_path, KILLS_EACH, random.SystemRandom().randrange(10**6))
