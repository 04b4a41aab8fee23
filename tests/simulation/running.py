"""Running worlds: one, or many in several processes."""

import gc
import os
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from twisted.logger import globalLogBeginner

from tests.simulation.scenarios import SCENARIOS
from tests.simulation.shortening import lines_remembered, small_numbers
from tests.simulation.verdict import Verdict, agree_s
from tests.simulation.world import World

SETTLE_S = 40.0
LATE_S = 120.0
"""Who is not right after the first is looked at once more after the second."""
COLLECT_AFTER = 25


class Result(NamedTuple):
    """How a world ended."""

    scenario: str
    seed: int
    wrong: list
    agree_s: float
    counts: dict
    digest: str
    asks: int


def run(scenario, seed, story=None):
    """Run one world."""
    with lines_remembered(), small_numbers():
        return _judged(scenario, seed, story)


def traces(scenario, seed):
    """What happened to the viewers of one world, each as a line for the browser to repeat."""
    with lines_remembered(), small_numbers():
        world = World(f"{scenario} {seed}", traced=True)
        world.run(SCENARIOS[scenario](world) + SETTLE_S)
    return [follower.trace() for watcher in world.watchers for follower in watcher.followers]


def _judged(scenario, seed, story):
    world = World(f"{scenario} {seed}", story)
    end = SCENARIOS[scenario](world)
    world.run(end + SETTLE_S)
    took = agree_s(world)
    verdict = Verdict(world)
    if verdict.wrong and not world.witness.wrong:
        world.run(end + SETTLE_S + LATE_S)
        took = agree_s(world)
        verdict = Verdict(world)
    wrong = [*world.witness.wrong, *verdict.wrong]
    if scenario == "calm":
        wrong += not_fresh(world)
    if story is not None:
        for failure in world.witness.failures:
            story(failure)
    asks = sum(n for name, n in world.witness.asks.items() if name.startswith("viewers/"))
    return Result(scenario, seed, wrong, took, verdict.counts, world.witness.digest(), asks)


def not_fresh(world):
    """What breaks the freshness promise: in calm a viewer asks once, and is never 2 s behind."""
    found = []
    for watcher in world.watchers:
        asks = world.witness.asks.get(f"viewers/{watcher.name}", 0)
        if asks != 1:
            found.append(f"{watcher.name} asked {asks} times")
        if watcher.most_late_s > 2:
            found.append(f"{watcher.name} was {watcher.most_late_s:.1f} s behind")
    return found


def batch(jobs, mutation=None):
    """Run some worlds, with the garbage of all of them collected between."""
    _keep_quiet()
    gc.collect()
    gc.freeze()
    gc.disable()
    if mutation is not None:
        from tests.simulation.mutations import MUTATIONS

        with MUTATIONS[mutation].applied():
            return _batch(jobs)
    return _batch(jobs)


def _keep_quiet():
    """What is logged is for the worlds' witnesses alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        globalLogBeginner.beginLoggingTo([], discardBuffer=True, redirectStandardIO=False)


def _batch(jobs):
    found = []
    for number, job in enumerate(jobs, 1):
        found.append(run(*job))
        if number % COLLECT_AFTER == 0:
            gc.collect()
    gc.collect()
    return found


def run_many(jobs, *, mutation=None, workers=None, size=20):
    """Run worlds in several processes; gives the results as they come."""
    workers = workers or os.cpu_count() or 1
    jobs = list(jobs)
    parts = [jobs[start : start + size] for start in range(0, len(jobs), size)]
    if workers == 1:
        for part in parts:
            yield from batch(part, mutation)
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        for future in [pool.submit(batch, part, mutation) for part in parts]:
            yield from future.result()
    finally:
        pool.shutdown(cancel_futures=True)
