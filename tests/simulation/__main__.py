"""`python -m tests.simulation`: run worlds, or one with all its messages."""

import argparse
import contextlib
import signal
import sys
import time
from collections import Counter

from tests.simulation.mutations import MUTATIONS
from tests.simulation.running import run, run_many
from tests.simulation.scenarios import SCENARIOS


def _seeds(text):
    first, _, last = text.partition(":")
    return range(int(first), int(last) if last else int(first) + 1)


def _line(scenario, results):
    agree = sorted(result.agree_s for result in results)
    wrong = sum(1 for result in results if result.wrong)
    p99 = agree[int(0.99 * (len(agree) - 1))]
    counts = Counter()
    for result in results:
        counts.update(result.counts)
    more = " ".join(f"{name} {count}" for name, count in counts.items())
    return f"{scenario:10} {len(results):6} {wrong:6}   {p99:5.1f} {agree[-1]:6.1f}   {more}"


def mutate(workers, only=()):
    """Take out each rule, and see that worlds notice."""
    missed = 0
    for mutation in MUTATIONS.values():
        if only and mutation.name not in only:
            continue
        jobs = [(name, seed) for seed in range(mutation.seeds) for name in mutation.scenarios]
        results = list(run_many(jobs, mutation=mutation.name, workers=workers, size=10))
        wrong = [result for result in results if result.wrong]
        how = wrong[0].wrong[0] if wrong else "NOT CAUGHT"
        missed += not wrong and not mutation.soft
        print(f"{mutation.name:34} {len(wrong):4} of {len(results):4}  {how[:100]}", flush=True)
    return missed


def _show_wrong(jobs, given, results):
    """Run worlds, and tell of those that end wrong."""
    began = time.perf_counter()
    for result in run_many(jobs, mutation=given.mutation, workers=given.workers):
        results.append(result)
        if len(results) % 500 == 0:
            speed = len(results) / (time.perf_counter() - began)
            print(f"{len(results)} worlds, {speed:.1f} a second", flush=True)
        if result.wrong:
            print(f"--scenario {result.scenario} --seeds {result.seed}")
            print(*(f"    {what}" for what in result.wrong[: given.show]), sep="\n", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenario", choices=[*SCENARIOS, "all"], default="all")
    parser.add_argument("--seeds", type=_seeds, default=range(10))
    parser.add_argument("--mutation", help="a rule that is taken out, or `each`")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--show", type=int, default=3, help="so many reasons of each")
    parser.add_argument("--story", action="store_true", help="print all messages")
    given = parser.parse_args()
    names = list(SCENARIOS) if given.scenario == "all" else [given.scenario]
    if given.story:
        result = run(names[0], given.seeds[0], print)
        print(*result.wrong, sep="\n")
        print(result.counts, result.digest)
        return bool(result.wrong)
    if given.mutation is not None and given.scenario == "all":
        only = () if given.mutation == "each" else given.mutation.split(",")
        return mutate(given.workers, only)
    jobs = [(name, seed) for seed in given.seeds for name in names]
    began, results = time.perf_counter(), []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        _show_wrong(jobs, given, results)
    print(f"{'scenario':10} {'worlds':>6} {'wrong':>6} {'agree p99':>9} {'max':>4} s")
    for name in names:
        found = [result for result in results if result.scenario == name]
        if found:
            print(_line(name, found))
    print(f"{len(results)} worlds, {len(results) / (time.perf_counter() - began):.1f} a second")
    return any(result.wrong for result in results)


if __name__ == "__main__":
    sys.exit(main())
