"""The promise: a session there is here as it is there, whatever is killed in between."""

import random
import time
from contextlib import ExitStack

import pytest

from tests.cli.programs import wait_for
from tests.services.relay.whole import Relaying, both_recorded, listed
from tests.system.running import CONTROLLER, DVR, SERVICE, SESSION, System
from tests.system.watching import Watcher


def check(folder, *, kills, seed, pause_s=(0.5, 3)):
    dice = random.Random(seed)
    (folder / "far").mkdir()
    with ExitStack() as stack:
        far = stack.enter_context(System(folder / "far"))
        near = stack.enter_context(Relaying(folder / "near", far))
        near.lists()
        watchers = [
            stack.enter_context(Watcher(near.router.url, SESSION, seed + n)) for n in range(2)
        ]
        for each in watchers:
            wait_for(lambda each=each: each.seq >= 3, "a viewer here", 60)
        took = []
        for system, kind in kills(dice):
            began = time.monotonic()
            kill(far if system == "far" else near, kind)
            if kind in (SERVICE, DVR):
                time.sleep(dice.uniform(*pause_s))
                (far if system == "far" else near).part_of(kind).start()
            end = far.service.seq + 5
            far.service.has(end)
            near.catches_up()
            took.append(time.monotonic() - began)
            print(f"{system} {kind} killed: caught up after {took[-1]:.1f} s")  # noqa: T201
        near.lists()
        theirs, ours = listed(far.router.url)[SESSION], listed(near.router.url)[SESSION]
        assert (ours.class_, ours.name, ours.writer) == (theirs.class_, theirs.name, theirs.writer)
        lines = both_recorded(far, near, watchers)
        assert near.service.end() == 0
    print(f"seed {seed}: {len(took)} kills, longest {max(took):.1f} s; {lines} lines")  # noqa: T201


def kill(system, kind):
    assert wait_for(lambda: system.kill(kind), kind, 60)


def few(_):
    return [("near", SERVICE), ("far", CONTROLLER)]


def many(dice):
    kinds = [
        *[("near", SERVICE)] * 5,
        *[("far", CONTROLLER)] * 4,
        *[("near", CONTROLLER)] * 3,
        *[("far", SERVICE)] * 4,
        *[("near", DVR)] * 3,
        *[("far", DVR)] * 1,
    ]
    dice.shuffle(kinds)
    return kinds


@pytest.mark.timeout(300)
def test_both_record_the_same_though_the_relay_and_the_other_router_are_killed_quick(tmp_path):
    check(tmp_path, kills=few, seed=random.SystemRandom().randrange(10**6), pause_s=(0, 1))


@pytest.mark.reliability
@pytest.mark.timeout(1800)
def test_both_record_the_same_whatever_is_killed(tmp_path):
    check(tmp_path, kills=many, seed=random.SystemRandom().randrange(10**6), pause_s=(0, 20))
