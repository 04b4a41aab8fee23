"""What happens to viewers in worlds, repeated step by step by the browser's follower."""

import os

import pytest

from tests.events import node
from tests.network.test_follow_traces import BUILD, REPLAY
from tests.simulation.running import traces
from tests.simulation.scenarios import SCENARIOS

IN_ONE_FILE = 50


def replay(worlds):
    """Let the browser's follower repeat the traces of some worlds.

    Returns: how many there were.
    """
    folder = BUILD / f"simulation-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.jsonl"):
        path.unlink()
    found = [trace for world in worlds for trace in traces(*world)]
    paths = [folder / f"worlds-{first}.jsonl" for first in range(0, len(found), IN_ONE_FILE)]
    for number, path in enumerate(paths):
        lines = found[number * IN_ONE_FILE : (number + 1) * IN_ONE_FILE]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    statuses = node.vitest(REPLAY, vectors=folder)
    wrong = [path.name for path in paths if statuses.get(f"trace file {path.name}") != "passed"]
    assert wrong == []
    for path in paths:
        path.unlink()
    return len(found)


def test_the_browser_asks_for_the_same_things_as_the_viewers_of_whole_worlds():
    assert replay([(scenario, 1) for scenario in ("noise", "twins", "change", "clock")]) >= 16


@pytest.mark.reliability
@pytest.mark.timeout(3600)
def test_the_browser_repeats_two_thousand_traces_of_whole_worlds():
    repeated = seed = 0
    while repeated < 2_000:
        worlds = [(scenario, seed + more) for more in range(7) for scenario in SCENARIOS]
        repeated += replay(worlds)
        seed += 7
