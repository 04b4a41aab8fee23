"""Followers in small lossy worlds: they end right, and their TypeScript twin repeats each step."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.events import node
from tests.network.lossy_world import LIMITS, LossyWorld
from tests.network.made_log import SESSION
from tests.network.traces import RecordedFollower

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "tests" / "traces"
BUILD = ROOT / "build" / "traces"
REPLAY = "src/feed/follow.traces.test.ts"


def trace(seed: int) -> str:
    """What happened to the viewer of one world, after seeing that it ended right."""
    limits = LIMITS[seed % len(LIMITS)]
    world = LossyWorld(
        Random(seed),
        lambda random: RecordedFollower(f"world {seed}", SESSION, random, limits=limits),
    )
    world.run()
    truth, viewer = world.truth, world.viewer
    expected = (truth.writer, truth.next_seq - 1, truth.chains[-1])
    assert (viewer.writer, viewer.seq, viewer.chain) == expected, f"world {seed}"
    return viewer.trace()


def write(folder: Path, seeds: range, in_one_file: int) -> Iterator[str]:
    """Write traces; gives the name of the test that replays each file."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.jsonl"):
        path.unlink()
    for first in range(seeds.start, seeds.stop, in_one_file):
        path = folder / f"worlds-{first}.jsonl"
        lines = (trace(seed) for seed in range(first, min(first + in_one_file, seeds.stop)))
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        yield f"trace file {path.name}"


def replay(seeds: range, folder: Path) -> None:
    expected = list(write(folder, seeds, 100))
    statuses = node.vitest(REPLAY, vectors=folder)
    assert [name for name in expected if statuses.get(name) != "passed"] == []


def test_in_a_world_without_faults_a_viewer_asks_once():
    for seed in range(50):
        world = LossyWorld(
            Random(seed), lambda random: RecordedFollower("", SESSION, random), is_faultless=True
        )
        world.run()
        steps = json.loads(world.viewer.trace())["steps"]
        assert [step["out"]["ask"] for step in steps if step["out"]["ask"]] == [[1, None, 500]]
        assert world.viewer.seq == world.truth.next_seq - 1


def test_a_world_is_the_same_each_time():
    assert trace(7) == trace(7)


def test_the_committed_traces_are_what_python_makes_now():
    list(write(BUILD / "committed", range(4), 4))
    made = (BUILD / "committed" / "worlds-0.jsonl").read_bytes()
    there = (COMMITTED / "worlds-0.jsonl").read_bytes()
    assert made == there, "copy build/traces/committed to tests/traces, and look at what changed"
    assert len(there) < 200_000


def test_the_browser_asks_for_the_same_things_at_the_same_times():
    replay(range(60), BUILD / "quick")


@pytest.mark.reliability
@pytest.mark.timeout(600)
def test_two_thousand_traces_are_repeated_by_the_browser():
    replay(range(2_000), BUILD / "long")
