"""Row 30: whatever befalls them, no world ends wrong; and each rule of delivery is needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.mutations import MUTATIONS
from tests.simulation.running import run_many
from tests.simulation.scenarios import SCENARIOS

ROOT = Path(__file__).parents[2]
SEEDS = 1_250
"""Of each of the 16 scenarios: 20,000 worlds."""
QUICK = {
    "beacon": ("calm", range(6)),
    "publish before sync": ("calm", range(1)),
    "hole repair": ("noise", range(2)),
    "dvr does not compare the chain": ("oldcopy", range(8)),
    "contradiction not acted on": ("rollback", range(6)),
}


def in_another_process(code, **environment):
    """Run code; gives what it printed, read as JSON."""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def wrong(results):
    return [(r.scenario, r.seed, r.wrong) for r in results if r.wrong]


def jobs(seeds, scenarios=tuple(SCENARIOS)):
    return [(scenario, seed) for seed in seeds for scenario in scenarios]


def test_no_world_ends_wrong():
    assert wrong(run_many(jobs(range(4)), size=8)) == []


@pytest.mark.reliability
@pytest.mark.timeout(4 * 3600)
def test_no_world_of_twenty_thousand_ends_wrong():
    assert wrong(run_many(jobs(range(10_000, 10_000 + SEEDS)))) == []


@pytest.mark.parametrize("name", QUICK)
def test_worlds_notice_when_a_rule_is_taken_out(name):
    scenario, seeds = QUICK[name]
    assert wrong(run_many(jobs(seeds, (scenario,)), mutation=name, size=4))


@pytest.mark.reliability
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", [name for name, each in MUTATIONS.items() if not each.soft])
def test_worlds_notice_each_rule_that_is_taken_out(name):
    mutation = MUTATIONS[name]
    assert wrong(run_many(jobs(range(mutation.seeds), mutation.scenarios), mutation=name))


DIGESTS = """
import json
from tests.simulation.running import run
worlds = [("noise", 1), ("twins", 2), ("change", 3), ("partition", 4)]
print(json.dumps([run(*world).digest for world in worlds]))
"""


def test_the_same_seed_is_the_same_world_in_every_message_under_any_hash_seed():
    first, second = (in_another_process(DIGESTS, PYTHONHASHSEED=seed) for seed in "12")
    assert first == second
    assert len(set(first)) == len(first)


IMPORTED = """
import json, sys
import livetiming.cli.recording, livetiming.cli.running
print(json.dumps([name for name in sys.modules if name.startswith("livetiming.")]))
"""
RUN = """
import json, sys
from tests.simulation.running import run
files = set()
sys.setprofile(lambda frame, event, arg: files.add(frame.f_code.co_filename))
for scenario in ("noise", "twins", "endsdown", "reopen"):
    run(scenario, 1)
sys.setprofile(None)
print(json.dumps([n for n, m in list(sys.modules.items()) if getattr(m, "__file__", 0) in files]))
"""
PARTS = ("livetiming.components.dvr.", "livetiming.network.", "livetiming.services.")
ELSEWHERE = {
    "livetiming.components.dvr.folders": "values only",
    "livetiming.network.follow.limits": "numbers only",
    "livetiming.network.wire.analysis": "analyses, which no world has",
    "livetiming.services.api": "types only",
    "livetiming.services.audience": "types only",
    "livetiming.services.capture": "raw frames",
    "livetiming.services.car_ids": "for parsers",
    "livetiming.services.cells": "for parsers",
    "livetiming.services.documents": "for parsers",
    "livetiming.services.lap_marks": "for parsers",
    "livetiming.services.sector_times": "for parsers",
    "livetiming.services.strange": "for parsers",
    "livetiming.services.value_clock": "for parsers",
    "livetiming.services.held": "the lock of a service's name, held by its command",
    "livetiming.services.plugins": "finds providers",
    "livetiming.services.sessions": "types only",
    "livetiming.services.sweeping": "old logs go after days",
    "livetiming.services.wishes": "values only",
    "livetiming.services.world": "values only",
}
"""Modules that no world runs, and why."""


def test_the_modules_that_dvr_and_host_import_are_the_ones_that_worlds_run():
    imported, run = in_another_process(IMPORTED), in_another_process(RUN)
    ours = {name for name in imported if name.startswith(PARTS)}
    providers = {n for n in ours if n.split(".")[2] in ("demo", "rmonitor", "transports")}
    connection = {n for n in ours if n.startswith("livetiming.network.wamp")}
    packages = {n for n in ours if any(other.startswith(f"{n}.") for other in ours)}
    assert ours - providers - connection - packages - set(run) - set(ELSEWHERE) == set()
    assert {n for n in run if n.startswith("livetiming.components.dvr.")} <= set(imported)


def test_the_page_imports_the_follower_that_repeats_the_traces_of_worlds():
    source = ROOT / "web" / "src"
    pages = [p for p in source.rglob("*.ts*") if ".test." not in p.name and p.parent.name != "feed"]
    assert [p.name for p in pages if "feed/follow'" in p.read_text().replace('"', "'")]
    repeated = (source / "feed" / "follow.traces.test.ts").read_text()
    assert "./follow'" in repeated.replace('"', "'")
