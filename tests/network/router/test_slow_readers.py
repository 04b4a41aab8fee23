"""Reliability row 18: who does not read is dropped, and nobody else waits for him."""

import json
import statistics
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.programs import wait_for
from tests.network.router.viewers import Publisher, Slow, healthy_viewers, quantile
from tests.network.running import RunningRouter, running_router

KINDS = ("stalled", "chatty", "trickle")
SIZE = 30_000
PER_S = 10
EVICTED_S = 20.0
"""Two pings are ten seconds apart, and a pong is waited for five."""


def memory(pid):
    """The bytes that a process has in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(row.split()[1]) for row in status.splitlines() if "VmRSS" in row) * 1024


def test_who_does_not_read_is_dropped_when_he_answers_no_ping(tmp_path):
    with (
        _pinging_each_second(tmp_path) as router,
        Publisher(router, SIZE, PER_S) as publisher,
        healthy_viewers(router.port, 3) as heard,
    ):
        slow = [Slow(router.port, kind) for kind in KINDS]
        publisher.publish_for(4, lambda: [each.turn() for each in slow])
        latencies, lost = heard()
    assert [each.evicted_after_s is not None for each in slow] == [True] * 3
    assert lost == 0
    assert len(latencies) >= 3 * 10


@contextmanager
def _pinging_each_second(folder):
    """A router with quicker pings, for those who wait for a test: its first Crossbar is killed
    before it can read its configuration, and the next one reads another.
    """
    router = RunningRouter(folder)
    try:
        wait_for(router.crossbar_pids, "Crossbar")
        path = router.state_dir / "router" / "config.json"
        configuration = json.loads(path.read_text())
        root = configuration["workers"][0]["transports"][0]["paths"]["/"]["paths"]
        root["ws"]["options"].update(auto_ping_interval=1000, auto_ping_timeout=1000)
        path.write_text(json.dumps(configuration))
        router.kill()
        yield router.listening()
    finally:
        router.end()


def p99_of_windows(publisher, heard, count, turn=lambda: None):
    """The median of the 99th percentiles of so many windows of two seconds: what else the machine
    does makes one window worse, what the router does all of them.
    """
    found = []
    heard()
    for _ in range(count):
        publisher.publish_for(2, turn)
        found.append(quantile(heard()[0], 0.99))
    return statistics.median(found)


@pytest.mark.reliability
def test_fifteen_bad_readers_among_two_hundred_cost_the_others_nothing(tmp_path):
    with (
        running_router(tmp_path) as router,
        Publisher(router, SIZE, PER_S) as publisher,
        healthy_viewers(router.port, 200) as heard,
    ):
        publisher.publish_for(5)
        alone = p99_of_windows(publisher, heard, 6)
        worker = router.crossbar_pids()[-1]
        before, peak = memory(worker), 0
        slow = [Slow(router.port, kind) for kind in KINDS for _ in range(5)]

        def turn():
            nonlocal peak
            peak = max(peak, memory(worker))
            for each in slow:
                each.turn()

        beside = p99_of_windows(publisher, heard, 7, turn)
        publisher.publish_for(EVICTED_S - 14, turn)
        lost = heard()[1]
        alone = max(alone, p99_of_windows(publisher, heard, 6))
    evicted = [each.evicted_after_s for each in slow]
    bound = 15 * SIZE * PER_S * len(slow) * 1.2
    print(  # noqa: T201
        f"row 18: evicted after {evicted}, memory +{(peak - before) / 1e6:.1f} MB of "
        f"{bound / 1e6:.1f}, p99 {alone * 1e3:.1f} ms alone, {beside * 1e3:.1f} ms beside"
    )
    assert None not in evicted
    assert max(evicted) <= EVICTED_S
    assert peak - before <= bound
    assert lost == 0
    assert beside <= max(2 * alone, 0.05)
